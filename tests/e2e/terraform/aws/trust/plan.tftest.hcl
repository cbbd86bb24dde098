# CI's roles: their own subjects, little to plan with, no way to more rights, policies that IAM can hold.

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
    plan_subjects  = ["project_path:shop/config:ref_type:branch:ref:main", "project_path:shop/config:ref_type:branch:ref:*"]
    apply_subjects = ["project_path:shop/config:ref_type:branch:ref:main"]
    push_subjects  = ["project_path:shop/engine:ref_type:branch:ref:main", "project_path:shop/engine:ref_type:tag:ref:v*"]
  }

  states          = [{ bucket = "shop-production-tfstate", prefix = "shop/production" }]
  role_patterns   = ["shop-production-one-*", "shop-production-dns"]
  bucket_patterns = ["shop-production-one-backups-*"]
  secrets         = ["shop/production/orders/credentials"]
  repositories    = { prefix = "shop", region = "us-east-1" }
}

run "plan" {
  command = plan

  assert {
    condition     = length(aws_iam_openid_connect_provider.ci) == 1
    error_message = "The owner of the account makes the provider."
  }

  assert {
    condition     = toset(keys(aws_iam_role.ci)) == toset(["apply", "plan", "push"])
    error_message = "One role for each thing that a pipeline does."
  }

  assert {
    condition = { for name, role in aws_iam_role.ci : name => [for each in jsondecode(role.assume_role_policy).Statement : each.Condition] } == {
      apply = [{ StringEquals = { "gitlab.example.com:aud" = "sts.amazonaws.com", "gitlab.example.com:sub" = ["project_path:shop/config:ref_type:branch:ref:main"] } }]
      plan = [
        { StringEquals = { "gitlab.example.com:aud" = "sts.amazonaws.com", "gitlab.example.com:sub" = ["project_path:shop/config:ref_type:branch:ref:main"] } },
        { StringLike = { "gitlab.example.com:aud" = "sts.amazonaws.com", "gitlab.example.com:sub" = ["project_path:shop/config:ref_type:branch:ref:*"] } },
      ]
      push = [
        { StringEquals = { "gitlab.example.com:aud" = "sts.amazonaws.com", "gitlab.example.com:sub" = ["project_path:shop/engine:ref_type:branch:ref:main"] } },
        { StringLike = { "gitlab.example.com:aud" = "sts.amazonaws.com", "gitlab.example.com:sub" = ["project_path:shop/engine:ref_type:tag:ref:v*"] } },
      ]
    }
    error_message = "A token is known by subject and audience; who pushes images neither plans nor applies, and a merge request does not apply."
  }

  assert {
    condition     = alltrue([for policy in concat([aws_iam_policy.read, aws_iam_policy.boundary], values(aws_iam_policy.change), values(aws_iam_policy.state)) : length(policy.policy) < 6144])
    error_message = "IAM takes policies of 6144 characters."
  }

  assert {
    condition     = !can(regex(":(Create|Put|Delete|Update|Modify|GetObject)", aws_iam_policy.read.policy))
    error_message = "A plan reads settings, and no data."
  }

  assert {
    condition     = jsondecode(aws_iam_policy.read.policy).Statement[0].Resource == ["arn:aws:secretsmanager:*:111122223333:secret:shop/production/orders/credentials-??????"]
    error_message = "Of secrets it reads those that it wrote."
  }

  assert {
    condition     = jsondecode(aws_iam_policy.state["plan"].policy).Statement[1].Resource[0] == "arn:aws:s3:::shop-production-tfstate/shop/production/*.tflock"
    error_message = "A plan writes its lock and nothing else."
  }

  assert {
    condition     = jsondecode(aws_iam_policy.change["rights"].policy).Statement[0].Condition.StringEquals["iam:PermissionsBoundary"] == "arn:aws:iam::111122223333:policy/shop-production-boundary"
    error_message = "A role that CI makes is bounded."
  }

  assert {
    condition     = anytrue([for each in jsondecode(aws_iam_policy.change["rights"].policy).Statement : each.Effect == "Deny" && contains(flatten([each.Resource]), "arn:aws:iam::111122223333:role/shop-production-ci-*")])
    error_message = "CI cannot change its own trust."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.push[0].policy).Statement[1].Resource == "arn:aws:ecr:us-east-1:111122223333:repository/shop/*"
    error_message = "A build pushes below its registry alone, and not where a name only begins like it."
  }

  assert {
    condition     = contains([for each in jsondecode(aws_iam_policy.boundary.policy).Statement : each if each.Effect == "Deny"], { Sid = "NeverAnother", Effect = "Deny", Action = ["sts:AssumeRole"], Resource = "arn:aws:iam::111122223333:role/*" })
    error_message = "A role that CI makes cannot become another one of the account, which may trust all of it."
  }

  assert {
    condition     = length(setintersection(flatten([for each in jsondecode(aws_iam_policy.boundary.policy).Statement : each.Action if each.Effect == "Deny"]), local.destroys)) == length(local.destroys)
    error_message = "What CI may not destroy none of its roles may either."
  }

  assert {
    condition     = contains(flatten([for each in jsondecode(aws_iam_policy.change["network"].policy).Statement : each.Action if !can(each.Condition)]), "route53:AssociateVPCWithHostedZone")
    error_message = "An endpoint with names of its own needs a zone, whose service is in no region."
  }
}

run "another_environment_owns_the_account" {
  command = plan

  variables {
    repositories = null
    secrets      = []
    oidc = {
      issuer         = "https://token.actions.githubusercontent.com"
      audience       = "sts.amazonaws.com"
      create         = false
      plan_subjects  = ["repo:shop/platform:pull_request"]
      apply_subjects = ["repo:shop/platform:environment:production"]
      push_subjects  = []
    }
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.ci) == 0
    error_message = "An account has one provider for an issuer."
  }

  assert {
    condition     = toset(keys(aws_iam_role.ci)) == toset(["apply", "plan"])
    error_message = "Without repositories nobody pushes."
  }

  assert {
    condition     = jsondecode(aws_iam_role.ci["plan"].assume_role_policy).Statement[0].Principal.Federated == "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    error_message = "The provider is found by its name."
  }

  assert {
    condition     = jsondecode(aws_iam_role.ci["plan"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == ["repo:shop/platform:pull_request"]
    error_message = "Each role has its own subjects."
  }
}
