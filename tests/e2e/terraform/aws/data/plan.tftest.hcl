# Databases and backups: encrypted, hard to lose, no password in any plan; a copy follows its source.

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

run "plan" {
  command = plan

  assert {
    condition     = aws_db_instance.this["orders"].multi_az && aws_db_instance.this["orders"].storage_encrypted && aws_db_instance.this["orders"].deletion_protection && !aws_db_instance.this["orders"].publicly_accessible
    error_message = "A highly available database stands in two zones, encrypted, private."
  }

  assert {
    condition     = aws_db_instance.this["orders"].password == null && aws_db_instance.this["orders"].password_wo_version == 1
    error_message = "Its password is written and not kept."
  }

  assert {
    condition     = aws_db_instance.this["ledger"].replicate_source_db == "arn:aws:rds:us-west-2:111122223333:db:shop-production-two-ledger" && aws_db_instance.this["ledger"].password_wo_version == null
    error_message = "A copy has user and password of its source."
  }

  assert {
    condition     = !aws_db_instance.this["orders"].auto_minor_version_upgrade && !aws_db_instance.this["orders"].apply_immediately && aws_db_instance.this["orders"].maintenance_window == "sat:06:00-sat:07:00"
    error_message = "Nothing changes but in the window."
  }

  assert {
    condition     = aws_elasticache_replication_group.this["quotes"].transit_encryption_enabled && aws_elasticache_replication_group.this["quotes"].num_cache_clusters == 2 && aws_elasticache_replication_group.this["quotes"].auth_token == null
    error_message = "Redis speaks TLS, has a second node, and no password in the plan."
  }

  assert {
    condition     = aws_secretsmanager_secret.this["orders"].name == "shop/production/orders/credentials" && aws_secretsmanager_secret_version.this["orders"].secret_string == null
    error_message = "The services find the password where they look for it."
  }

  assert {
    condition     = toset(keys(aws_route53_record.store)) == toset(["orders.one.production.example.com", "quotes.one.production.example.com"])
    error_message = "The names that the manifests know lead there."
  }

  assert {
    condition     = aws_s3_bucket.this["backups"].object_lock_enabled && aws_s3_bucket_object_lock_configuration.this["offsite"].rule[0].default_retention[0].days == 30
    error_message = "Backups cannot be deleted while they are kept."
  }

  assert {
    condition     = aws_s3_bucket.this["offsite"].region == "us-west-2" && one(aws_s3_bucket_replication_configuration.offsite[0].rule).delete_marker_replication[0].status == "Disabled"
    error_message = "A copy lies in another region, and outlives a deletion."
  }

  assert {
    condition     = alltrue([for block in aws_s3_bucket_public_access_block.this : block.restrict_public_buckets && block.block_public_policy])
    error_message = "No backup is public."
  }

  assert {
    condition     = alltrue([for key in aws_kms_key.this : key.enable_key_rotation]) && toset(keys(aws_kms_key.this)) == toset(["backups", "databases", "offsite"])
    error_message = "A key that turns for each kind of data."
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.store : rule.cidr_ipv4]) == toset(["10.20.0.0/16", "100.64.0.0/16"])
    error_message = "Machines and pods ask, nobody else."
  }

  assert {
    condition     = toset(keys(aws_db_instance_automated_backups_replication.this)) == toset(["orders"])
    error_message = "RDS' own backups go off site, too."
  }
}

run "nothing" {
  command = plan

  variables {
    databases      = {}
    caches         = {}
    secrets        = {}
    secret_regions = []
    zone           = null
    backups        = null
  }

  assert {
    condition     = length(aws_db_instance.this) + length(aws_elasticache_replication_group.this) + length(aws_s3_bucket.this) + length(aws_kms_key.this) + length(aws_security_group.store) == 0
    error_message = "What is not asked for is not made."
  }
}
