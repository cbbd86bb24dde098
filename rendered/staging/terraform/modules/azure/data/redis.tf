resource "azurerm_managed_redis" "caches" {
  for_each = var.caches

  name                      = each.value.name
  resource_group_name       = var.resource_group
  location                  = var.location
  sku_name                  = each.value.sku
  high_availability_enabled = each.value.high_availability
  public_network_access     = "Disabled"

  default_database {
    client_protocol = "Encrypted"

    # One address and one port: clients need not know Redis' cluster protocol.
    clustering_policy = "EnterpriseCluster"
    eviction_policy   = "VolatileLRU"

    # A key would lie in the state: services log in by Entra.
    access_keys_authentication_enabled            = false
    persistence_append_only_file_backup_frequency = each.value.persistent ? "1s" : null
  }

  tags = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

locals {
  users = merge([
    for name, cache in var.caches : { for service, identity in cache.users : "${name}/${service}" => { cache = name, identity = identity } }
  ]...)
}

data "azurerm_user_assigned_identity" "users" {
  for_each = local.users

  name                = each.value.identity.name
  resource_group_name = each.value.identity.resource_group
}

resource "azurerm_managed_redis_access_policy_assignment" "users" {
  for_each = local.users

  managed_redis_id = azurerm_managed_redis.caches[each.value.cache].id
  object_id        = data.azurerm_user_assigned_identity.users[each.key].principal_id
}
