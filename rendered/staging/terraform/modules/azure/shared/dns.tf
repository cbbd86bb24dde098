resource "azurerm_dns_zone" "public" {
  count = var.dns_zone == null ? 0 : 1

  name                = var.dns_zone.name
  resource_group_name = var.dns_zone.resource_group
  tags                = var.tags

  lifecycle {
    # A new zone has other name servers: the parent would point to nothing.
    prevent_destroy = true
  }
}
