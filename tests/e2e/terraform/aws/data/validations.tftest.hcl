# What AWS would refuse is refused before anything is planned: a mistake for each validation.

mock_provider "aws" {}

variables {
  name                 = "shop-production-one"
  account              = "111122223333"
  partition            = "aws"
  region               = "us-east-1"
  permissions_boundary = "arn:aws:iam::111122223333:policy/shop-production-boundary"
  zones                = ["us-east-1a", "us-east-1b"]
  caller_cidrs         = ["10.20.0.0/16", "100.64.0.0/16"]
  encryption_at_rest   = true
  deletion_protection  = true
  maintenance_window   = "sat:06:00-sat:07:00"
  backup_window        = "04:00-05:00"
  username             = "app"
  edition              = 1
  secrets              = { orders = "shop/production/orders/credentials" }
  secret_regions       = ["us-west-2"]
  zone                 = "example.com"
  record_ttl           = 30

  databases = {
    orders = {
      identifier  = "shop-production-one-orders"
      version     = "16"
      machine     = "db.m7g.large"
      storage_gib = 100
      multi_zone  = true
      port        = 5432
      backup_days = 14
      source_arn  = null
      record      = "orders.one.production.example.com"
    }
    ledger = {
      identifier  = "shop-production-one-ledger"
      version     = "16"
      machine     = "db.m7g.large"
      storage_gib = 100
      multi_zone  = false
      port        = 5432
      backup_days = 14
      source_arn  = "arn:aws:rds:us-west-2:111122223333:db:shop-production-two-ledger"
      record      = null
    }
  }

  caches = {
    quotes = {
      identifier    = "shop-production-one-quotes"
      version       = "7.1"
      machine       = "cache.m7g.large"
      replicas      = 1
      port          = 6379
      snapshot_days = 0
      record        = "quotes.one.production.example.com"
    }
  }

  backups = {
    bucket    = "shop-production-one-backups-00000000"
    lock_days = 30
    offsite   = { bucket = "shop-production-one-backups-offsite-00000000", region = "us-west-2" }
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

run "zones" {
  command = plan

  variables {
    zones = ["us-east-1a"]
  }

  expect_failures = [var.zones]
}

run "caller_cidrs_1" {
  command = plan

  variables {
    caller_cidrs = []
  }

  expect_failures = [var.caller_cidrs]
}

run "caller_cidrs_2" {
  command = plan

  variables {
    caller_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.caller_cidrs]
}

run "maintenance_window" {
  command = plan

  variables {
    maintenance_window = "saturday"
  }

  expect_failures = [var.maintenance_window]
}

run "backup_window" {
  command = plan

  variables {
    backup_window = "4-5"
  }

  expect_failures = [var.backup_window]
}

run "username" {
  command = plan

  variables {
    username = "App"
  }

  expect_failures = [var.username]
}

run "edition" {
  command = plan

  variables {
    edition = 0
  }

  expect_failures = [var.edition]
}

run "secrets" {
  command = plan

  variables {
    secrets = { orders = "a b" }
  }

  expect_failures = [var.secrets]
}

run "secret_regions" {
  command = plan

  variables {
    secret_regions = ["us-east-1"]
  }

  expect_failures = [var.secret_regions]
}

run "databases_1" {
  command = plan

  variables {
    databases = { orders = { identifier = "one--orders", version = "16", machine = "db.m7g.large", storage_gib = 100, multi_zone = true, port = 5432, backup_days = 14, source_arn = null, record = null } }
  }

  expect_failures = [var.databases]
}

run "databases_2" {
  command = plan

  variables {
    databases = { orders = { identifier = "one-orders", version = "12", machine = "db.m7g.large", storage_gib = 100, multi_zone = true, port = 5432, backup_days = 14, source_arn = null, record = null } }
  }

  expect_failures = [var.databases]
}

run "databases_3" {
  command = plan

  variables {
    databases = { orders = { identifier = "one-orders", version = "16", machine = "m7g.large", storage_gib = 100, multi_zone = true, port = 5432, backup_days = 14, source_arn = null, record = null } }
  }

  expect_failures = [var.databases]
}

run "databases_4" {
  command = plan

  variables {
    databases = { orders = { identifier = "one-orders", version = "16", machine = "db.m7g.large", storage_gib = 10, multi_zone = true, port = 5432, backup_days = 14, source_arn = null, record = null } }
  }

  expect_failures = [var.databases]
}

run "databases_5" {
  command = plan

  variables {
    databases = { orders = { identifier = "one-orders", version = "16", machine = "db.m7g.large", storage_gib = 100, multi_zone = true, port = 80, backup_days = 14, source_arn = null, record = null } }
  }

  expect_failures = [var.databases]
}

run "databases_6" {
  command = plan

  variables {
    databases = { orders = { identifier = "one-orders", version = "16", machine = "db.m7g.large", storage_gib = 100, multi_zone = true, port = 5432, backup_days = 36, source_arn = null, record = null } }
  }

  expect_failures = [var.databases]
}

run "caches_1" {
  command = plan

  variables {
    caches = { quotes = { identifier = "one-quotes-", version = "7.1", machine = "cache.m7g.large", replicas = 1, port = 6379, snapshot_days = 0, record = null } }
  }

  expect_failures = [var.caches]
}

run "caches_2" {
  command = plan

  variables {
    caches = { quotes = { identifier = "one-quotes", version = "8", machine = "cache.m7g.large", replicas = 1, port = 6379, snapshot_days = 0, record = null } }
  }

  expect_failures = [var.caches]
}

run "caches_3" {
  command = plan

  variables {
    caches = { quotes = { identifier = "one-quotes", version = "7.1", machine = "m7g.large", replicas = 1, port = 6379, snapshot_days = 0, record = null } }
  }

  expect_failures = [var.caches]
}

run "caches_4" {
  command = plan

  variables {
    caches = { quotes = { identifier = "one-quotes", version = "7.1", machine = "cache.m7g.large", replicas = 6, port = 6379, snapshot_days = 0, record = null } }
  }

  expect_failures = [var.caches]
}

run "caches_5" {
  command = plan

  variables {
    caches = { quotes = { identifier = "one-quotes", version = "7.1", machine = "cache.m7g.large", replicas = 1, port = 6379, snapshot_days = 36, record = null } }
  }

  expect_failures = [var.caches]
}

run "zone" {
  command = plan

  variables {
    zone = "example"
  }

  expect_failures = [var.zone]
}

run "record_ttl" {
  command = plan

  variables {
    record_ttl = -1
  }

  expect_failures = [var.record_ttl]
}

run "backups_1" {
  command = plan

  variables {
    backups = { bucket = "A", lock_days = 1, offsite = null }
  }

  expect_failures = [var.backups]
}

run "backups_2" {
  command = plan

  variables {
    backups = { bucket = "abc", lock_days = 0, offsite = null }
  }

  expect_failures = [var.backups]
}

run "backups_3" {
  command = plan

  variables {
    backups = { bucket = "abc", lock_days = 1, offsite = { bucket = "abd", region = "us-east-1" } }
  }

  expect_failures = [var.backups]
}
