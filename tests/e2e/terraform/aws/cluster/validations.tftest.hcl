# What AWS would refuse is refused before anything is planned: a mistake for each validation.

mock_provider "aws" {}

variables {
  name                 = "shop-production-one"
  account              = "111122223333"
  partition            = "aws"
  region               = "us-east-1"
  permissions_boundary = "arn:aws:iam::111122223333:policy/shop-production-boundary"
  kubernetes_version   = "1.36"
  zones                = ["us-east-1a", "us-east-1b"]
  services_cidr        = "172.20.0.0/20"
  pods_apart           = true
  public_access_cidrs  = ["192.0.2.0/24"]
  private_access_cidrs = ["10.99.0.0/16"]
  admins               = { platform-oncall = "arn:aws:iam::111122223333:role/platform-oncall" }
  encryption_at_rest   = true
  deletion_protection  = true
  extended_support     = true
  log_days             = 365
  metrics_server       = true
  addon_versions       = { vpc-cni = "v1.20.1-eksbuild.1" }
  zone                 = "shop.example.com"
  siblings             = { shop-production-two = "us-west-2" }
  issuers              = ["container.googleapis.com/v1/projects/shop/locations/us-central1/clusters/mid"]

  roles = {
    shop-production-dns = {
      path     = "/"
      subjects = ["cert-manager:shop-production-dns"]
      statements = [
        { actions = ["route53:ChangeResourceRecordSets"], resources = ["arn:aws:route53:::hostedzone/{zone}"] },
      ]
    }
    reports = { path = "/teams/", subjects = ["shop-production:reports"], statements = [] }
  }

  node_pools = {
    general = {
      name         = "general-21a422ff"
      machine      = "m7i.4xlarge"
      architecture = "amd64"
      min          = 1
      max          = 4
      zones        = ["us-east-1a", "us-east-1b"]
      pinned       = false
      spot         = false
      placement    = false
      reserve      = false
      cores        = null
      nvme         = false
      disk_gib     = 100
      image        = null
      sysctls      = { "net.core.somaxconn" = "4096" }
      labels       = { "hftgen.io/pool" = "general" }
      taints       = []
      kubelet      = { maxPods = 234 }
    }
    latency = {
      name         = "latency-8d3251af"
      machine      = "c7i.metal-24xl"
      architecture = "amd64"
      min          = 3
      max          = 4
      zones        = ["us-east-1a"]
      pinned       = true
      spot         = false
      placement    = true
      reserve      = true
      cores        = null
      nvme         = false
      disk_gib     = 100
      image        = "shop-production-one-latency-33f0a6ad"
      sysctls      = {}
      labels       = { "hftgen.io/pool" = "latency" }
      taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NoSchedule" }]
      kubelet = {
        cpuManagerPolicy        = "static"
        cpuManagerPolicyOptions = { full-pcpus-only = "true" }
        kubeReservedCgroup      = ""
        maxPods                 = 737
        memoryManagerPolicy     = "Static"
        reservedMemory          = [{ numaNode = 0, limits = { memory = "8462Mi" } }]
        reservedSystemCPUs      = "0-1,48-49"
        topologyManagerPolicy   = "single-numa-node"
        topologyManagerScope    = "pod"
      }
    }
    quiet = {
      name         = "quiet-00000000"
      machine      = "c6id.8xlarge"
      architecture = "amd64"
      min          = 1
      max          = 4
      zones        = ["us-east-1a", "us-east-1b"]
      pinned       = false
      spot         = true
      placement    = false
      reserve      = false
      cores        = 16
      nvme         = true
      disk_gib     = 100
      image        = null
      sysctls      = {}
      labels       = { "hftgen.io/pool" = "quiet" }
      taints       = []
      kubelet      = { maxPods = 234 }
    }
  }
}

run "name_1" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}

run "name_2" {
  command = plan

  variables {
    name = "shop-production-of-a-firm-with-a-long-name"
  }

  expect_failures = [var.name]
}

run "account" {
  command = plan

  variables {
    account = "1111"
  }

  expect_failures = [var.account]
}

run "partition" {
  command = plan

  variables {
    partition = "azure"
  }

  expect_failures = [var.partition]
}

run "region" {
  command = plan

  variables {
    region = "us-east"
  }

  expect_failures = [var.region]
}

run "permissions_boundary" {
  command = plan

  variables {
    permissions_boundary = "boundary"
  }

  expect_failures = [var.permissions_boundary]
}

run "kubernetes_version" {
  command = plan

  variables {
    kubernetes_version = "1.36.1"
  }

  expect_failures = [var.kubernetes_version]
}

run "zones_1" {
  command = plan

  variables {
    zones = ["us-east-1a"]
  }

  expect_failures = [var.zones]
}

run "zones_2" {
  command = plan

  variables {
    zones = ["us-east-1a", "us-east-1a"]
  }

  expect_failures = [var.zones]
}

run "services_cidr" {
  command = plan

  variables {
    services_cidr = "172.20.0.0/26"
  }

  expect_failures = [var.services_cidr]
}

run "public_access_cidrs" {
  command = plan

  variables {
    public_access_cidrs = ["2001:db8::/64"]
  }

  expect_failures = [var.public_access_cidrs]
}

run "private_access_cidrs" {
  command = plan

  variables {
    private_access_cidrs = ["10.0.0.1"]
  }

  expect_failures = [var.private_access_cidrs]
}

run "admins" {
  command = plan

  variables {
    admins = { oncall = "oncall" }
  }

  expect_failures = [var.admins]
}

run "log_days" {
  command = plan

  variables {
    log_days = 31
  }

  expect_failures = [var.log_days]
}

run "addon_versions" {
  command = plan

  variables {
    addon_versions = { coredns = "1.11" }
  }

  expect_failures = [var.addon_versions]
}

run "roles_1" {
  command = plan

  variables {
    roles = { "a b" = { path = "/", subjects = ["a:b"], statements = [] } }
  }

  expect_failures = [var.roles]
}

run "roles_2" {
  command = plan

  variables {
    roles = { a = { path = "/", subjects = ["*"], statements = [] } }
  }

  expect_failures = [var.roles]
}

run "zone" {
  command = plan

  variables {
    zone = "example"
  }

  expect_failures = [var.zone]
}

run "issuers" {
  command = plan

  variables {
    issuers = ["https://example.com/a"]
  }

  expect_failures = [var.issuers]
}

run "node_pools_1" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "General"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_2" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_3" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 5
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_4" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = []
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_5" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = true
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_6" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = true
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_7" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "c7i.metal-24xl"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = 48
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_8" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 8
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_9" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = [{ key = "a", value = "b", effect = "Never" }]
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_10" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { cpuManagerPolicy = "Static" }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_11" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { topologyManagerPolicy = "numa" }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_12" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "amd64"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { memoryManagerPolicy = "static" }
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "node_pools_13" {
  command = plan

  variables {
    node_pools = {
      general = {
        name         = "general-21a422ff"
        machine      = "m7i.4xlarge"
        architecture = "x86"
        min          = 1
        max          = 4
        zones        = ["us-east-1a", "us-east-1b"]
        pinned       = false
        spot         = false
        placement    = false
        reserve      = false
        cores        = null
        nvme         = false
        disk_gib     = 100
        image        = null
        sysctls      = {}
        labels       = { "hftgen.io/pool" = "general" }
        taints       = []
        kubelet      = { maxPods = 234 }
      }
    }
  }

  expect_failures = [var.node_pools]
}
