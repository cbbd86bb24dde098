# Postgres. Whoever writes to one reads its password in the secret that credentials.tf makes.

locals {
  copied_here = [
    for key, database in var.databases : key
    if startswith(coalesce(database.source_arn, "-"), "arn:${var.partition}:rds:${var.region}:")
  ]

  written = { for key, database in var.databases : key => database if database.source_arn == null }
}

resource "aws_db_subnet_group" "this" {
  count = length(var.databases) > 0 ? 1 : 0

  name        = var.name
  description = "Subnets of the databases of ${var.name}"
  subnet_ids  = [for zone in var.zones : data.aws_subnet.databases[zone].id]
}

resource "aws_db_instance" "this" {
  for_each = var.databases

  identifier     = each.value.identifier
  instance_class = each.value.machine
  port           = each.value.port
  multi_az       = each.value.multi_zone

  # What a copy follows it also takes from there.
  replicate_source_db = each.value.source_arn
  engine              = each.value.source_arn == null ? "postgres" : null
  engine_version      = each.value.source_arn == null ? each.value.version : null
  allocated_storage   = each.value.source_arn == null ? each.value.storage_gib : null
  db_name             = each.value.source_arn == null ? var.username : null
  username            = each.value.source_arn == null ? var.username : null
  password_wo         = each.value.source_arn == null ? local.passwords[each.key] : null
  password_wo_version = each.value.source_arn == null ? var.edition : null

  # It grows by itself, to twice its size; a tenth more is the least that RDS takes.
  storage_type          = "gp3"
  max_allocated_storage = each.value.storage_gib * 1.1 < 65536 ? min(2 * each.value.storage_gib, 65536) : null
  storage_encrypted     = var.encryption_at_rest

  # A copy in the same region has its source's key.
  kms_key_id = contains(local.copied_here, each.key) ? null : try(aws_kms_key.this["databases"].arn, null)

  db_subnet_group_name   = aws_db_subnet_group.this[0].name
  vpc_security_group_ids = [aws_security_group.store[each.key].id]
  publicly_accessible    = false

  # Nothing changes but in the window, and no version but by the spec.
  apply_immediately           = false
  maintenance_window          = var.maintenance_window
  auto_minor_version_upgrade  = false
  allow_major_version_upgrade = false

  backup_window            = var.backup_window
  backup_retention_period  = each.value.backup_days
  copy_tags_to_snapshot    = true
  delete_automated_backups = false

  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = var.deletion_protection ? "${each.value.identifier}-final" : null

  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  lifecycle {
    prevent_destroy = true
  }
}

# Backups in another region, where nothing follows the database there.
resource "aws_db_instance_automated_backups_replication" "this" {
  for_each = local.offsite == null ? {} : { for key, database in local.written : key => database if database.backup_days > 0 }

  region                 = local.offsite.region
  source_db_instance_arn = aws_db_instance.this[each.key].arn
  kms_key_id             = try(aws_kms_key.this["offsite"].arn, null)
  retention_period       = each.value.backup_days
}
