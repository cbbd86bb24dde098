# What AWS would refuse is refused before anything is planned: a mistake for each validation.

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

run "prefix" {
  command = plan

  variables {
    prefix = "Shop"
  }

  expect_failures = [var.prefix]
}

run "account" {
  command = plan

  variables {
    account = "1111"
  }

  expect_failures = [var.account]
}

run "regions" {
  command = plan

  variables {
    regions = ["east"]
  }

  expect_failures = [var.regions]
}

run "zone_1" {
  command = plan

  variables {
    zone = "example"
  }

  expect_failures = [var.zone]
}

run "zone_2" {
  command = plan

  variables {
    zone = "Example.com"
  }

  expect_failures = [var.zone]
}

run "repositories_1" {
  command = plan

  variables {
    repositories = { region = "us-east-1", names = ["Shop"], keep_untagged_days = 14 }
  }

  expect_failures = [var.repositories]
}

run "repositories_2" {
  command = plan

  variables {
    repositories = { region = "us-east-1", names = ["shop"], keep_untagged_days = 0 }
  }

  expect_failures = [var.repositories]
}

run "budget_1" {
  command = plan

  variables {
    budget = { amount = 0, currency = "USD", alert_at = [], emails = [] }
  }

  expect_failures = [var.budget]
}

run "budget_2" {
  command = plan

  variables {
    budget = { amount = 1, currency = "EUR", alert_at = [], emails = [] }
  }

  expect_failures = [var.budget]
}

run "budget_3" {
  command = plan

  variables {
    budget = { amount = 1, currency = "USD", alert_at = [1, 2, 3, 4, 5, 6], emails = [] }
  }

  expect_failures = [var.budget]
}

run "budget_4" {
  command = plan

  variables {
    budget = { amount = 1, currency = "USD", alert_at = [], emails = ["#desk"] }
  }

  expect_failures = [var.budget]
}

run "budget_tag" {
  command = plan

  variables {
    budget_tag = "environment"
  }

  expect_failures = [var.budget_tag]
}
