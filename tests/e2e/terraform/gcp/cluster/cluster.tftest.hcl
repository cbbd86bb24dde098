mock_provider "google" {}

variables {
  account             = "desk-prod"
  region              = "us-central1"
  name                = "desk-production-iowa"
  zones               = ["us-central1-a", "us-central1-b"]
  kubernetes_version  = "1.36"
  pods_range          = "pods"
  services_range      = "services"
  access_cidrs        = ["192.0.2.0/24"]
  public_endpoint     = true
  access_admins       = ["group:oncall@example.com"]
  encryption_at_rest  = true
  deletion_protection = true
  maintenance = {
    start      = "2026-01-02T22:00:00Z"
    end        = "2026-01-03T22:00:00Z"
    recurrence = "FREQ=WEEKLY;BYDAY=FR"
    exclusions = { session-2026-03-07-0500 = { start = "2026-03-07T05:00:00Z", end = "2026-03-07T17:00:00Z" } }
  }
  own_gateway  = true
  labels       = { project = "desk" }
  node_account = "desk-production-iowa"
  registry     = { account = "desk-prod", location = "us-central1", repository = "desk" }
  identities = {
    "engine@desk-prod.iam.gserviceaccount.com" = { own = true, accounts = ["desk-production/engine"] }
  }
  secret_reader = { account = "desk-prod", reader = "desk-production/secret-reader", prefix = "desk-production-" }
  zone_editor   = { account = "desk-prod", editor = "cert-manager/cert-manager", zone = "desk-example-com" }
  node_pools = {
    latency = {
      name         = "latency-1a2b3c4d"
      machine      = "c3-highcpu-88"
      min          = 3
      max          = 4
      zones        = ["us-central1-a"]
      pinned       = true
      compact      = true
      spot         = false
      threads      = null
      disk_type    = "pd-balanced"
      disks        = 0
      pods         = 110
      labels       = { "hftgen.io/pool" = "latency" }
      taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
      sysctls      = { "net.core.rmem_max" = "16777216" }
      hugepages_2m = 0
      hugepages_1g = 32
      unsafe       = ["net.core.somaxconn"]
      cpu_manager  = "static"
      topology     = { policy = "single-numa-node", scope = "pod" }
      memory       = "Static"
      transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
    }
    general = {
      name         = "general-5e6f7a8b"
      machine      = "n2-standard-16"
      min          = 2
      max          = 12
      zones        = ["us-central1-a", "us-central1-b"]
      pinned       = false
      compact      = false
      spot         = false
      threads      = 1
      disk_type    = "pd-ssd"
      disks        = 2
      pods         = 64
      labels       = { "hftgen.io/pool" = "general" }
      taints       = []
      sysctls      = {}
      hugepages_2m = 0
      hugepages_1g = 0
      unsafe       = []
      cpu_manager  = null
      topology     = null
      memory       = null
      transparent  = null
    }
  }
}

run "is_private_and_on_record" {
  command = plan

  assert {
    condition     = google_container_cluster.this.private_cluster_config[0].enable_private_nodes && !google_container_cluster.this.private_cluster_config[0].enable_private_endpoint
    error_message = "Nodes have no public address; the API server has one, for access_cidrs."
  }

  assert {
    condition     = [for each in google_container_cluster.this.master_authorized_networks_config[0].cidr_blocks : each.cidr_block] == ["192.0.2.0/24"]
    error_message = "Who reaches the API server is who the spec says."
  }

  assert {
    condition     = google_container_cluster.this.datapath_provider == "ADVANCED_DATAPATH" && google_container_cluster.this.database_encryption[0].state == "ENCRYPTED"
    error_message = "NetworkPolicies hold, and Secrets are encrypted."
  }

  assert {
    condition     = contains(google_container_cluster.this.logging_config[0].enable_components, "APISERVER")
    error_message = "The API server's log is kept."
  }

  assert {
    condition     = google_container_cluster.this.workload_identity_config[0].workload_pool == "desk-prod.svc.id.goog"
    error_message = "Pods have identities of their own."
  }
}

