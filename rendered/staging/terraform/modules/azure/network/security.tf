# Azure lets everybody in who is connected to the network, venues too. So each subnet says who comes in, and refuses the
# rest. Answers to what began inside always come back.

locals {
  pods   = coalesce(var.pods_cidr, var.subnets.pods)
  inside = [var.subnets.nodes, local.pods]
  venues = sort(distinct(values(var.venue_cidrs)))
  subnets = merge(
    { nodes = azurerm_subnet.nodes.id, apiserver = azurerm_subnet.apiserver.id, endpoints = azurerm_subnet.endpoints.id },
    { for subnet in azurerm_subnet.databases : "databases" => subnet.id },
    { for subnet in azurerm_subnet.pods : "pods" => subnet.id },
  )

  # Rules of a subnet in the order in which Azure asks them; `from` is one tag, or a list of ranges.
  inbound = {
    nodes = [
      { name = "venues", from = local.venues, tag = null, ports = ["0-65535"], access = "Deny" },
      { name = "cluster", from = concat(local.inside, [var.subnets.apiserver]), tag = null, ports = ["0-65535"], access = "Allow" },
      { name = "balancer", from = [], tag = "AzureLoadBalancer", ports = ["0-65535"], access = "Allow" },
      { name = "public", from = [], tag = "Internet", ports = [for port in sort(tolist(var.exposed_ports.public)) : tostring(port)], access = "Allow" },
      { name = "internal", from = [], tag = "VirtualNetwork", ports = [for port in sort(tolist(var.exposed_ports.internal)) : tostring(port)], access = "Allow" },
    ]
    pods = [
      { name = "venues", from = local.venues, tag = null, ports = ["0-65535"], access = "Deny" },
      { name = "cluster", from = concat(local.inside, [var.subnets.apiserver]), tag = null, ports = ["0-65535"], access = "Allow" },
      { name = "balancer", from = [], tag = "AzureLoadBalancer", ports = ["0-65535"], access = "Allow" },
    ]
    apiserver = [
      { name = "cluster", from = concat(local.inside, [var.subnets.apiserver]), tag = null, ports = ["443", "4443"], access = "Allow" },
      { name = "access", from = var.api_cidrs, tag = null, ports = ["443"], access = "Allow" },
      { name = "balancer", from = [], tag = "AzureLoadBalancer", ports = ["9988"], access = "Allow" },
    ]
    endpoints = [
      { name = "cluster", from = concat(local.inside, [var.subnets.apiserver]), tag = null, ports = ["443", "10000"], access = "Allow" },
      { name = "access", from = var.api_cidrs, tag = null, ports = ["443"], access = "Allow" },
    ]
    databases = [
      { name = "cluster", from = local.inside, tag = null, ports = ["5432", "6432"], access = "Allow" },
      { name = "itself", from = compact([var.subnets.databases]), tag = null, ports = ["5432", "6432"], access = "Allow" },
      { name = "copies", from = var.replica_cidrs, tag = null, ports = ["5432", "6432"], access = "Allow" },
    ]
  }
  rules = merge([
    for subnet in keys(local.subnets) : {
      for index, rule in local.inbound[subnet] : "${subnet}-${rule.name}" => merge(rule, { subnet = subnet, priority = 200 + index * 10 })
      if length(rule.ports) > 0 && (rule.tag != null || length(rule.from) > 0)
    }
  ]...)
}

resource "azurerm_network_security_group" "subnets" {
  for_each = local.subnets

  name                = "${var.name}-${each.key}"
  resource_group_name = var.resource_group
  location            = var.location
  tags                = var.tags
}

resource "azurerm_network_security_rule" "inbound" {
  for_each = local.rules

  name                        = each.value.name
  resource_group_name         = var.resource_group
  network_security_group_name = azurerm_network_security_group.subnets[each.value.subnet].name
  priority                    = each.value.priority
  direction                   = "Inbound"
  access                      = each.value.access
  protocol                    = "*"
  source_port_range           = "*"
  source_address_prefix       = each.value.tag
  source_address_prefixes     = each.value.tag == null ? each.value.from : null
  destination_port_ranges     = each.value.ports
  destination_address_prefix  = "*"
}

resource "azurerm_network_security_rule" "rest" {
  for_each = local.subnets

  name                        = "rest"
  resource_group_name         = var.resource_group
  network_security_group_name = azurerm_network_security_group.subnets[each.key].name
  priority                    = 4096
  direction                   = "Inbound"
  access                      = "Deny"
  protocol                    = "*"
  source_port_range           = "*"
  source_address_prefix       = "*"
  destination_port_range      = "*"
  destination_address_prefix  = "*"
}

resource "azurerm_subnet_network_security_group_association" "subnets" {
  for_each = local.subnets

  subnet_id                 = each.value
  network_security_group_id = azurerm_network_security_group.subnets[each.key].id

  # A group without its rules would let everybody in who is connected.
  depends_on = [azurerm_network_security_rule.inbound, azurerm_network_security_rule.rest]
}
