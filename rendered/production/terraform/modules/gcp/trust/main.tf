# CI proves who it is by a token that its own server signs; nobody keeps a key.
resource "google_iam_workload_identity_pool" "ci" {
  project                   = var.account
  workload_identity_pool_id = var.pool
  display_name              = "CI"
  description               = "Pipelines that plan, apply and push"
}

locals {
  # By what a token may do: an expression that is true of its subject. '*' ends one that stands for all that begin so.
  trusted = {
    for verb, subjects in var.subjects : verb => join(" || ", concat(
      [for subject in sort(subjects) : "assertion.sub == '${subject}'" if !endswith(subject, "*")],
      [for subject in sort(subjects) : "assertion.sub.startsWith('${trimsuffix(subject, "*")}')" if endswith(subject, "*")],
    )) if length(subjects) > 0
  }
}

resource "google_iam_workload_identity_pool_provider" "ci" {
  project                            = var.account
  workload_identity_pool_id          = google_iam_workload_identity_pool.ci.workload_identity_pool_id
  workload_identity_pool_provider_id = "oidc"
  display_name                       = "CI"

  # What a service account is given to: attribute.plan, attribute.apply and attribute.push are yes or no.
  attribute_mapping = merge(
    { "google.subject" = "assertion.sub" },
    { for verb, expression in local.trusted : "attribute.${verb}" => "(${expression}) ? 'yes' : 'no'" },
  )

  # Whoever else the same server signs for is turned away here, before any role is looked at.
  attribute_condition = join(" || ", values(local.trusted))

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

resource "google_service_account_iam_member" "trusted" {
  for_each = { plan = google_service_account.planner.name, apply = google_service_account.applier.name }

  service_account_id = each.value
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.ci.name}/attribute.${each.key}/yes"
}
