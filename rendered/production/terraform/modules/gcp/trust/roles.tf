locals {
  planner_roles = toset([
    "roles/viewer",
    "roles/iam.securityReviewer", # a plan compares who may do what
  ])

  # What the modules make, and nothing else: no role here is an owner's or an editor's.
  applier_roles = toset([
    "roles/artifactregistry.admin",
    "roles/cloudkms.admin", # makes keys and says who uses them; it decrypts nothing
    "roles/cloudsql.admin",
    "roles/compute.networkAdmin",
    "roles/compute.securityAdmin", # firewalls
    "roles/container.admin",
    "roles/dns.admin",
    "roles/iam.securityReviewer",
    "roles/iam.serviceAccountAdmin",
    "roles/redis.admin",
    "roles/storage.admin",
    "roles/viewer",
  ])

  # The roles that the modules give. A CI that could give any could give itself all.
  given_roles = [
    "roles/artifactregistry.reader",
    "roles/container.admin",
    "roles/container.defaultNodeServiceAccount",
    "roles/dns.reader",
    "roles/secretmanager.secretAccessor",
  ]
}

resource "google_project_iam_member" "planner" {
  for_each = local.planner_roles

  project = var.account
  role    = each.key
  member  = local.members.planner
}

resource "google_project_iam_member" "applier" {
  for_each = local.applier_roles

  project = var.account
  role    = each.key
  member  = local.members.applier
}

resource "google_project_iam_member" "grants" {
  project = var.account
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = local.members.applier

  condition {
    title      = "roles of the modules"
    expression = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${join(", ", [for role in local.given_roles : "'${role}'"])}])"
  }
}

# Nodes run as an account of their own; whoever makes them must be allowed to hand it over. Placement policies belong
# to no smaller role than one of our own.
resource "google_project_iam_custom_role" "placement" {
  project     = var.account
  role_id     = replace("${var.applier}_placement", "-", "_")
  title       = "Placement policies of node pools"
  permissions = [for verb in ["create", "delete", "get", "list"] : "compute.resourcePolicies.${verb}"]
}

resource "google_project_iam_member" "placement" {
  project = var.account
  role    = google_project_iam_custom_role.placement.id
  member  = local.members.applier
}

resource "google_project_iam_member" "nodes" {
  project = var.account
  role    = "roles/iam.serviceAccountUser"
  member  = local.members.applier
}

# A plan reads states and takes their locks. Objects' names decide, so that it can write no state.
resource "google_storage_bucket_iam_member" "read" {
  for_each = var.buckets

  bucket = each.key
  role   = "roles/storage.objectViewer"
  member = local.members.planner
}

resource "google_storage_bucket_iam_member" "lock" {
  for_each = var.buckets

  bucket = each.key
  role   = "roles/storage.objectUser"
  member = local.members.planner

  condition {
    title      = "locks"
    expression = "resource.name.endsWith('.tflock')"
  }
}

resource "google_storage_bucket_iam_member" "write" {
  for_each = var.buckets

  bucket = each.key
  role   = "roles/storage.objectUser"
  member = local.members.applier
}
