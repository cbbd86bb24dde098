# Azure asks for an administrator with a password. Nobody ever learns it: it is made up while it is applied, written and
# not kept. The groups of Entra administer; they give services' roles the passwords of the secrets backend.
resource "azurerm_postgresql_flexible_server" "databases" {
  for_each = var.databases

  name                = each.value.name
  resource_group_name = var.resource_group
  location            = var.location
  version             = each.value.version
  sku_name            = each.value.sku
  storage_mb          = each.value.storage_mb
  auto_grow_enabled   = true
  zone                = each.value.zone

  delegated_subnet_id           = var.subnet_ids.databases
  private_dns_zone_id           = var.zone_ids["postgres"]
  public_network_access_enabled = false

  # A standby's server follows the primary's, and is not written to.
  create_mode                       = each.value.source == null ? "Default" : "Replica"
  source_server_id                  = each.value.source
  administrator_login               = each.value.source == null ? "hftgen" : null
  administrator_password_wo         = each.value.source == null ? "Aa1-${uuid()}" : null
  administrator_password_wo_version = each.value.source == null ? 1 : null

  authentication {
    active_directory_auth_enabled = true
    password_auth_enabled         = true
    tenant_id                     = data.azurerm_client_config.current.tenant_id
  }

  backup_retention_days        = each.value.backup_days
  geo_redundant_backup_enabled = each.value.geo_backups

  dynamic "high_availability" {
    for_each = each.value.ha_mode == null ? [] : [each.value]

    content {
      mode                      = high_availability.value.ha_mode
      standby_availability_zone = high_availability.value.standby_zone
    }
  }

  dynamic "maintenance_window" {
    for_each = each.value.window == null ? [] : [each.value.window]

    content {
      day_of_week  = maintenance_window.value.day
      start_hour   = maintenance_window.value.hour
      start_minute = 0
    }
  }

  tags = var.tags

  lifecycle {
    prevent_destroy = true
    # A failover changes zones, a disk grows by itself, and one that shrank would be another server; a standby that was
    # promoted by hand is no replica any more, and must not be made one again.
    ignore_changes = [
      zone,
      storage_mb,
      high_availability[0].standby_availability_zone,
      create_mode,
      source_server_id,
      administrator_login,
      administrator_password_wo_version,
    ]
  }

  # A copy that cannot reach its source by name is never made.
  depends_on = [
    azurerm_virtual_network_peering.to_primary,
    azurerm_virtual_network_peering.from_primary,
    azurerm_private_dns_zone_virtual_network_link.of_primary,
    azurerm_private_dns_zone_virtual_network_link.for_primary,
  ]
}

resource "azurerm_postgresql_flexible_server_active_directory_administrator" "groups" {
  for_each = {
    for pair in setproduct([for name, server in var.databases : name if server.source == null], var.admin_groups) :
    "${pair[0]}-${pair[1]}" => { server = pair[0], group = pair[1] }
  }

  server_name         = azurerm_postgresql_flexible_server.databases[each.value.server].name
  resource_group_name = var.resource_group
  tenant_id           = data.azurerm_client_config.current.tenant_id
  object_id           = each.value.group
  principal_name      = each.value.group
  principal_type      = "Group"
}
