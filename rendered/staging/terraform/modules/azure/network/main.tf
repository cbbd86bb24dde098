resource "azurerm_virtual_network" "main" {
  name                = var.name
  resource_group_name = var.resource_group
  location            = var.location
  address_space       = [var.vpc_cidr]
  tags                = var.tags
}

# No machine has an address of its own outside, and none gets one by default.
resource "azurerm_subnet" "nodes" {
  name                            = "nodes"
  resource_group_name             = var.resource_group
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = [var.subnets.nodes]
  default_outbound_access_enabled = false
}

resource "azurerm_subnet" "pods" {
  count = var.subnets.pods == null ? 0 : 1

  name                            = "pods"
  resource_group_name             = var.resource_group
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = [var.subnets.pods]
  default_outbound_access_enabled = false

  delegation {
    name = "aks"

    service_delegation {
      name    = "Microsoft.ContainerService/managedClusters"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

# AKS puts the API server's address here: nodes reach it without leaving the network.
resource "azurerm_subnet" "apiserver" {
  name                            = "apiserver"
  resource_group_name             = var.resource_group
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = [var.subnets.apiserver]
  default_outbound_access_enabled = false

  delegation {
    name = "aks"

    service_delegation {
      name    = "Microsoft.ContainerService/managedClusters"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

resource "azurerm_subnet" "endpoints" {
  name                            = "endpoints"
  resource_group_name             = var.resource_group
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = [var.subnets.endpoints]
  default_outbound_access_enabled = false

  # Else a security group does not hold private endpoints.
  private_endpoint_network_policies = "NetworkSecurityGroupEnabled"
}

resource "azurerm_subnet" "databases" {
  count = var.subnets.databases == null ? 0 : 1

  name                            = "databases"
  resource_group_name             = var.resource_group
  virtual_network_name            = azurerm_virtual_network.main.name
  address_prefixes                = [var.subnets.databases]
  default_outbound_access_enabled = false

  # The first server brings it, for its logs; a plan that knew nothing of it would take it away.
  service_endpoint {
    service = "Microsoft.Storage"
  }

  delegation {
    name = "postgres"

    service_delegation {
      name    = "Microsoft.DBforPostgreSQL/flexibleServers"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}
