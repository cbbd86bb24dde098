resource "google_storage_bucket" "backups" {
  count = var.backups == null ? 0 : 1

  project                     = var.account
  name                        = var.backups.bucket
  location                    = var.backups.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # Nobody deletes or changes a backup before its time; with a lock, nobody at all, not even Google for us.
  retention_policy {
    retention_period = tostring(var.backups.days * 86400)
    is_locked        = var.backups.locked
  }

  # A day later it goes.
  lifecycle_rule {
    condition {
      age = var.backups.days + 1
    }

    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age = 1
    }

    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  # Retention keeps what soft deletion would, and costs once.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  dynamic "encryption" {
    for_each = var.encryption_at_rest ? [google_kms_crypto_key.this["backups"].id] : []

    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_kms_crypto_key_iam_member.this]
}

# Writers add backups and read them back; that they delete none before its time is the bucket's to see to.
resource "google_storage_bucket_iam_member" "writers" {
  for_each = var.backups == null ? toset([]) : var.backups.writers

  bucket = google_storage_bucket.backups[0].name
  role   = "roles/storage.objectUser"
  member = "principal://iam.googleapis.com/projects/${local.number}/locations/global/workloadIdentityPools/${var.account}.svc.id.goog/subject/ns/${split("/", each.key)[0]}/sa/${split("/", each.key)[1]}"
}
