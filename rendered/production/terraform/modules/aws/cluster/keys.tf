# Keys that turn once a year. One that is destroyed can be brought back for thirty days.

locals {
  account_statement = {
    # The account's own policies decide who uses it.
    Sid       = "Account"
    Effect    = "Allow"
    Principal = { AWS = "arn:${var.partition}:iam::${var.account}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  key_statements = {
    secrets = []

    logs = [{
      Sid       = "CloudWatch"
      Effect    = "Allow"
      Principal = { Service = "logs.${var.region}.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      Resource  = "*"
      Condition = {
        ArnEquals = {
          "kms:EncryptionContext:aws:logs:arn" = "arn:${var.partition}:logs:${var.region}:${var.account}:log-group:${local.log_group}"
        }
      }
    }]

    # As AWS' own key for disks: whoever of this account may use a disk, by way of EC2. The autoscaling group's role,
    # which starts the machines, need not exist yet.
    disks = [{
      Sid       = "Disks"
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      Resource  = "*"
      Condition = {
        StringEquals = {
          "kms:CallerAccount" = var.account
          "kms:ViaService"    = "ec2.${var.region}.amazonaws.com"
        }
      }
    }]
  }
}

resource "aws_kms_key" "this" {
  for_each = var.encryption_at_rest ? local.key_statements : {}

  description             = "${var.name}: ${each.key}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = jsonencode({ Version = "2012-10-17", Statement = concat([local.account_statement], each.value) })
}

resource "aws_kms_alias" "this" {
  for_each = aws_kms_key.this

  name          = "alias/${var.name}-${each.key}"
  target_key_id = each.value.key_id
}
