# An apply changes what the root modules make, in the environment's regions. It destroys no data and no keys: that is a
# person's decision.

locals {
  here = { StringEquals = { "aws:RequestedRegion" = var.regions } }

  changes = {
    network = [
      {
        Sid    = "Network"
        Effect = "Allow"
        Action = [
          "ec2:*Address*",
          "ec2:*FlowLogs",
          "ec2:*InternetGateway",
          "ec2:*NatGateway",
          "ec2:*NetworkAcl*",
          "ec2:*NetworkInterface*",
          "ec2:*Route*",
          "ec2:*SecurityGroup*",
          "ec2:*Subnet*",
          "ec2:*Tags",
          "ec2:*Vpc",
          "ec2:*VpcAttribute",
          "ec2:*VpcCidrBlock",
          "ec2:*VpcEndpoint*",
          "ec2:*VpnGateway",
        ]
        Resource  = "*"
        Condition = local.here
      },
      {
        # A Direct Connect gateway is in no region; the connections themselves are others' to make and to end.
        Sid    = "DirectConnect"
        Effect = "Allow"
        Action = [
          "directconnect:*DirectConnectGateway*",
          "directconnect:*PrivateVirtualInterface",
          "directconnect:*TagResource",
          "directconnect:DeleteVirtualInterface",
          "directconnect:UpdateVirtualInterfaceAttributes",
        ]
        Resource = "*"
      },
      {
        # The names of an endpoint are a zone of AWS' own, which is in no region either.
        Sid      = "EndpointNames"
        Effect   = "Allow"
        Action   = ["route53:AssociateVPCWithHostedZone"]
        Resource = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Action    = ["logs:*LogDelivery", "logs:*LogGroup", "logs:*RetentionPolicy", "logs:*TagResource", "logs:AssociateKmsKey"]
        Resource  = "*"
        Condition = local.here
      },
    ]

    cluster = [
      {
        Sid    = "Cluster"
        Effect = "Allow"
        Action = [
          "ec2:*CapacityReservation",
          "ec2:*LaunchTemplate*",
          "ec2:*PlacementGroup",
          # EKS asks whether whoever names a launch template may start its machines.
          "ec2:RunInstances",
          "eks:*",
        ]
        Resource  = "*"
        Condition = local.here
      },
      {
        Sid    = "Keys"
        Effect = "Allow"
        Action = [
          "kms:*Alias",
          "kms:*TagResource",
          "kms:CreateGrant",
          "kms:CreateKey",
          "kms:Decrypt",
          "kms:EnableKeyRotation",
          "kms:Encrypt",
          "kms:GenerateDataKey*",
          "kms:PutKeyPolicy",
          "kms:ReEncrypt*",
          "kms:UpdateKeyDescription",
        ]
        Resource  = "*"
        Condition = local.here
      },
    ]

    # A statement without a resource would be refused.
    data = concat(length(var.secrets) == 0 ? [] : [
      {
        Sid       = "Secrets"
        Effect    = "Allow"
        Action    = ["secretsmanager:*TagResource", "secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:RemoveRegionsFromReplication", "secretsmanager:ReplicateSecretToRegions", "secretsmanager:UpdateSecret*"]
        Resource  = local.secret_arns
        Condition = local.here
      },
      ], [
      {
        Sid    = "Databases"
        Effect = "Allow"
        Action = [
          "elasticache:*Tags*",
          "elasticache:Create*",
          "elasticache:DeleteCacheParameterGroup",
          "elasticache:DeleteCacheSubnetGroup",
          "elasticache:*ReplicaCount",
          "elasticache:Modify*",
          "rds:*Tags*",
          "rds:Create*",
          "rds:DeleteDBParameterGroup",
          "rds:DeleteDBSubnetGroup",
          "rds:Modify*",
          "rds:*AutomatedBackupsReplication",
          "rds:PromoteReadReplica",
        ]
        Resource  = "*"
        Condition = local.here
      },
      {
        Sid    = "Buckets"
        Effect = "Allow"
        Action = [
          "s3:CreateBucket",
          "s3:DeleteBucketPolicy",
          "s3:PutBucket*",
          "s3:PutEncryptionConfiguration",
          "s3:PutLifecycleConfiguration",
          "s3:PutReplicationConfiguration",
          "s3:*TagResource",
        ]
        Resource = [for pattern in var.bucket_patterns : "arn:${var.partition}:s3:::${pattern}"]
      },
    ])

    shared = [
      {
        Sid    = "Account"
        Effect = "Allow"
        Action = [
          "budgets:ModifyBudget",
          "budgets:*TagResource",
          "route53:ChangeResourceRecordSets",
          "route53:ChangeTagsForResource",
          "route53:CreateHostedZone",
          "route53:UpdateHostedZoneComment",
        ]
        Resource = "*"
      },
      {
        Sid       = "Disks"
        Effect    = "Allow"
        Action    = ["ec2:*EbsEncryptionByDefault"]
        Resource  = "*"
        Condition = local.here
      },
      {
        Sid    = "Topics"
        Effect = "Allow"
        Action = [
          "sns:*TagResource",
          "sns:CreateTopic",
          "sns:DeleteTopic",
          "sns:SetTopicAttributes",
          "sns:Subscribe",
          "sns:Unsubscribe",
        ]
        Resource = "arn:${var.partition}:sns:*:${var.account}:${var.prefix}-*"
      },
      {
        Sid    = "Registry"
        Effect = "Allow"
        Action = [
          "ecr:*LifecyclePolicy",
          "ecr:*TagResource",
          "ecr:CreateRepository",
          "ecr:PutImageScanningConfiguration",
          "ecr:PutImageTagMutability",
          "ecr:SetRepositoryPolicy",
        ]
        Resource = var.repositories == null ? "arn:${var.partition}:ecr:*:${var.account}:repository/${var.prefix}/*" : local.images_arn
      },
    ]

    rights = [
      {
        Sid      = "MakeBounded"
        Effect   = "Allow"
        Action   = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
        Resource = local.role_arns
        # Without the boundary a role could have rights that CI has not.
        Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
      },
      {
        Sid    = "Keep"
        Effect = "Allow"
        Action = [
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:TagRole",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
          "iam:UpdateRoleDescription",
        ]
        Resource = local.role_arns
      },
      {
        Sid      = "Pass"
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = local.role_arns
        Condition = {
          StringEquals = {
            "iam:PassedToService" = [
              "ec2.amazonaws.com",
              "eks.amazonaws.com",
              "monitoring.rds.amazonaws.com",
              "pods.eks.amazonaws.com",
              "s3.amazonaws.com",
              "vpc-flow-logs.amazonaws.com",
            ]
          }
        }
      },
      {
        Sid      = "Providers"
        Effect   = "Allow"
        Action   = ["iam:*OpenIDConnectProvider*"]
        Resource = ["arn:${var.partition}:iam::${var.account}:oidc-provider/container.googleapis.com/*", "arn:${var.partition}:iam::${var.account}:oidc-provider/oidc.eks.*"]
      },
      {
        Sid      = "ServicesOwn"
        Effect   = "Allow"
        Action   = ["iam:CreateServiceLinkedRole"]
        Resource = "arn:${var.partition}:iam::${var.account}:role/aws-service-role/*"
        Condition = {
          StringEquals = {
            "iam:AWSServiceName" = [
              "autoscaling.amazonaws.com",
              "eks-nodegroup.amazonaws.com",
              "eks.amazonaws.com",
              "elasticache.amazonaws.com",
              "rds.amazonaws.com",
            ]
          }
        }
      },
      {
        # Its own trust is a person's to change, by bootstrap.
        Sid    = "NeverTrust"
        Effect = "Deny"
        Action = [
          "iam:Add*",
          "iam:Attach*",
          "iam:Create*",
          "iam:Delete*",
          "iam:Detach*",
          "iam:PassRole",
          "iam:Put*",
          "iam:Remove*",
          "iam:Set*",
          "iam:Tag*",
          "iam:Untag*",
          "iam:Update*",
        ]
        Resource = [
          local.boundary_arn,
          local.provider_arn,
          "arn:${var.partition}:iam::${var.account}:policy/${var.prefix}-ci-*",
          "arn:${var.partition}:iam::${var.account}:role/${var.prefix}-ci-*",
        ]
      },
      {
        # Nor may it weaken the buckets of states, whose names may look like those of its own.
        Sid    = "NeverStates"
        Effect = "Deny"
        Action = [
          "s3:DeleteBucketPolicy",
          "s3:DeleteObjectVersion",
          "s3:PutBucket*",
          "s3:PutEncryptionConfiguration",
          "s3:PutLifecycleConfiguration",
          "s3:PutReplicationConfiguration",
        ]
        Resource = flatten([
          for state in var.states : [
            "arn:${var.partition}:s3:::${state.bucket}",
            "arn:${var.partition}:s3:::${state.bucket}/*",
          ]
        ])
      },
      {
        Sid      = "NeverData"
        Effect   = "Deny"
        Action   = concat(local.destroys, ["iam:DeleteRolePermissionsBoundary"])
        Resource = "*"
      },
    ]
  }
}

resource "aws_iam_policy" "change" {
  for_each = local.changes

  name        = "${var.prefix}-ci-${each.key}"
  description = "What an apply changes: ${each.key}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_role_policy_attachment" "change" {
  for_each = local.changes

  role       = aws_iam_role.ci["apply"].name
  policy_arn = aws_iam_policy.change[each.key].arn
}