run "keeps_its_version_and_its_window" {
  command = plan

  assert {
    condition     = google_container_cluster.this.min_master_version == "1.36" && length(google_container_cluster.this.maintenance_policy[0].maintenance_exclusion) == 2
    error_message = "One exclusion holds the version, one a session."
  }

  assert {
    condition     = google_container_cluster.this.maintenance_policy[0].recurring_window[0].recurrence == "FREQ=WEEKLY;BYDAY=FR"
    error_message = "Maintenance comes when the freeze lets it."
  }
}

run "makes_a_pinned_pool" {
  command = plan

  assert {
    condition     = google_container_node_pool.this["latency"].name == "latency-1a2b3c4d" && google_container_node_pool.this["latency"].placement_policy[0].type == "COMPACT"
    error_message = "It is GKE's by a name with a hash, and its nodes are close."
  }

  assert {
    condition     = google_container_node_pool.this["latency"].upgrade_settings[0].strategy == "BLUE_GREEN" && google_container_node_pool.this["latency"].maintenance_policy[0].exclusion_until_end_of_support[0].enabled
    error_message = "Nobody upgrades it in place."
  }

  assert {
    condition = (
      google_container_node_pool.this["latency"].node_config[0].kubelet_config[0].cpu_manager_policy == "static" &&
      google_container_node_pool.this["latency"].node_config[0].kubelet_config[0].topology_manager[0].policy == "single-numa-node" &&
      google_container_node_pool.this["latency"].node_config[0].kubelet_config[0].memory_manager[0].policy == "Static"
    )
    error_message = "CPUs and memory are exclusive, of one NUMA node."
  }

  assert {
    condition     = google_container_node_pool.this["latency"].node_config[0].linux_node_config[0].hugepages_config[0].hugepage_size_1g == 32
    error_message = "Huge pages are set apart."
  }

  assert {
    condition     = google_container_node_pool.this["latency"].node_config[0].taint[0].effect == "NO_SCHEDULE"
    error_message = "Nobody else runs there."
  }
}

run "makes_a_general_pool" {
  command = plan

  assert {
    condition = (
      google_container_node_pool.this["general"].upgrade_settings[0].strategy == "SURGE" &&
      length(google_container_node_pool.this["general"].maintenance_policy) == 0 &&
      length(google_container_node_pool.this["general"].placement_policy) == 0
    )
    error_message = "It is upgraded in windows, a node at a time."
  }

  assert {
    condition = (
      google_container_node_pool.this["general"].node_config[0].advanced_machine_features[0].threads_per_core == 1 &&
      google_container_node_pool.this["general"].node_config[0].ephemeral_storage_local_ssd_config[0].local_ssd_count == 2
    )
    error_message = "Threads and local disks are as the spec says."
  }

  assert {
    condition     = google_container_node_pool.this["general"].autoscaling[0].total_max_node_count == 12 && google_container_node_pool.this["general"].initial_node_count == 1
    error_message = "Numbers count the nodes of all zones."
  }
}

run "knows_whom_the_manifests_name" {
  command = plan

  assert {
    condition     = google_service_account_iam_member.identities["engine@desk-prod.iam.gserviceaccount.com desk-production/engine"].member == "serviceAccount:desk-prod.svc.id.goog[desk-production/engine]"
    error_message = "The service's account is the one that its annotation names."
  }

  assert {
    condition     = strcontains(google_project_iam_member.secrets[0].condition[0].expression, "desk-production-")
    error_message = "Secrets of other environments stay theirs."
  }
}

run "needs_little" {
  command = plan

  variables {
    zones              = []
    access_cidrs       = []
    public_endpoint    = false
    access_admins      = []
    encryption_at_rest = false
    own_gateway        = false
    registry           = null
    identities         = {}
    secret_reader      = null
    zone_editor        = null
    node_pools         = {}
    pods_range         = null
    services_range     = null
  }

  assert {
    condition     = google_container_cluster.this.private_cluster_config[0].enable_private_endpoint && length(google_kms_crypto_key.this) == 0
    error_message = "Nobody outside reaches it, and there is no key."
  }
}

run "zone_of_another_region" {
  command = plan

  variables {
    zones = ["us-east1-b"]
  }

  expect_failures = [var.zones]
}

