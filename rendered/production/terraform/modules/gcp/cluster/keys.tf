data "google_project" "this" {
  project_id = var.account
}

locals {
  # Who encrypts with which key: GKE the Secrets, Compute Engine the nodes' disks.
  users = var.encryption_at_rest ? {
    secrets = "service-${data.google_project.this.number}@container-engine-robot.iam.gserviceaccount.com"
    disks   = "service-${data.google_project.this.number}@compute-system.iam.gserviceaccount.com"
  } : {}
}

resource "google_kms_key_ring" "this" {
  count = var.encryption_at_rest ? 1 : 0

  project  = var.account
  location = var.region
  name     = "${var.name}-cluster"
}

resource "google_kms_crypto_key" "this" {
  for_each = local.users

  name            = each.key
  key_ring        = google_kms_key_ring.this[0].id
  rotation_period = "7776000s" # 90 days

  lifecycle {
    prevent_destroy = true # what it encrypted would be lost with it
  }
}

resource "google_kms_crypto_key_iam_member" "this" {
  for_each = local.users

  crypto_key_id = google_kms_crypto_key.this[each.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.value}"
}
