resource "azurerm_consumption_budget_subscription" "month" {
  count = var.budget == null ? 0 : 1

  name            = var.name
  subscription_id = "/subscriptions/${var.subscription_id}"
  amount          = var.budget.amount
  time_grain      = "Monthly"

  time_period {
    # Azure takes no month before the one in which the budget is made.
    start_date = formatdate("YYYY-MM-'01T00:00:00Z'", plantimestamp())
  }

  # What this environment costs, where others share the subscription.
  filter {
    dynamic "tag" {
      for_each = var.budget.filter

      content {
        name   = tag.key
        values = [tag.value]
      }
    }
  }

  dynamic "notification" {
    for_each = toset([for share in var.budget.thresholds : tostring(share)])

    content {
      operator       = "GreaterThanOrEqualTo"
      threshold      = tonumber(notification.value)
      threshold_type = "Actual"
      contact_emails = var.budget.emails
      contact_roles  = ["Owner"]
    }
  }

  lifecycle {
    ignore_changes = [time_period]
  }
}
