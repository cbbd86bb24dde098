mock_provider "google" {}

variables {
  account             = "desk-prod"
  region              = "us-central1"
  name                = "desk-production-iowa"
  encryption_at_rest  = true
  deletion_protection = true
  maintenance         = { day = 0, hour = 5 }
  databases = {
    ledger = {
      instance          = "desk-production-iowa-ledger"
      version           = "POSTGRES_16"
      edition           = "ENTERPRISE"
      tier              = "db-custom-4-16384"
      storage           = 100
      high_availability = true
      source            = null
      host              = "ledger.iowa.production.desk.example.com"
      backups           = { hour = 2, copies = 30 }
    }
  }
  caches = {
    cache = { instance = "desk-production-iowa-cache", version = "REDIS_7_2", memory = 4, high_availability = true, persistent = true, tls = false, host = null }
  }
  backups = { bucket = "desk-production-iowa-backups-1a2b3c", location = "us-central1", days = 30, locked = true, writers = ["velero/velero-server"] }
}

run "keeps_a_database" {
  command = plan

  assert {
    condition = (
      !google_sql_database_instance.this["ledger"].settings[0].ip_configuration[0].ipv4_enabled &&
      google_sql_database_instance.this["ledger"].settings[0].availability_type == "REGIONAL" &&
      google_sql_database_instance.this["ledger"].settings[0].backup_configuration[0].point_in_time_recovery_enabled
    )
    error_message = "It has no public address, survives a zone, and goes back to any minute."
  }

  assert {
    condition     = google_sql_database_instance.this["ledger"].settings[0].maintenance_window[0].day == 7
    error_message = "Sunday is Cloud SQL's seventh day."
  }

  assert {
    condition     = google_dns_record_set.this["ledger"].name == "ledger.iowa.production.desk.example.com." && google_dns_managed_zone.this["ledger"].visibility == "private"
    error_message = "Pods find it under the name that the manifests have."
  }

  assert {
    condition     = length(google_dns_record_set.this) == 1
    error_message = "A name that somebody else makes is left to them."
  }

}

run "keeps_a_cache" {
  command = plan

  assert {
    condition = (
      google_redis_instance.this["cache"].tier == "STANDARD_HA" &&
      google_redis_instance.this["cache"].auth_enabled &&
      google_redis_instance.this["cache"].persistence_config[0].persistence_mode == "RDB" &&
      google_redis_instance.this["cache"].maintenance_policy[0].weekly_maintenance_window[0].day == "SUNDAY"
    )
    error_message = "It survives a zone, asks for a password, outlives a restart, and is changed when the freeze lets it."
  }
}

run "follows_a_database" {
  command = plan

  variables {
    databases = {
      ledger = {
        instance          = "desk-production-iowa-ledger"
        version           = "POSTGRES_16"
        edition           = "ENTERPRISE"
        tier              = "db-custom-4-16384"
        storage           = 100
        high_availability = true
        source            = "desk-production-virginia-ledger"
        host              = "ledger.iowa.production.desk.example.com"
        backups           = { hour = 2, copies = 30 }
      }
    }
  }

  assert {
    condition     = google_sql_database_instance.this["ledger"].master_instance_name == "desk-production-virginia-ledger" && length(google_sql_database_instance.this["ledger"].settings[0].backup_configuration) == 0 && length(google_sql_database.app) == 0
    error_message = "A replica has what its source has."
  }

  assert {
    condition     = length(google_sql_database_instance.this["ledger"].settings[0].maintenance_window) == 0
    error_message = "Cloud SQL takes no window of a replica: it is served with its source."
  }
}

run "keeps_backups_for_good" {
  command = plan

  assert {
    condition     = google_storage_bucket.backups[0].retention_policy[0].is_locked && google_storage_bucket.backups[0].retention_policy[0].retention_period == "2592000"
    error_message = "Nobody deletes a backup within 30 days."
  }

  assert {
    condition     = length(google_storage_bucket.backups[0].encryption) == 1 && google_storage_bucket.backups[0].public_access_prevention == "enforced"
    error_message = "Backups are encrypted by our key, and for nobody outside."
  }

  assert {
    condition     = alltrue([for key in google_kms_crypto_key.this : key.rotation_period == "7776000s"]) && length(google_kms_crypto_key.this) == 3
    error_message = "Each kind of data has a key, which is rotated."
  }
}

run "keeps_copies_in_two_regions" {
  command = plan

  variables {
    backups = { bucket = "desk-production-iowa-backups-1a2b3c", location = "US", days = 30, locked = true, writers = ["velero/velero-server"] }
  }

  assert {
    condition     = google_kms_key_ring.this["backups"].location == "us"
    error_message = "The key lies where the bucket does."
  }
}

run "keys_of_a_continent" {
  command = plan

  variables {
    backups = { bucket = "desk-production-iowa-backups-1a2b3c", location = "EU", days = 30, locked = true, writers = [] }
  }

  assert {
    condition     = google_kms_key_ring.this["backups"].location == "europe" && google_storage_bucket.backups[0].location == "EU"
    error_message = "Cloud KMS has another name for it."
  }
}

