resource "google_redis_instance" "this" {
  for_each = var.caches

  project              = var.account
  region               = var.region
  name                 = each.value.instance
  redis_version        = each.value.version
  memory_size_gb       = each.value.memory
  tier                 = each.value.high_availability ? "STANDARD_HA" : "BASIC"
  authorized_network   = local.network
  connect_mode         = "PRIVATE_SERVICE_ACCESS"
  customer_managed_key = var.encryption_at_rest ? google_kms_crypto_key.this["caches"].id : null
  deletion_protection  = var.deletion_protection
  # Google makes up the password, which is therefore the one secret that a state holds: states are encrypted, and read
  # by CI alone. Bring it into the secrets' backend with `gcloud redis instances get-auth-string`.
  auth_enabled            = true
  transit_encryption_mode = each.value.tls ? "SERVER_AUTHENTICATION" : "DISABLED"

  dynamic "persistence_config" {
    for_each = each.value.persistent ? ["RDB"] : []

    content {
      persistence_mode    = persistence_config.value
      rdb_snapshot_period = "ONE_HOUR"
    }
  }

  maintenance_policy {
    weekly_maintenance_window {
      day = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"][var.maintenance.day]

      start_time {
        hours   = var.maintenance.hour
        minutes = 0
        seconds = 0
        nanos   = 0
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_kms_crypto_key_iam_member.this]
}
