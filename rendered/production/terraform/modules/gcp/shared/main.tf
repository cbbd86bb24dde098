data "google_project" "this" {
  project_id = var.account
}

# Who read or changed what in a cluster is on record: administrative reads and every write. Reads of pods and Services
# would be most of what anybody pays for, and tell nothing.
resource "google_project_iam_audit_config" "clusters" {
  count = var.audited ? 1 : 0

  project = var.account
  service = "container.googleapis.com"

  audit_log_config {
    log_type = "ADMIN_READ"
  }

  audit_log_config {
    log_type = "DATA_WRITE"
  }
}

# Every use of a key, by whomever.
resource "google_project_iam_audit_config" "keys" {
  count = var.audited ? 1 : 0

  project = var.account
  service = "cloudkms.googleapis.com"

  audit_log_config {
    log_type = "DATA_READ"
  }

  audit_log_config {
    log_type = "DATA_WRITE"
  }
}

resource "google_dns_managed_zone" "this" {
  count = var.zone == null ? 0 : 1

  project     = var.account
  name        = var.zone.name
  dns_name    = "${var.zone.domain}."
  description = "Names of exposed services"

  dnssec_config {
    state = "on"
  }

  lifecycle {
    prevent_destroy = true # its name servers would change with it, and the parent zone names them
  }
}

resource "google_billing_budget" "this" {
  count = var.budget == null ? 0 : 1

  billing_account = data.google_project.this.billing_account
  display_name    = var.budget.name

  budget_filter {
    projects        = ["projects/${data.google_project.this.number}"]
    calendar_period = "MONTH"
  }

  amount {
    specified_amount {
      currency_code = var.budget.currency
      units         = tostring(floor(var.budget.amount))
    }
  }

  dynamic "threshold_rules" {
    for_each = var.budget.thresholds

    content {
      threshold_percent = threshold_rules.value
    }
  }

  all_updates_rule {
    enable_project_level_recipients = true # the project's owners, beside the billing account's administrators
    # The provider takes no rule that says neither channels nor a topic; none is an answer.
    monitoring_notification_channels = []
  }
}
