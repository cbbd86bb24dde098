data "azurerm_client_config" "current" {}

# A private way to each of what lies outside of the network's own subnets.
locals {
  endpoints = merge(
    { for name, cache in azurerm_managed_redis.caches : "redis-${name}" => { id = cache.id, part = "redisEnterprise", zone = "redis", manual = false } },
    { for account in azurerm_storage_account.backups : "backups" => { id = account.id, part = "blob", zone = "blob", manual = false } },
    var.secrets_vault == null ? {} : { secrets = { id = var.secrets_vault.id, part = "vault", zone = "vault", manual = var.secrets_vault.manual } },
  )
}

resource "azurerm_private_endpoint" "endpoints" {
  for_each = local.endpoints

  name                = "${var.name}-${substr(each.key, 0, 5)}-${substr(sha256(each.key), 0, 6)}"
  resource_group_name = var.resource_group
  location            = var.location
  subnet_id           = var.subnet_ids.endpoints
  tags                = var.tags

  private_service_connection {
    name                           = each.value.zone
    private_connection_resource_id = each.value.id
    subresource_names              = [each.value.part]
    # Who may not say yes there asks for it.
    is_manual_connection = each.value.manual
    request_message      = each.value.manual ? "The services' secrets of ${var.name}" : null
  }
  private_dns_zone_group {
    name                 = each.value.zone
    private_dns_zone_ids = [var.zone_ids[each.value.zone]]
  }

  depends_on = [azurerm_key_vault.secrets]
}

# The names that the manifests use. The zone is public and the addresses behind them are private.
resource "azurerm_dns_cname_record" "datastores" {
  for_each = var.dns_zone == null ? {} : merge(
    { for name, server in var.databases : server.record => azurerm_postgresql_flexible_server.databases[name].fqdn if server.record != null },
    { for name, cache in var.caches : cache.record => azurerm_managed_redis.caches[name].hostname if cache.record != null },
  )

  name                = each.key
  zone_name           = var.dns_zone.name
  resource_group_name = var.dns_zone.resource_group
  ttl                 = var.dns_zone.ttl
  record              = each.value
  tags                = var.tags
}
