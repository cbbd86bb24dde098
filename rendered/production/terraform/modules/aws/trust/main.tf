# What pipelines may do in this account. They have no keys: each run brings a token of its issuer, and a role looks at
# the token's subject and audience.

locals {
  issuer       = trimsuffix(trimprefix(var.oidc.issuer, "https://"), "/")
  provider_arn = "arn:${var.partition}:iam::${var.account}:oidc-provider/${local.issuer}"
  boundary_arn = "arn:${var.partition}:iam::${var.account}:policy/${var.prefix}-boundary"
  role_arns    = [for pattern in var.role_patterns : "arn:${var.partition}:iam::${var.account}:role/${pattern}"]

  # Secrets Manager ends a secret's ARN in six signs of its own.
  secret_arns = [for name in var.secrets : "arn:${var.partition}:secretsmanager:*:${var.account}:secret:${name}-??????"]

  subjects = merge(
    { plan = var.oidc.plan_subjects, apply = var.oidc.apply_subjects },
    var.repositories == null || length(var.oidc.push_subjects) == 0 ? {} : { push = var.oidc.push_subjects },
  )

  # The repositories below the registry's prefix, and none that only begins like it.
  images_arn = var.repositories == null ? null : join("", [
    "arn:${var.partition}:ecr:${var.repositories.region}:${var.account}:repository/",
    var.repositories.prefix == "" ? "*" : "${var.repositories.prefix}/*",
  ])

  # What neither CI does nor any role that it makes.
  destroys = [
    "eks:DeleteCluster",
    "elasticache:DeleteReplicationGroup",
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
    "rds:DeleteDBInstance",
    "route53:DeleteHostedZone",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "secretsmanager:DeleteSecret",
  ]

  # Whole subjects and those that end in '*' are compared by different words of IAM, and both words in one condition
  # would have to hold.
  compared = {
    for name, subjects in local.subjects : name => {
      for word, found in {
        StringEquals = [for subject in subjects : subject if !strcontains(subject, "*")]
        StringLike   = [for subject in subjects : subject if strcontains(subject, "*")]
      } : word => found if length(found) > 0
    }
  }
}

resource "aws_iam_openid_connect_provider" "ci" {
  count = var.oidc.create ? 1 : 0

  url            = trimsuffix(var.oidc.issuer, "/")
  client_id_list = [var.oidc.audience]

  lifecycle {
    prevent_destroy = true
  }
}

# plan: reads everything but data. apply: changes what the root modules make. push: images.
resource "aws_iam_role" "ci" {
  for_each = local.subjects

  name                 = "${var.prefix}-ci-${each.key}"
  description          = "Pipelines that ${each.key}, trusted by their token's subject"
  max_session_duration = each.key == "apply" ? 7200 : 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for word, subjects in local.compared[each.key] : {
      Effect    = "Allow"
      Principal = { Federated = local.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        (word) = {
          "${local.issuer}:aud" = var.oidc.audience
          "${local.issuer}:sub" = subjects
        }
      }
    }]
  })

  depends_on = [aws_iam_openid_connect_provider.ci]
}

# The most that a role can do which CI makes: not more than CI itself where rights are concerned, or CI could give
# itself every right by way of a role.
resource "aws_iam_policy" "boundary" {
  name        = "${var.prefix}-boundary"
  description = "The most that roles made by CI can do"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AllButRights"
        Effect    = "Allow"
        NotAction = ["account:*", "iam:*", "identitystore:*", "organizations:*", "sso:*", "sso-directory:*"]
        Resource  = "*"
      },
      {
        # The load balancer controller and EKS ask for these.
        Sid      = "ReadRights"
        Effect   = "Allow"
        Action   = ["iam:CreateServiceLinkedRole", "iam:GetRole", "iam:GetServerCertificate", "iam:ListAttachedRolePolicies", "iam:ListServerCertificates"]
        Resource = "*"
      },
      {
        # Many roles trust their whole account, and this would be the way to be one of them.
        Sid      = "NeverAnother"
        Effect   = "Deny"
        Action   = ["sts:AssumeRole"]
        Resource = "arn:${var.partition}:iam::${var.account}:role/*"
      },
      {
        Sid      = "NeverData"
        Effect   = "Deny"
        Action   = local.destroys
        Resource = "*"
      },
    ]
  })
}
