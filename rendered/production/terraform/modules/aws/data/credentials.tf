# Passwords. They are drawn in the moment of an apply, and stand in no plan and no state: what is written once and never
# kept needs no version of its value, only of its number. A higher `edition` draws new ones, here and in the databases.

locals {
  passwords = { for key in concat(keys(var.databases), keys(var.caches)) : key => uuid() }
}

# Where the services' secrets are read. One cluster makes them for all; another cluster's database, or one that was made
# before its secret, is told by hand: aws rds modify-db-instance, aws elasticache modify-replication-group.
resource "aws_secretsmanager_secret" "this" {
  for_each = var.secrets

  name                    = each.value
  description             = "Credentials of ${each.key}, made by ${var.name}"
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.secret_regions

    content {
      region = replica.value
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = var.secrets

  secret_id                = aws_secretsmanager_secret.this[each.key].id
  secret_string_wo         = jsonencode({ username = var.username, password = lookup(local.passwords, each.key, uuid()) })
  secret_string_wo_version = var.edition

  # Written last, and so by the apply that made the databases: one that fails before leaves no password behind that the
  # next one's database would not have.
  depends_on = [aws_db_instance.this, aws_elasticache_replication_group.this]
}
