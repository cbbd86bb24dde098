locals {
  network = "projects/${var.account}/global/networks/${var.name}"

  # Names under which pods look for what Google has given an address. Each is a zone of its own, which holds one name
  # and hides no other; the world outside need not know private addresses.
  hosts = merge(
    { for name, database in var.databases : name => { host = database.host, address = google_sql_database_instance.this[name].private_ip_address } if database.host != null },
    { for name, cache in var.caches : name => { host = cache.host, address = google_redis_instance.this[name].host } if cache.host != null },
  )
}

resource "google_dns_managed_zone" "this" {
  for_each = { for name, entry in merge(var.databases, var.caches) : name => entry.host if entry.host != null }

  project     = var.account
  name        = "${substr(var.name, 0, 31)}-${substr(sha256("${var.name} ${each.key}"), 0, 8)}"
  dns_name    = "${each.value}."
  description = "The address of ${each.key}"
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = local.network
    }
  }
}

resource "google_dns_record_set" "this" {
  for_each = google_dns_managed_zone.this

  project      = var.account
  managed_zone = each.value.name
  name         = each.value.dns_name
  type         = "A"
  # After a failover the address is another.
  ttl     = 30
  rrdatas = [local.hosts[each.key].address]
}