run "logs_of_few_copies" {
  command = plan

  variables {
    databases = {
      ledger = {
        instance          = "desk-production-iowa-ledger"
        version           = "POSTGRES_16"
        edition           = "ENTERPRISE_PLUS"
        tier              = "db-c4a-highmem-4"
        storage           = 100
        high_availability = true
        source            = null
        host              = null
        backups           = { hour = 2, copies = 3 }
      }
    }
  }

  assert {
    condition     = google_sql_database_instance.this["ledger"].settings[0].backup_configuration[0].transaction_log_retention_days == 3
    error_message = "Logs are not kept for longer than copies."
  }

  assert {
    condition     = google_sql_database_instance.this["ledger"].settings[0].disk_type == "HYPERDISK_BALANCED"
    error_message = "Arm machines take no Persistent Disks."
  }
}

run "makes_nothing_unasked" {
  command = plan

  variables {
    databases          = {}
    caches             = {}
    backups            = null
    encryption_at_rest = false
  }

  assert {
    condition     = length(google_sql_database_instance.this) + length(google_redis_instance.this) + length(google_storage_bucket.backups) + length(google_kms_crypto_key.this) == 0
    error_message = "Nobody asked."
  }
}

run "maintenance_on_an_eighth_day" {
  command = plan

  variables {
    maintenance = { day = 7, hour = 5 }
  }

  expect_failures = [var.maintenance]
}

run "instance_with_dots" {
  command = plan

  variables {
    databases = {
      ledger = {
        instance          = "desk.ledger"
        version           = "POSTGRES_16"
        edition           = "ENTERPRISE"
        tier              = "db-custom-4-16384"
        storage           = 100
        high_availability = true
        source            = null
        host              = "ledger.iowa.production.desk.example.com"
        backups           = { hour = 2, copies = 30 }
      }
    }
  }

  expect_failures = [var.databases]
}

run "version_of_another_engine" {
  command = plan

  variables {
    databases = {
      ledger = {
        instance          = "desk-production-iowa-ledger"
        version           = "MYSQL_8_0"
        edition           = "ENTERPRISE"
        tier              = "db-custom-4-16384"
        storage           = 100
        high_availability = true
        source            = null
        host              = "ledger.iowa.production.desk.example.com"
        backups           = { hour = 2, copies = 30 }
      }
    }
  }

  expect_failures = [var.databases]
}

run "edition_against_tier" {
  command = plan

  variables {
    databases = {
      ledger = {
        instance          = "desk-production-iowa-ledger"
        version           = "POSTGRES_16"
        edition           = "ENTERPRISE_PLUS"
        tier              = "db-custom-4-16384"
        storage           = 100
        high_availability = true
        source            = null
        host              = "ledger.iowa.production.desk.example.com"
        backups           = { hour = 2, copies = 30 }
      }
    }
  }

  expect_failures = [var.databases]
}

run "storage_too_small" {
  command = plan

  variables {
    databases = {
      ledger = {
        instance          = "desk-production-iowa-ledger"
        version           = "POSTGRES_16"
        edition           = "ENTERPRISE"
        tier              = "db-custom-4-16384"
        storage           = 5
        high_availability = true
        source            = null
        host              = "ledger.iowa.production.desk.example.com"
        backups           = { hour = 2, copies = 30 }
      }
    }
  }

  expect_failures = [var.databases]
}

run "backups_none" {
  command = plan

  variables {
    databases = {
      ledger = {
        instance          = "desk-production-iowa-ledger"
        version           = "POSTGRES_16"
        edition           = "ENTERPRISE"
        tier              = "db-custom-4-16384"
        storage           = 100
        high_availability = true
        source            = null
        host              = "ledger.iowa.production.desk.example.com"
        backups           = { hour = 2, copies = 0 }
      }
    }
  }

  expect_failures = [var.databases]
}

run "cache_name_too_long" {
  command = plan

  variables {
    caches = {
      cache = { instance = "ccccccccccccccccccccccccccccccccccccccccc", version = "REDIS_7_2", memory = 4, high_availability = true, persistent = true, tls = false, host = null }
    }
  }

  expect_failures = [var.caches]
}

run "cache_version_unknown" {
  command = plan

  variables {
    caches = {
      cache = { instance = "desk-production-iowa-cache", version = "REDIS_8_0", memory = 4, high_availability = true, persistent = true, tls = false, host = null }
    }
  }

  expect_failures = [var.caches]
}

run "cache_too_large" {
  command = plan

  variables {
    caches = {
      cache = { instance = "desk-production-iowa-cache", version = "REDIS_7_2", memory = 301, high_availability = true, persistent = true, tls = false, host = null }
    }
  }

  expect_failures = [var.caches]
}

run "bucket_with_capitals" {
  command = plan

  variables {
    backups = { bucket = "Backups", location = "us-central1", days = 30, locked = true, writers = ["velero/velero-server"] }
  }

  expect_failures = [var.backups]
}

run "location_unknown" {
  command = plan

  variables {
    backups = { bucket = "desk-production-iowa-backups-1a2b3c", location = "MOON", days = 30, locked = true, writers = ["velero/velero-server"] }
  }

  expect_failures = [var.backups]
}

run "days_in_fractions" {
  command = plan

  variables {
    backups = { bucket = "desk-production-iowa-backups-1a2b3c", location = "us-central1", days = 0.5, locked = true, writers = ["velero/velero-server"] }
  }

  expect_failures = [var.backups]
}
