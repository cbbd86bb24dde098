mock_provider "google" {}

variables {
  account  = "desk-prod"
  pool     = "desk-production"
  issuer   = "https://gitlab.example.com"
  subjects = ["project_path:desk/engine:ref_type:branch:ref:main"]
  planner  = "desk-production-plan"
  applier  = "desk-production-apply"
  buckets  = ["desk-production-tfstate"]
}

run "trusts_exactly_the_subjects" {
  command = plan

  assert {
    condition     = google_iam_workload_identity_pool_provider.ci.attribute_condition == "assertion.sub in ['project_path:desk/engine:ref_type:branch:ref:main']"
    error_message = "The condition names the subjects and nothing else."
  }

  assert {
    condition     = length(google_service_account_iam_member.subjects) == 2
    error_message = "Each subject may be the planner and the applier."
  }
}

run "gives_no_role_that_gives_all" {
  command = plan

  assert {
    condition     = length(setintersection(setunion(local.planner_roles, local.applier_roles), ["roles/owner", "roles/editor", "roles/iam.securityAdmin", "roles/resourcemanager.projectIamAdmin"])) == 0
    error_message = "CI is no owner, no editor, and gives roles by a condition only."
  }

  assert {
    condition     = strcontains(google_project_iam_member.grants.condition[0].expression, "hasOnly")
    error_message = "CI gives the roles of the modules alone."
  }

  assert {
    condition     = local.planner_roles == toset(["roles/viewer", "roles/iam.securityReviewer"])
    error_message = "Who plans reads."
  }
}

run "pool_of_google" {
  command = plan

  variables {
    pool = "gcp-desk"
  }

  expect_failures = [var.pool]
}

run "pool_too_long" {
  command = plan

  variables {
    pool = "ppppppppppppppppppppppppppppppppp"
  }

  expect_failures = [var.pool]
}

run "issuer_without_tls" {
  command = plan

  variables {
    issuer = "http://gitlab.example.com"
  }

  expect_failures = [var.issuer]
}

run "subjects_none" {
  command = plan

  variables {
    subjects = []
  }

  expect_failures = [var.subjects]
}

run "subject_too_long" {
  command = plan

  variables {
    subjects = ["ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"]
  }

  expect_failures = [var.subjects]
}

run "subject_that_ends_the_condition" {
  command = plan

  variables {
    subjects = ["x'] || true || assertion.sub in ['"]
  }

  expect_failures = [var.subjects]
}

run "planner_too_long" {
  command = plan

  variables {
    planner = "ppppppppppppppppppppppppppppppp"
  }

  expect_failures = [var.planner]
}

run "applier_is_the_planner" {
  command = plan

  variables {
    applier = "desk-production-plan"
  }

  expect_failures = [var.applier]
}
