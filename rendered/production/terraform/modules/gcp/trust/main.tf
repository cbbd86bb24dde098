# CI proves who it is by a token that its own server signs; nobody keeps a key.
resource "google_iam_workload_identity_pool" "ci" {
  project                   = var.account
  workload_identity_pool_id = var.pool
  display_name              = "CI"
  description               = "Pipelines that plan, apply and push"
}

resource "google_iam_workload_identity_pool_provider" "ci" {
  project                            = var.account
  workload_identity_pool_id          = google_iam_workload_identity_pool.ci.workload_identity_pool_id
  workload_identity_pool_provider_id = "oidc"
  display_name                       = "CI"

  attribute_mapping = {
    "google.subject" = "assertion.sub"
  }

  # Whoever else the same server signs for is turned away here, before any role is looked at.
  attribute_condition = "assertion.sub in [${join(", ", [for subject in sort(var.subjects) : "'${subject}'"])}]"

  oidc {
    issuer_uri = var.issuer
  }
}

resource "google_service_account" "planner" {
  project      = var.account
  account_id   = var.planner
  display_name = "CI: plans"
}

resource "google_service_account" "applier" {
  project      = var.account
  account_id   = var.applier
  display_name = "CI: applies"
}

locals {
  accounts = {
    planner = google_service_account.planner
    applier = google_service_account.applier
  }

  members = { for name, account in local.accounts : name => "serviceAccount:${account.email}" }
}

resource "google_service_account_iam_member" "subjects" {
  for_each = { for pair in setproduct(keys(local.accounts), var.subjects) : join(" ", pair) => { account = pair[0], subject = pair[1] } }

  service_account_id = local.accounts[each.value.account].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.ci.name}/subject/${each.value.subject}"
}
