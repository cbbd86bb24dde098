data "google_project" "this" {
  project_id = var.account
}

data "google_storage_project_service_account" "this" {
  project = var.account
}

locals {
  number = data.google_project.this.number

  # Who encrypts with which key, and where: a key lies where what it encrypts does. What Cloud Storage calls EU is
  # `europe` to Cloud KMS.
  users = var.encryption_at_rest ? merge(
    length(var.databases) == 0 ? {} : {
      databases = { location = var.region, agent = "service-${local.number}@gcp-sa-cloud-sql.iam.gserviceaccount.com" }
    },
    length(var.caches) == 0 ? {} : {
      caches = { location = var.region, agent = "service-${local.number}@cloud-redis.iam.gserviceaccount.com" }
    },
    var.backups == null ? {} : {
      backups = { location = lookup({ EU = "europe" }, var.backups.location, lower(var.backups.location)), agent = data.google_storage_project_service_account.this.email_address }
    },
  ) : {}
}

resource "google_kms_key_ring" "this" {
  for_each = local.users

  project  = var.account
  location = each.value.location
  name     = "${var.name}-${each.key}"
}

resource "google_kms_crypto_key" "this" {
  for_each = local.users

  name            = each.key
  key_ring        = google_kms_key_ring.this[each.key].id
  rotation_period = "7776000s" # 90 days

  lifecycle {
    prevent_destroy = true # what it encrypted would be lost with it
  }
}

resource "google_kms_crypto_key_iam_member" "this" {
  for_each = local.users

  crypto_key_id = google_kms_crypto_key.this[each.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.value.agent}"
}
