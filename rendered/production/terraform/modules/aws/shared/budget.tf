# Budgets watches what the account is billed for under the environment's tag. It stops nothing.

resource "aws_sns_topic" "budget" {
  count = var.budget == null ? 0 : 1

  # Budgets is everywhere, and publishes to topics of the provider's region.
  name = "${var.prefix}-budget"
}

resource "aws_sns_topic_policy" "budget" {
  count = var.budget == null ? 0 : 1

  arn = aws_sns_topic.budget[0].arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Budgets"
      Effect    = "Allow"
      Principal = { Service = "budgets.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.budget[0].arn
      Condition = { StringEquals = { "aws:SourceAccount" = var.account } }
    }]
  })
}

resource "aws_budgets_budget" "monthly" {
  count = var.budget == null ? 0 : 1

  name         = "${var.prefix}-monthly"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.budget.amount)
  limit_unit   = var.budget.currency

  dynamic "cost_filter" {
    for_each = var.budget_tag == null ? [] : [var.budget_tag]

    content {
      name   = "TagKeyValue"
      values = [cost_filter.value]
    }
  }

  dynamic "notification" {
    for_each = toset([for share in var.budget.alert_at : tostring(share)])

    content {
      notification_type          = "ACTUAL"
      comparison_operator        = "GREATER_THAN"
      threshold                  = tonumber(notification.value)
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.budget.emails
      subscriber_sns_topic_arns  = [aws_sns_topic.budget[0].arn]
    }
  }

  depends_on = [aws_sns_topic_policy.budget]
}
