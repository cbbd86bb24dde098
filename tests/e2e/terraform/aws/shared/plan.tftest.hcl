# What an account has once: the zone, repositories whose tags stay, a budget that tells; nothing that is not asked for.

mock_provider "aws" {}

variables {
  prefix     = "shop-production"
  account    = "111122223333"
  regions    = ["us-east-1"]
  zone       = "shop.example.com"
  budget_tag = "user:environment$production"

  repositories = { region = "us-east-1", names = ["shop/web"], keep_untagged_days = 14 }
  budget       = { amount = 60000, currency = "USD", alert_at = [80, 100], emails = [] }
}

run "plan" {
  command = plan

  assert {
    condition     = [for each in aws_ecr_repository.this["shop/web"].image_tag_mutability_exclusion_filter : each.filter] == ["sha256-*", "cache-*"]
    error_message = "A second signature and a build's cache replace what was there; no other tag moves."
  }

  assert {
    condition     = aws_ecr_repository.this["shop/web"].image_tag_mutability == "IMMUTABLE_WITH_EXCLUSION" && aws_ecr_repository.this["shop/web"].image_scanning_configuration[0].scan_on_push
    error_message = "A tag stays what it was, and is scanned."
  }

  assert {
    condition     = aws_route53_zone.this[0].name == "shop.example.com"
    error_message = "The owner makes the zone."
  }

  assert {
    condition     = aws_budgets_budget.monthly[0].limit_amount == "60000" && one(aws_budgets_budget.monthly[0].cost_filter).values == tolist(["user:environment$production"])
    error_message = "The budget is the environment's."
  }

  assert {
    condition     = aws_ebs_encryption_by_default.this["us-east-1"].enabled
    error_message = "Disks are encrypted by default."
  }
}

run "nothing" {
  command = plan

  variables {
    zone         = null
    repositories = null
    budget       = null
    regions      = []
  }

  assert {
    condition     = length(aws_route53_zone.this) + length(aws_ecr_repository.this) + length(aws_budgets_budget.monthly) + length(aws_sns_topic.budget) + length(aws_ebs_encryption_by_default.this) == 0
    error_message = "What is not asked for is not made."
  }
}
