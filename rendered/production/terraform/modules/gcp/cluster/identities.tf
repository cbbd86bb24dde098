locals {
  # Kubernetes service accounts as IAM knows them, without an account of Google's in between.
  principals = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${local.pool}/subject"
}

# The nodes' own account: it writes logs and metrics, and pulls images. Pods have accounts of their own.
resource "google_service_account" "nodes" {
  project      = var.account
  account_id   = var.node_account
  display_name = "Nodes of ${var.name}"
}

resource "google_project_iam_member" "nodes" {
  project = var.account
  role    = "roles/container.defaultNodeServiceAccount"
  member  = "serviceAccount:${google_service_account.nodes.email}"
}

resource "google_artifact_registry_repository_iam_member" "nodes" {
  count = var.registry == null ? 0 : 1

  project    = var.registry.account
  location   = var.registry.location
  repository = var.registry.repository
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:${google_service_account.nodes.email}"
}

resource "google_project_iam_member" "admins" {
  for_each = var.access_admins

  project = var.account
  role    = "roles/container.admin"
  member  = each.key
}

# What a service may do in the cloud is given to its account by whoever owns the thing it uses.
resource "google_service_account" "identities" {
  for_each = { for email, identity in var.identities : email => identity if identity.own }

  project                      = var.account
  account_id                   = split("@", each.key)[0]
  create_ignore_already_exists = true
}

resource "google_service_account_iam_member" "identities" {
  for_each = merge([
    for email, identity in var.identities : {
      for account in identity.accounts : "${email} ${account}" => { email = email, account = account }
    }
  ]...)

  service_account_id = "projects/-/serviceAccounts/${each.value.email}"
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${local.pool}[${each.value.account}]"

  # The pool of identities comes with the cluster.
  depends_on = [google_container_cluster.this, google_service_account.identities]
}

# External Secrets reads this environment's secrets, and no other's.
resource "google_project_iam_member" "secrets" {
  count = var.secret_reader == null ? 0 : 1

  project = var.secret_reader.account
  role    = "roles/secretmanager.secretAccessor"
  member  = strcontains(var.secret_reader.reader, "@") ? "serviceAccount:${var.secret_reader.reader}" : join("/", [local.principals, "ns", split("/", var.secret_reader.reader)[0], "sa", split("/", var.secret_reader.reader)[1]])

  condition {
    title      = "secrets of ${var.name}"
    expression = "resource.name.extract('/secrets/{name}').startsWith('${var.secret_reader.prefix}')"
  }

  depends_on = [google_container_cluster.this]
}

# cert-manager proves hosts by records of the zone; to find the zone it must be able to list them.
resource "google_dns_managed_zone_iam_member" "editor" {
  count = var.zone_editor == null ? 0 : 1

  project      = var.zone_editor.account
  managed_zone = var.zone_editor.zone
  role         = "roles/dns.admin"
  member       = "${local.principals}/ns/${split("/", var.zone_editor.editor)[0]}/sa/${split("/", var.zone_editor.editor)[1]}"

  depends_on = [google_container_cluster.this]
}

resource "google_project_iam_member" "zones" {
  count = var.zone_editor == null ? 0 : 1

  project = var.zone_editor.account
  role    = "roles/dns.reader"
  member  = "${local.principals}/ns/${split("/", var.zone_editor.editor)[0]}/sa/${split("/", var.zone_editor.editor)[1]}"

  depends_on = [google_container_cluster.this]
}
