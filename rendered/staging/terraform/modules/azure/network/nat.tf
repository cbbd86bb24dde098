locals {
  # An address lies in one zone or in all: of two Azure makes three, and every plan would replace it.
  address_zones = length(var.zones) > 0 ? ["1", "2", "3"] : null
}

# One address for all that leaves for the internet (images, updates); sessions with venues take their own way. A NAT
# gateway lies in one zone, which Azure chooses: no order depends on it.
resource "azurerm_public_ip" "nat" {
  name                = "${var.name}-nat"
  resource_group_name = var.resource_group
  location            = var.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = local.address_zones
  tags                = var.tags
}

resource "azurerm_nat_gateway" "main" {
  name                    = var.name
  resource_group_name     = var.resource_group
  location                = var.location
  sku_name                = "Standard"
  idle_timeout_in_minutes = 10
  tags                    = var.tags
}

resource "azurerm_nat_gateway_public_ip_association" "main" {
  nat_gateway_id       = azurerm_nat_gateway.main.id
  public_ip_address_id = azurerm_public_ip.nat.id
}

resource "azurerm_subnet_nat_gateway_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  nat_gateway_id = azurerm_nat_gateway.main.id

  # Nodes that came before it has an address would find no way out.
  depends_on = [azurerm_nat_gateway_public_ip_association.main]
}

resource "azurerm_subnet_nat_gateway_association" "pods" {
  count = length(azurerm_subnet.pods)

  subnet_id      = azurerm_subnet.pods[0].id
  nat_gateway_id = azurerm_nat_gateway.main.id
  depends_on     = [azurerm_nat_gateway_public_ip_association.main]
}
