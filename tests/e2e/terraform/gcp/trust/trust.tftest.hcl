mock_provider "google" {}

variables {
  account = "desk-prod"
  pool    = "desk-production"
  issuer  = "https://gitlab.example.com"
  planner = "desk-production-plan"
  applier = "desk-production-apply"
  buckets = ["desk-production-tfstate"]

  subjects = {
    plan  = ["project_path:desk/config:ref_type:branch:ref:main", "project_path:desk/config:ref_type:branch:ref:*"]
    apply = ["project_path:desk/config:ref_type:branch:ref:main"]
    push  = ["project_path:desk/engine:ref_type:branch:ref:main"]
  }
}

run "trusts_exactly_the_subjects" {
  command = plan

  assert {
    condition     = google_iam_workload_identity_pool_provider.ci.attribute_condition == "assertion.sub == 'project_path:desk/config:ref_type:branch:ref:main' || assertion.sub == 'project_path:desk/config:ref_type:branch:ref:main' || assertion.sub.startsWith('project_path:desk/config:ref_type:branch:ref:') || assertion.sub == 'project_path:desk/engine:ref_type:branch:ref:main'"
    error_message = "The condition names the subjects and nothing else."
  }

  assert {
    condition = google_iam_workload_identity_pool_provider.ci.attribute_mapping == tomap({
      "google.subject"  = "assertion.sub"
      "attribute.apply" = "(assertion.sub == 'project_path:desk/config:ref_type:branch:ref:main') ? 'yes' : 'no'"
      "attribute.plan"  = "(assertion.sub == 'project_path:desk/config:ref_type:branch:ref:main' || assertion.sub.startsWith('project_path:desk/config:ref_type:branch:ref:')) ? 'yes' : 'no'"
      "attribute.push"  = "(assertion.sub == 'project_path:desk/engine:ref_type:branch:ref:main') ? 'yes' : 'no'"
    })
    error_message = "A token may do what its subject says: who pushes images applies nothing, and neither does a merge request."
  }

  assert {
    condition     = keys(google_service_account_iam_member.trusted) == ["apply", "plan"]
    error_message = "Planner and applier are given to those alone who may plan and apply."
  }
}

run "nobody_pushes" {
  command = plan

  variables {
    subjects = { plan = ["repo:desk/config:environment:production-plan"], apply = ["repo:desk/config:environment:production-apply"], push = [] }
  }

  assert {
    condition     = keys(google_iam_workload_identity_pool_provider.ci.attribute_mapping) == tolist(["attribute.apply", "attribute.plan", "google.subject"])
    error_message = "Where no image is pushed nobody may."
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
    subjects = { plan = ["a"], apply = [], push = [] }
  }

  expect_failures = [var.subjects]
}

run "subject_too_long" {
  command = plan

  variables {
    subjects = { plan = ["ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"], apply = ["a"], push = [] }
  }

  expect_failures = [var.subjects]
}

run "subject_that_ends_the_condition" {
  command = plan

  variables {
    subjects = { plan = ["x') || true || assertion.sub in ['"], apply = ["a"], push = [] }
  }

  expect_failures = [var.subjects]
}

run "apply_by_a_pattern" {
  command = plan

  variables {
    subjects = { plan = ["a"], apply = ["project_path:desk/config:ref_type:branch:ref:*"], push = [] }
  }

  expect_failures = [var.subjects]
}

run "apply_by_pull_requests" {
  command = plan

  variables {
    subjects = { plan = ["a"], apply = ["repo:desk/config:pull_request"], push = [] }
  }

  expect_failures = [var.subjects]
}

run "pattern_in_the_middle" {
  command = plan

  variables {
    subjects = { plan = ["project_path:desk/*:ref_type:branch:ref:main"], apply = ["a"], push = [] }
  }

  expect_failures = [var.subjects]
}

run "subjects_too_many" {
  command = plan

  variables {
    subjects = { plan = [for number in range(16) : "project_path:desk/config:ref_type:branch:ref:release-of-the-year-and-the-month-${number}"], apply = ["a"], push = [] }
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