run "kubernetes_version_with_patch" {
  command = plan

  variables {
    kubernetes_version = "1.36.2"
  }

  expect_failures = [var.kubernetes_version]
}

run "access_from_everywhere" {
  command = plan

  variables {
    access_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.access_cidrs]
}

run "access_that_is_no_range" {
  command = plan

  variables {
    access_cidrs = ["office"]
  }

  expect_failures = [var.access_cidrs]
}

run "public_endpoint_for_nobody" {
  command = plan

  variables {
    access_cidrs = []
  }

  expect_failures = [var.public_endpoint]
}

run "admin_that_iam_does_not_know" {
  command = plan

  variables {
    access_admins = ["platform-oncall"]
  }

  expect_failures = [var.access_admins]
}

run "maintenance_by_the_month" {
  command = plan

  variables {
    maintenance = { start = "2026-01-02T22:00:00Z", end = "2026-01-03T22:00:00Z", recurrence = "FREQ=MONTHLY", exclusions = {} }
  }

  expect_failures = [var.maintenance]
}

run "maintenance_too_short" {
  command = plan

  variables {
    maintenance = { start = "2026-01-02T22:00:00Z", end = "2026-01-03T01:00:00Z", recurrence = "FREQ=WEEKLY;BYDAY=FR", exclusions = {} }
  }

  expect_failures = [var.maintenance]
}

run "exclusion_of_two_months" {
  command = plan

  variables {
    maintenance = { start = "2026-01-02T22:00:00Z", end = "2026-01-03T22:00:00Z", recurrence = "FREQ=WEEKLY;BYDAY=FR", exclusions = { long = { start = "2026-01-01T00:00:00Z", end = "2026-03-01T00:00:00Z" } } }
  }

  expect_failures = [var.maintenance]
}

run "exclusions_four" {
  command = plan

  variables {
    maintenance = { start = "2026-01-02T22:00:00Z", end = "2026-01-03T22:00:00Z", recurrence = "FREQ=WEEKLY;BYDAY=FR", exclusions = { for day in range(10, 14) : "day-${day}" => { start = "2026-01-${day}T00:00:00Z", end = "2026-01-${day}T01:00:00Z" } } }
  }

  expect_failures = [var.maintenance]
}

run "node_account_too_long" {
  command = plan

  variables {
    node_account = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
  }

  expect_failures = [var.node_account]
}

run "identity_that_is_no_account" {
  command = plan

  variables {
    identities = { engine = { own = true, accounts = [] } }
  }

  expect_failures = [var.identities]
}

run "pool_name_too_long" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "ppppppppppppppppppppppppppppppppppppppppp"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "pool_with_min_above_max" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 5
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "pool_in_a_zone_of_another_region" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-east1-b"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "compact_pool_in_two_zones" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a", "us-central1-b"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "compact_pool_of_e2" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "e2-standard-8"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "pool_with_too_many_pods" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 257
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "taint_in_words_of_kubernetes" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "a", value = "b", effect = "NoSchedule" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "cpu_manager_unknown" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "dynamic"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "topology_unknown" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "memory_manager_in_lower_case" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "transparent_huge_pages_in_words_of_linux" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "never"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "threads_three" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = 3
        disk_type    = "pd-balanced"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}

run "disk_type_of_another_cloud" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name         = "latency-1a2b3c4d"
        machine      = "c3-highcpu-88"
        min          = 3
        max          = 4
        zones        = ["us-central1-a"]
        pinned       = true
        compact      = true
        spot         = false
        threads      = null
        disk_type    = "gp3"
        disks        = 0
        pods         = 110
        labels       = { "hftgen.io/pool" = "latency" }
        taints       = [{ key = "hftgen.io/pool", value = "latency", effect = "NO_SCHEDULE" }]
        sysctls      = { "net.core.rmem_max" = "16777216" }
        hugepages_2m = 0
        hugepages_1g = 32
        unsafe       = ["net.core.somaxconn"]
        cpu_manager  = "static"
        topology     = { policy = "single-numa-node", scope = "pod" }
        memory       = "Static"
        transparent  = "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"
      }
    }
  }

  expect_failures = [var.node_pools]
}
