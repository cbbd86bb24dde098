# What AWS would refuse is refused before anything is planned: a mistake for each validation.

mock_provider "aws" {}

variables {
  bucket    = "shop-production-tfstate"
  region    = "us-east-1"
  account   = "111122223333"
  partition = "aws"
  keep_days = 365
}

run "bucket_1" {
  command = plan

  variables {
    bucket = "Shop_State"
  }

  expect_failures = [var.bucket]
}

run "bucket_2" {
  command = plan

  variables {
    bucket = "a.b"
  }

  expect_failures = [var.bucket]
}

run "region" {
  command = plan

  variables {
    region = "us-east"
  }

  expect_failures = [var.region]
}

run "account" {
  command = plan

  variables {
    account = "1111"
  }

  expect_failures = [var.account]
}

run "partition" {
  command = plan

  variables {
    partition = "azure"
  }

  expect_failures = [var.partition]
}

run "keep_days_1" {
  command = plan

  variables {
    keep_days = 7
  }

  expect_failures = [var.keep_days]
}

run "keep_days_2" {
  command = plan

  variables {
    keep_days = 30.5
  }

  expect_failures = [var.keep_days]
}
