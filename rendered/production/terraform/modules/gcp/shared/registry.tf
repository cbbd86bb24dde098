resource "google_artifact_registry_repository" "this" {
  count = var.registry == null ? 0 : 1

  project       = var.account
  location      = var.registry.location
  repository_id = var.registry.repository
  description   = "Images of the trading system"
  format        = "DOCKER"

  docker_config {
    immutable_tags = true # a tag that has been released means the same for ever
  }

  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }

  # What no release names any more. Releases are tagged.
  cleanup_policies {
    id     = "untagged"
    action = "DELETE"

    condition {
      tag_state  = "UNTAGGED"
      older_than = "2592000s" # 30 days
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

locals {
  publisher = try(var.registry.publisher, null)
}

# Pushes images, and may do nothing else.
resource "google_service_account" "publisher" {
  count = local.publisher == null ? 0 : 1

  project      = var.account
  account_id   = local.publisher.id
  display_name = "CI: pushes images"
}

resource "google_artifact_registry_repository_iam_member" "publisher" {
  count = local.publisher == null ? 0 : 1

  project    = var.account
  location   = var.registry.location
  repository = google_artifact_registry_repository.this[0].name
  role       = "roles/artifactregistry.writer"
  member     = "serviceAccount:${google_service_account.publisher[0].email}"
}

resource "google_service_account_iam_member" "publisher" {
  count = local.publisher == null ? 0 : 1

  service_account_id = google_service_account.publisher[0].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${local.publisher.pool}/attribute.push/yes"
}
