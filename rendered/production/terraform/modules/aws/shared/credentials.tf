# Passwords of managed databases. They are drawn here, go to Secrets Manager, and stand in no state and no plan: an
# ephemeral value and write-only arguments. The services read them there; another backend gets them by hand, once.

ephemeral "aws_secretsmanager_random_password" "this" {
  for_each = try(var.credentials.names, toset([]))

  # RDS and ElastiCache refuse several signs; forty letters and digits are enough without.
  password_length     = 40
  exclude_punctuation = true
  region              = var.credentials.region
}

resource "aws_secretsmanager_secret" "this" {
  for_each = try(var.credentials.names, toset([]))

  region                  = var.credentials.region
  name                    = each.value
  description             = "Credentials of a managed database of ${var.prefix}"
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.credentials.replicas

    content {
      region = replica.value
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = aws_secretsmanager_secret.this

  region                   = var.credentials.region
  secret_id                = each.value.id
  secret_string_wo_version = var.credentials.edition

  secret_string_wo = jsonencode({
    username = var.credentials.username
    password = ephemeral.aws_secretsmanager_random_password.this[each.key].random_password
  })
}
