# Servers within networks copy from each other where their networks are joined, and each knows the other's names: source
# and copy talk both ways, and change places.

locals {
  joined = var.primary_network == null ? 0 : 1
  # .../virtualNetworks/<name>/subnets/<subnet>
  network_id    = split("/subnets/", var.subnet_ids.endpoints)[0]
  network_name  = basename(local.network_id)
  network_group = split("/", local.network_id)[4]
}

resource "azurerm_virtual_network_peering" "to_primary" {
  count = local.joined

  name                      = var.primary_network.name
  resource_group_name       = local.network_group
  virtual_network_name      = local.network_name
  remote_virtual_network_id = var.primary_network.id
}

resource "azurerm_virtual_network_peering" "from_primary" {
  count = local.joined

  name                      = local.network_name
  resource_group_name       = var.primary_network.resource_group
  virtual_network_name      = var.primary_network.name
  remote_virtual_network_id = local.network_id
}

resource "azurerm_private_dns_zone_virtual_network_link" "of_primary" {
  count = local.joined

  name                 = local.network_name
  private_dns_zone_id  = var.primary_network.zone_id
  virtual_network_id   = local.network_id
  registration_enabled = false
  tags                 = var.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "for_primary" {
  count = local.joined

  name                 = var.primary_network.name
  private_dns_zone_id  = var.zone_ids["postgres"]
  virtual_network_id   = var.primary_network.id
  registration_enabled = false
  tags                 = var.tags
}
