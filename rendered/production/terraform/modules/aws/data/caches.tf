# Redis. Callers speak TLS and say the password.

resource "aws_elasticache_subnet_group" "this" {
  count = length(var.caches) > 0 ? 1 : 0

  name        = var.name
  description = "Subnets of the caches of ${var.name}"
  subnet_ids  = [for zone in var.zones : data.aws_subnet.databases[zone].id]
}

resource "aws_elasticache_replication_group" "this" {
  for_each = var.caches

  replication_group_id = each.value.identifier
  description          = "${each.key} of ${var.name}"
  engine               = "redis"
  engine_version       = each.value.version
  node_type            = each.value.machine
  port                 = each.value.port

  num_cache_clusters         = each.value.replicas + 1
  automatic_failover_enabled = each.value.replicas > 0
  multi_az_enabled           = each.value.replicas > 0

  subnet_group_name  = aws_elasticache_subnet_group.this[0].name
  security_group_ids = [aws_security_group.store[each.key].id]

  at_rest_encryption_enabled = tostring(var.encryption_at_rest)
  kms_key_id                 = try(aws_kms_key.this["databases"].arn, null)
  transit_encryption_enabled = true
  auth_token_wo              = local.passwords[each.key]
  auth_token_wo_version      = var.edition

  # The old password goes on until everybody has the new one.
  auth_token_update_strategy = "ROTATE"

  apply_immediately          = false
  maintenance_window         = var.maintenance_window
  auto_minor_version_upgrade = "false"

  snapshot_window          = each.value.snapshot_days > 0 ? var.backup_window : null
  snapshot_retention_limit = each.value.snapshot_days

  lifecycle {
    prevent_destroy = true
  }
}
