# What AWS would refuse is refused before anything is planned: a mistake for each validation.

mock_provider "aws" {}

variables {
  prefix    = "shop-production"
  account   = "111122223333"
  partition = "aws"
  regions   = ["us-east-1", "us-west-2"]

  oidc = {
    issuer         = "https://gitlab.example.com"
    audience       = "sts.amazonaws.com"
    create         = true
    plan_subjects  = ["project_path:shop/config:ref_type:branch:ref:*"]
    apply_subjects = ["project_path:shop/engine:ref_type:branch:ref:main"]
    push_subjects  = ["project_path:shop/engine:ref_type:branch:ref:main"]
  }

  states          = [{ bucket = "shop-production-tfstate", prefix = "shop/production" }]
  role_patterns   = ["shop-production-one-*", "shop-production-dns"]
  bucket_patterns = ["shop-production-one-backups-*"]
  secrets         = ["shop/production/orders/credentials"]
  repositories    = { prefix = "shop", region = "us-east-1" }
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

run "partition" {
  command = plan

  variables {
    partition = "azure"
  }

  expect_failures = [var.partition]
}

run "regions_1" {
  command = plan

  variables {
    regions = []
  }

  expect_failures = [var.regions]
}

run "regions_2" {
  command = plan

  variables {
    regions = ["east"]
  }

  expect_failures = [var.regions]
}

run "oidc_1" {
  command = plan

  variables {
    oidc = { issuer = "http://gitlab.example.com", audience = "sts.amazonaws.com", create = true, plan_subjects = ["a"], apply_subjects = ["a"], push_subjects = [] }
  }

  expect_failures = [var.oidc]
}

run "oidc_2" {
  command = plan

  variables {
    oidc = { issuer = "https://gitlab.example.com", audience = "", create = true, plan_subjects = ["a"], apply_subjects = ["a"], push_subjects = [] }
  }

  expect_failures = [var.oidc]
}

run "oidc_3" {
  command = plan

  variables {
    oidc = { issuer = "https://gitlab.example.com", audience = "sts.amazonaws.com", create = true, plan_subjects = ["a"], apply_subjects = ["project_path:shop/*"], push_subjects = [] }
  }

  expect_failures = [var.oidc]
}

run "oidc_4" {
  command = plan

  variables {
    oidc = { issuer = "https://gitlab.example.com", audience = "sts.amazonaws.com", create = true, plan_subjects = [], apply_subjects = ["a"], push_subjects = [] }
  }

  expect_failures = [var.oidc]
}

run "oidc_5" {
  command = plan

  variables {
    oidc = { issuer = "https://gitlab.example.com", audience = "sts.amazonaws.com", create = true, plan_subjects = ["*"], apply_subjects = ["a"], push_subjects = [] }
  }

  expect_failures = [var.oidc]
}

run "oidc_6" {
  command = plan

  variables {
    oidc = { issuer = "https://gitlab.example.com", audience = "sts.amazonaws.com", create = true, plan_subjects = ["a"], apply_subjects = ["repo:shop/config:pull_request"], push_subjects = [] }
  }

  expect_failures = [var.oidc]
}

run "oidc_7" {
  command = plan

  variables {
    oidc = { issuer = "https://gitlab.example.com", audience = "sts.amazonaws.com", create = true, plan_subjects = ["a"], apply_subjects = ["a"], push_subjects = ["project_path:shop/*:ref_type:branch:ref:main"] }
  }

  expect_failures = [var.oidc]
}

run "oidc_port" {
  command = plan

  variables {
    oidc = { issuer = "https://gitlab.example.com:8443", audience = "sts.amazonaws.com", create = true, plan_subjects = ["a"], apply_subjects = ["a"], push_subjects = [] }
  }

  expect_failures = [var.oidc]
}

run "states_1" {
  command = plan

  variables {
    states = []
  }

  expect_failures = [var.states]
}

run "states_2" {
  command = plan

  variables {
    states = [{ bucket = "b", prefix = "/a" }]
  }

  expect_failures = [var.states]
}

run "role_patterns" {
  command = plan

  variables {
    role_patterns = ["*"]
  }

  expect_failures = [var.role_patterns]
}

run "bucket_patterns" {
  command = plan

  variables {
    bucket_patterns = ["*"]
  }

  expect_failures = [var.bucket_patterns]
}

run "secrets" {
  command = plan

  variables {
    secrets = ["a b"]
  }

  expect_failures = [var.secrets]
}
