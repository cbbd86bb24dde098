# The names by which the cluster finds its databases: the manifests know these, and not what AWS makes up.

locals {
  targets = merge(
    { for key, database in var.databases : database.record => aws_db_instance.this[key].address if database.record != null },
    { for key, cache in var.caches : cache.record => aws_elasticache_replication_group.this[key].primary_endpoint_address if cache.record != null },
  )
}

data "aws_route53_zone" "this" {
  count = var.zone == null ? 0 : 1

  name         = var.zone
  private_zone = false
}

resource "aws_route53_record" "store" {
  for_each = var.zone == null ? {} : local.targets

  zone_id = data.aws_route53_zone.this[0].zone_id
  name    = each.key
  type    = "CNAME"
  ttl     = var.record_ttl
  records = [each.value]
}
