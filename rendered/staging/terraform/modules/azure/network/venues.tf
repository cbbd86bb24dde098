# The way to the venues. Circuits and the venues' own devices are there before; here are the gateways and what binds them.

locals {
  circuits = { for item in var.connections : substr(sha256(item.id), 0, 8) => item.id if item.kind == "expressRoute" }
  tunnels  = { for item in var.connections : substr(sha256(item.id), 0, 8) => item.id if item.kind == "vpn" }
  express  = length(local.circuits) > 0
  vpn      = length(local.tunnels) > 0
}

resource "azurerm_subnet" "gateway" {
  count = var.subnets.gateway == null ? 0 : 1

  name                 = "GatewaySubnet" # Azure looks for this very name.
  resource_group_name  = var.resource_group
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = [var.subnets.gateway]
}

resource "azurerm_virtual_network_gateway" "express" {
  count = local.express ? 1 : 0

  name                = "${var.name}-express"
  resource_group_name = var.resource_group
  location            = var.location
  type                = "ExpressRoute"
  sku                 = var.fast_path ? "ErGw3AZ" : "ErGw1AZ" # Only the largest lets packets pass it by.

  # Its public address is Azure's own affair.
  ip_configuration {
    name      = "default"
    subnet_id = azurerm_subnet.gateway[0].id
  }

  tags = var.tags
}

# Routes to the venues come over BGP: Azure takes none by hand for ExpressRoute.
resource "azurerm_virtual_network_gateway_connection" "express" {
  for_each = local.circuits

  name                         = "${var.name}-${each.key}"
  resource_group_name          = var.resource_group
  location                     = var.location
  type                         = "ExpressRoute"
  virtual_network_gateway_id   = azurerm_virtual_network_gateway.express[0].id
  express_route_circuit_id     = each.value
  express_route_gateway_bypass = var.fast_path
  tags                         = var.tags

  lifecycle {
    # One that is made anew drops every session meanwhile.
    create_before_destroy = true

    precondition {
      condition     = startswith(lower(each.value), lower("/subscriptions/${var.subscription_id}/"))
      error_message = "The circuit lies in another subscription: its authorization key would lie in the state."
    }
  }
}

resource "azurerm_public_ip" "vpn" {
  count = local.vpn ? 2 : 0

  name                = "${var.name}-vpn-${count.index + 1}"
  resource_group_name = var.resource_group
  location            = var.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = local.address_zones
  tags                = var.tags
}

# Its connections are made by hand, once (output `tunnels`): each has a shared key, and the state would keep it.
resource "azurerm_virtual_network_gateway" "vpn" {
  count = local.vpn ? 1 : 0

  name                = "${var.name}-vpn"
  resource_group_name = var.resource_group
  location            = var.location
  type                = "Vpn"
  vpn_type            = "RouteBased"
  sku                 = "VpnGw2AZ"
  generation          = "Generation2"
  active_active       = true

  dynamic "ip_configuration" {
    for_each = azurerm_public_ip.vpn

    content {
      name                 = "tunnel-${ip_configuration.key + 1}"
      subnet_id            = azurerm_subnet.gateway[0].id
      public_ip_address_id = ip_configuration.value.id
    }
  }

  tags = var.tags
}

resource "azurerm_route_table" "nodes" {
  name                          = "${var.name}-nodes"
  resource_group_name           = var.resource_group
  location                      = var.location
  bgp_route_propagation_enabled = true
  tags                          = var.tags
}

# While the tunnel is down orders go nowhere, and never out through the NAT gateway. With a circuit beside it BGP decides.
resource "azurerm_route" "venues" {
  for_each = local.vpn && !local.express ? var.venue_cidrs : {}

  name                = each.key
  resource_group_name = var.resource_group
  route_table_name    = azurerm_route_table.nodes.name
  address_prefix      = each.value
  next_hop_type       = "VirtualNetworkGateway"
}

resource "azurerm_subnet_route_table_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  route_table_id = azurerm_route_table.nodes.id
}

resource "azurerm_subnet_route_table_association" "pods" {
  count = length(azurerm_subnet.pods)

  subnet_id      = azurerm_subnet.pods[0].id
  route_table_id = azurerm_route_table.nodes.id
}
