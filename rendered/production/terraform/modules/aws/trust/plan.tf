# A plan reads settings, never data: no objects but the states, no values of secrets, no images.

resource "aws_iam_policy" "read" {
  name        = "${var.prefix}-ci-read"
  description = "What a plan reads"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(length(var.secrets) == 0 ? [] : [
      {
        # The one exception: the provider looks whether a secret still has the version that it wrote. It keeps nothing.
        Sid      = "Credentials"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = local.secret_arns
      },
      ], [
      {
        Sid    = "Settings"
        Effect = "Allow"
        Action = [
          "autoscaling:Describe*",
          "budgets:Describe*",
          "budgets:List*",
          "budgets:View*",
          "directconnect:Describe*",
          "ec2:Describe*",
          "ec2:Get*",
          "ecr:Describe*",
          "ecr:GetLifecyclePolicy",
          "ecr:GetRepositoryPolicy",
          "ecr:List*",
          "eks:Describe*",
          "eks:List*",
          "elasticache:Describe*",
          "elasticache:List*",
          "iam:Get*",
          "iam:List*",
          "kms:Describe*",
          "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus",
          "kms:List*",
          "logs:Describe*",
          "logs:List*",
          "rds:Describe*",
          "rds:List*",
          "route53:Get*",
          "route53:List*",
          "s3:GetAccelerateConfiguration",
          "s3:GetBucket*",
          "s3:GetEncryptionConfiguration",
          "s3:GetLifecycleConfiguration",
          "s3:GetReplicationConfiguration",
          "s3:ListAllMyBuckets",
          "s3:ListBucket",
          "s3:ListTagsForResource",
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetResourcePolicy",
          "secretsmanager:List*",
          "sns:Get*",
          "sns:List*",
          "ssm:DescribeParameters",
          "sts:GetCallerIdentity",
          "tag:GetResources",
        ]
        Resource = "*"
      },
    ])
  })
}

# The states, their locks and the key that encrypts them. A plan writes nothing but its lock.
resource "aws_iam_policy" "state" {
  for_each = toset(["plan", "apply"])

  name        = "${var.prefix}-ci-state-${each.key}"
  description = "States of ${var.prefix}, to ${each.key}"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Read"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = [for state in var.states : "arn:${var.partition}:s3:::${state.bucket}/${state.prefix}/*"]
      },
      {
        Sid    = "Write"
        Effect = "Allow"
        Action = ["s3:PutObject", "s3:DeleteObject"]
        Resource = [
          for state in var.states :
          "arn:${var.partition}:s3:::${state.bucket}/${state.prefix}/*${each.key == "plan" ? ".tflock" : ""}"
        ]
      },
      {
        Sid      = "Key"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
        Resource = "*"
        Condition = {
          "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = [for state in var.states : "alias/${state.bucket}"] }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "read" {
  for_each = toset(["plan", "apply"])

  role       = aws_iam_role.ci[each.key].name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_role_policy_attachment" "state" {
  for_each = toset(["plan", "apply"])

  role       = aws_iam_role.ci[each.key].name
  policy_arn = aws_iam_policy.state[each.key].arn
}
