# Keys that turn once a year, one for each kind of data, so that a mistake with one reaches one.

locals {
  uses = merge(
    length(var.databases) + length(var.caches) > 0 ? { databases = var.region } : {},
    var.backups == null ? {} : { backups = var.region },
    local.offsite == null ? {} : { offsite = local.offsite.region },
  )

  services = { databases = ["rds", "elasticache"], backups = ["s3"], offsite = ["s3", "rds"] }
}

resource "aws_kms_key" "this" {
  for_each = var.encryption_at_rest ? local.uses : {}

  region                  = each.value
  description             = "${var.name}: ${each.key}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # The account's own policies decide who uses it.
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        # Whoever of this account may read or write there, by way of the service and never without it.
        Sid       = "Service"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:CallerAccount" = var.account
            "kms:ViaService"    = [for service in local.services[each.key] : "${service}.${each.value}.amazonaws.com"]
          }
        }
      },
    ]
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "this" {
  for_each = aws_kms_key.this

  region        = local.uses[each.key]
  name          = "alias/${var.name}-${each.key}"
  target_key_id = each.value.key_id
}
