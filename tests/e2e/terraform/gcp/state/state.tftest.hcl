mock_provider "google" {}

variables {
  account  = "desk-prod"
  region   = "us-central1"
  bucket   = "desk-production-tfstate"
  key_ring = "tfstate-desk-production-tfstate"
  services = ["container.googleapis.com", "cloudkms.googleapis.com"]
}

run "keeps_states_safe" {
  command = plan

  assert {
    condition     = google_storage_bucket.state.versioning[0].enabled && google_storage_bucket.state.public_access_prevention == "enforced" && google_storage_bucket.state.uniform_bucket_level_access
    error_message = "A state is versioned, and for nobody outside."
  }

  assert {
    condition     = google_kms_crypto_key.state.rotation_period == "7776000s"
    error_message = "The key is rotated every 90 days."
  }

  assert {
    condition     = length(google_project_service.this) == 2 && alltrue([for each in google_project_service.this : !each.disable_on_destroy])
    error_message = "Every API is switched on, and none off again."
  }
}

run "account_of_another_form" {
  command = plan

  variables {
    account = "Desk"
  }

  expect_failures = [var.account]
}

run "region_that_is_a_zone" {
  command = plan

  variables {
    region = "us-central1-a"
  }

  expect_failures = [var.region]
}

run "bucket_with_capitals" {
  command = plan

  variables {
    bucket = "Desk"
  }

  expect_failures = [var.bucket]
}

run "bucket_called_google" {
  command = plan

  variables {
    bucket = "desk-google"
  }

  expect_failures = [var.bucket]
}

run "key_ring_too_long" {
  command = plan

  variables {
    key_ring = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
  }

  expect_failures = [var.key_ring]
}

run "service_that_is_none" {
  command = plan

  variables {
    services = ["container"]
  }

  expect_failures = [var.services]
}
