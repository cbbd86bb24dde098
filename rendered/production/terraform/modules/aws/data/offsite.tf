# A copy of every backup in another region. What is deleted here is not deleted there.

resource "aws_iam_role" "offsite" {
  count = local.offsite == null ? 0 : 1

  name                 = "${var.name}-offsite"
  description          = "Copies backups of ${var.name} to ${local.offsite.region}"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account } }
    }]
  })
}

resource "aws_iam_role_policy" "offsite" {
  count = local.offsite == null ? 0 : 1

  name = "copy"
  role = aws_iam_role.offsite[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Watch"
          Effect   = "Allow"
          Action   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
          Resource = ["arn:${var.partition}:s3:::${var.backups.bucket}"]
        },
        {
          Sid    = "Read"
          Effect = "Allow"
          Action = [
            "s3:GetObjectLegalHold",
            "s3:GetObjectRetention",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionTagging",
          ]
          Resource = ["arn:${var.partition}:s3:::${var.backups.bucket}/*"]
        },
        {
          Sid      = "Write"
          Effect   = "Allow"
          Action   = ["s3:ReplicateObject", "s3:ReplicateTags"]
          Resource = ["arn:${var.partition}:s3:::${local.offsite.bucket}/*"]
        },
      ],
      var.encryption_at_rest ? [
        {
          Sid      = "Open"
          Effect   = "Allow"
          Action   = ["kms:Decrypt"]
          Resource = [aws_kms_key.this["backups"].arn]
        },
        {
          Sid      = "Seal"
          Effect   = "Allow"
          Action   = ["kms:Encrypt", "kms:GenerateDataKey"]
          Resource = [aws_kms_key.this["offsite"].arn]
        },
      ] : [],
    )
  })
}

resource "aws_s3_bucket_replication_configuration" "offsite" {
  count = local.offsite == null ? 0 : 1

  region = var.region
  bucket = aws_s3_bucket.this["backups"].id
  role   = aws_iam_role.offsite[0].arn

  rule {
    id     = "offsite"
    status = "Enabled"

    filter {}

    delete_marker_replication {
      status = "Disabled"
    }

    dynamic "source_selection_criteria" {
      for_each = var.encryption_at_rest ? ["kms"] : []

      content {
        sse_kms_encrypted_objects {
          status = "Enabled"
        }
      }
    }

    destination {
      bucket        = aws_s3_bucket.this["offsite"].arn
      storage_class = "STANDARD_IA"

      dynamic "encryption_configuration" {
        for_each = var.encryption_at_rest ? [aws_kms_key.this["offsite"].arn] : []

        content {
          replica_kms_key_id = encryption_configuration.value
        }
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
