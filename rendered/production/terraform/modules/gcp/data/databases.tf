resource "google_sql_database_instance" "this" {
  for_each = var.databases

  project              = var.account
  region               = var.region
  name                 = each.value.instance
  database_version     = each.value.version
  master_instance_name = each.value.source
  encryption_key_name  = var.encryption_at_rest ? google_kms_crypto_key.this["databases"].id : null
  # Terraform's own refusal; Google's is deletion_protection_enabled.
  deletion_protection = var.deletion_protection

  settings {
    edition                     = each.value.edition
    tier                        = each.value.tier
    availability_type           = each.value.high_availability ? "REGIONAL" : "ZONAL"
    deletion_protection_enabled = var.deletion_protection
    retain_backups_on_delete    = true
    disk_type                   = startswith(each.value.tier, "db-c4a-") ? "HYPERDISK_BALANCED" : "PD_SSD"
    disk_size                   = each.value.storage
    disk_autoresize             = true

    ip_configuration {
      ipv4_enabled    = false
      private_network = local.network
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    # A replica is backed up where its source is, and served when that is: Cloud SQL takes neither of a replica.
    dynamic "backup_configuration" {
      for_each = each.value.source == null ? [each.value.backups] : []

      content {
        enabled                        = backup_configuration.value != null
        point_in_time_recovery_enabled = backup_configuration.value != null
        # Logs lead from a copy to a minute: those older than the oldest copy lead nowhere.
        transaction_log_retention_days = backup_configuration.value == null ? null : min(7, backup_configuration.value.copies)
        start_time                     = backup_configuration.value == null ? null : format("%02d:00", backup_configuration.value.hour)

        dynamic "backup_retention_settings" {
          for_each = backup_configuration.value == null ? [] : [backup_configuration.value.copies]

          content {
            retained_backups = backup_retention_settings.value
            retention_unit   = "COUNT"
          }
        }
      }
    }

    dynamic "maintenance_window" {
      for_each = each.value.source == null ? [var.maintenance] : []

      content {
        day          = maintenance_window.value.day == 0 ? 7 : maintenance_window.value.day
        hour         = maintenance_window.value.hour
        update_track = "stable"
      }
    }

    # People and Vault log in by IAM, and make the users that services are.
    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }

    # Who connected, and what waited for whom.
    database_flags {
      name  = "log_connections"
      value = "on"
    }

    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }

    insights_config {
      query_insights_enabled = true
    }
  }

  lifecycle {
    prevent_destroy = true
    # It grows by itself, and one that shrank would be another instance.
    ignore_changes = [settings[0].disk_size]
  }

  depends_on = [google_kms_crypto_key_iam_member.this]
}

# As CloudNativePG calls it, so that a service connects alike wherever its database runs.
resource "google_sql_database" "app" {
  for_each = { for name, database in var.databases : name => database if database.source == null }

  project  = var.account
  instance = google_sql_database_instance.this[each.key].name
  name     = "app"
  # The owner's tables would stand in its way.
  deletion_policy = "ABANDON"
}
