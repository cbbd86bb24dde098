# A person enables them once, here: CI need not have the right.
resource "google_project_service" "this" {
  for_each = var.services

  project = var.account
  service = each.key
  # Others in the project may use them too.
  disable_on_destroy = false
}

data "google_storage_project_service_account" "this" {
  project = var.account

  depends_on = [google_project_service.this]
}

resource "google_kms_key_ring" "this" {
  project  = var.account
  location = var.region
  name     = var.key_ring

  depends_on = [google_project_service.this]
}

resource "google_kms_crypto_key" "state" {
  name            = "state"
  key_ring        = google_kms_key_ring.this.id
  rotation_period = "7776000s" # 90 days; old versions stay, and decrypt what they encrypted

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "state" {
  crypto_key_id = google_kms_crypto_key.state.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.this.email_address}"
}

resource "google_storage_bucket" "state" {
  project                     = var.account
  name                        = var.bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # Each apply leaves the state before it: the way back after a mistake.
  versioning {
    enabled = true
  }

  encryption {
    default_kms_key_name = google_kms_crypto_key.state.id
  }

  lifecycle_rule {
    condition {
      num_newer_versions         = 10
      days_since_noncurrent_time = 90
    }

    action {
      type = "Delete"
    }
  }

  soft_delete_policy {
    retention_duration_seconds = 2592000 # 30 days
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_kms_crypto_key_iam_member.state]
}
