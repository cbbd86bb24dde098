mock_provider "google" {}

variables {
  account = "desk-prod"
  audited = true
  zone    = { name = "desk-example-com", domain = "desk.example.com" }
  registry = {
    location   = "us-central1"
    repository = "desk"
    publisher = {
      id   = "desk-production-push"
      pool = "desk-production"
    }
  }
  budget = { name = "desk production", currency = "USD", amount = 60000, thresholds = [0.8, 1] }
}

run "makes_what_is_asked_for" {
  command = plan

  assert {
    condition     = google_dns_managed_zone.this[0].dns_name == "desk.example.com." && google_dns_managed_zone.this[0].dnssec_config[0].state == "on"
    error_message = "The zone is signed, and its name ends in a dot."
  }

  assert {
    condition     = google_artifact_registry_repository.this[0].docker_config[0].immutable_tags
    error_message = "A released tag stays what it is."
  }

  assert {
    condition     = google_artifact_registry_repository_iam_member.publisher[0].role == "roles/artifactregistry.writer"
    error_message = "Who pushes may push, and no more."
  }

  assert {
    condition     = google_billing_budget.this[0].amount[0].specified_amount[0].units == "60000" && length(google_billing_budget.this[0].threshold_rules) == 2
    error_message = "The budget is the spec's."
  }

  # The provider wants channels or a topic in the block; an empty list is enough (its schema's AtLeastOneOf).
  assert {
    condition     = google_billing_budget.this[0].all_updates_rule[0].monitoring_notification_channels != null
    error_message = "The provider refuses a rule that says neither."
  }
}

run "keeps_records" {
  command = plan

  assert {
    condition     = toset([for each in google_project_iam_audit_config.clusters[0].audit_log_config : each.log_type]) == toset(["ADMIN_READ", "DATA_WRITE"])
    error_message = "Every write to a cluster is on record."
  }
}

run "makes_nothing_unasked" {
  command = plan

  variables {
    audited  = false
    zone     = null
    registry = null
    budget   = null
  }

  assert {
    condition     = length(google_dns_managed_zone.this) + length(google_artifact_registry_repository.this) + length(google_billing_budget.this) + length(google_service_account.publisher) == 0
    error_message = "Nobody asked."
  }

  assert {
    condition     = length(google_project_iam_audit_config.clusters) + length(google_project_iam_audit_config.keys) == 0
    error_message = "Another environment of the project keeps the records."
  }
}

run "takes_a_registry_without_publisher" {
  command = plan

  variables {
    registry = { location = "europe", repository = "desk", publisher = null }
  }

  assert {
    condition     = length(google_service_account.publisher) == 0
    error_message = "CI logs in by other means."
  }
}

run "zone_name_with_dots" {
  command = plan

  variables {
    zone = { name = "desk.example.com", domain = "desk.example.com" }
  }

  expect_failures = [var.zone]
}

run "zone_with_a_dot_at_its_end" {
  command = plan

  variables {
    zone = { name = "desk", domain = "desk.example.com." }
  }

  expect_failures = [var.zone]
}

run "registry_location_unknown" {
  command = plan

  variables {
    registry = { location = "moon", repository = "desk", publisher = null }
  }

  expect_failures = [var.registry]
}

run "registry_repository_with_capitals" {
  command = plan

  variables {
    registry = { location = "us", repository = "Desk", publisher = null }
  }

  expect_failures = [var.registry]
}

run "publisher_too_long" {
  command = plan

  variables {
    registry = { location = "us", repository = "desk", publisher = { id = "ppppppppppppppppppppppppppppppp", pool = "desk-production" } }
  }

  expect_failures = [var.registry]
}

run "budget_currency_in_words" {
  command = plan

  variables {
    budget = { name = "desk", currency = "dollars", amount = 1, thresholds = [] }
  }

  expect_failures = [var.budget]
}

run "budget_of_nothing" {
  command = plan

  variables {
    budget = { name = "desk", currency = "USD", amount = 0, thresholds = [] }
  }

  expect_failures = [var.budget]
}

run "budget_threshold_of_nothing" {
  command = plan

  variables {
    budget = { name = "desk", currency = "USD", amount = 1, thresholds = [0] }
  }

  expect_failures = [var.budget]
}
