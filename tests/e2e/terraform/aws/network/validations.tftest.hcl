# What AWS would refuse is refused before anything is planned: a mistake for each validation.

mock_provider "aws" {}

variables {
  name                 = "shop-production-one"
  account              = "111122223333"
  partition            = "aws"
  region               = "us-east-1"
  permissions_boundary = "arn:aws:iam::111122223333:policy/shop-production-boundary"
  vpc_cidr             = "10.20.0.0/16"
  pods_cidr            = "100.64.0.0/16"
  nat_zones            = ["us-east-1a", "us-east-1b"]
  endpoints            = ["ecr.api", "sts"]
  venues               = { nyse = "198.51.100.0/28", cme = "203.0.113.0/28" }
  asn                  = 64512
  flow_log_days        = 365
  encryption_at_rest   = true

  zones = {
    us-east-1a = { machines = "10.20.0.0/19", pods = "100.64.0.0/19", databases = "10.20.192.0/22", public = "10.20.224.0/22" }
    us-east-1b = { machines = "10.20.32.0/19", pods = "100.64.32.0/19", databases = "10.20.196.0/22", public = "10.20.228.0/22" }
  }

  connections = {
    dxcon-fexample1 = { kind = "directConnect", asn = 65000, vlan = 100 }
    dxcon-fexample2 = { kind = "directConnect", asn = 65000, vlan = null }
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

run "vpc_cidr_1" {
  command = plan

  variables {
    vpc_cidr = "10.0.0.0/12"
  }

  expect_failures = [var.vpc_cidr]
}

run "vpc_cidr_2" {
  command = plan

  variables {
    vpc_cidr = "2001:db8::/56"
  }

  expect_failures = [var.vpc_cidr]
}

run "pods_cidr" {
  command = plan

  variables {
    pods_cidr = "100.64.0.0/10"
  }

  expect_failures = [var.pods_cidr]
}

run "zones_1" {
  command = plan

  variables {
    zones = { us-east-1a = { machines = "10.20.0.0/19", pods = null, databases = "10.20.192.0/22", public = "10.20.224.0/22" } }
  }

  expect_failures = [var.zones]
}

run "zones_2" {
  command = plan

  variables {
    zones = { us-east-1a = { machines = "10.20.0.0/19", pods = null, databases = "10.20.192.0/22", public = "10.20.224.0/22" }, us-east-1-bos-1a = { machines = "10.20.32.0/19", pods = null, databases = "10.20.196.0/22", public = "10.20.228.0/22" } }
  }

  expect_failures = [var.zones]
}

run "zones_3" {
  command = plan

  variables {
    zones = { us-east-1a = { machines = "10.20.0.0/19", pods = null, databases = "10.20.192.0/22", public = "10.20.224.0/22" }, us-east-1b = { machines = "10.20.32.0/29", pods = null, databases = "10.20.196.0/22", public = "10.20.228.0/22" } }
  }

  expect_failures = [var.zones]
}

run "nat_zones" {
  command = plan

  variables {
    nat_zones = []
  }

  expect_failures = [var.nat_zones]
}

run "endpoints" {
  command = plan

  variables {
    endpoints = ["S3 "]
  }

  expect_failures = [var.endpoints]
}

run "venues" {
  command = plan

  variables {
    venues = { nyse = "2001:db8::/64" }
  }

  expect_failures = [var.venues]
}

run "connections_1" {
  command = plan

  variables {
    connections = { ic-1 = { kind = "interconnect", asn = 1, vlan = null } }
  }

  expect_failures = [var.connections]
}

run "connections_2" {
  command = plan

  variables {
    connections = { vpn-1 = { kind = "directConnect", asn = 1, vlan = null } }
  }

  expect_failures = [var.connections]
}

run "connections_3" {
  command = plan

  variables {
    connections = { dxcon-1 = { kind = "directConnect", asn = 1, vlan = 5000 } }
  }

  expect_failures = [var.connections]
}

run "asn" {
  command = plan

  variables {
    asn = 65535
  }

  expect_failures = [var.asn]
}

run "flow_log_days" {
  command = plan

  variables {
    flow_log_days = 31
  }

  expect_failures = [var.flow_log_days]
}
