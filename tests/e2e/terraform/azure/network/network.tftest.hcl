# What the provider would refuse is refused here, and the plan holds what the design promises.

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = { tenant_id = "00000000-0000-0000-0000-000000000001" }
  }
  mock_data "azurerm_role_definition" {
    defaults = { role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000002" }
  }
}

variables {
  name            = "demo-production-weu"
  location        = "westeurope"
  resource_group  = "demo-production-weu-x"
  tags            = { project = "demo" }
  subscription_id = "22222222-2222-2222-2222-222222222222"
  vpc_cidr        = "10.20.0.0/16"
  subnets = {
    nodes     = "10.20.0.0/17"
    apiserver = "10.20.192.0/20"
    endpoints = "10.20.208.0/20"
    databases = "10.20.224.0/20"
    gateway   = "10.20.128.0/18"
    pods      = null
  }
  pods_cidr   = "100.64.0.0/16"
  venue_cidrs = { lse = "198.51.100.0/28" }
  connections = [{
    kind = "expressRoute"
    id   = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/circuits/providers/Microsoft.Network/expressRouteCircuits/lse"
  }]
  fast_path     = true
  zones         = ["1", "2"]
  exposed_ports = { public = [], internal = [443] }
  api_cidrs     = ["10.200.0.0/16"]
  private_zones = { vault = "privatelink.vaultcore.azure.net" }
  registry_id   = null
  flow_logs     = { storage_account = "demoflowlogs", days = 90 }
}

run "reaches_venues_by_a_circuit" {
  command = plan

  assert {
    condition     = azurerm_virtual_network_gateway.express[0].sku == "ErGw3AZ" && alltrue([for each in azurerm_virtual_network_gateway_connection.express : each.express_route_gateway_bypass])
    error_message = "Packets of a pinned pool pass the gateway by."
  }
  assert {
    condition     = length(azurerm_route.venues) == 0 && azurerm_route_table.nodes.bgp_route_propagation_enabled
    error_message = "With a circuit routes come over BGP."
  }
  assert {
    condition     = length(azurerm_virtual_network_gateway.vpn) == 0
    error_message = "Nobody asked for a tunnel."
  }
  assert {
    condition     = azurerm_network_security_rule.inbound["nodes-venues"].access == "Deny"
    error_message = "Venues open no connections to us."
  }
  assert {
    condition     = alltrue([for rule in azurerm_network_security_rule.rest : rule.access == "Deny" && rule.priority == 4096])
    error_message = "Who is not named is refused."
  }
  assert {
    condition     = azurerm_network_security_rule.inbound["nodes-internal"].source_address_prefix == "VirtualNetwork" && !contains(keys(azurerm_network_security_rule.inbound), "nodes-public")
    error_message = "What is internal is not open to the internet."
  }
  assert {
    condition     = contains(azurerm_network_security_rule.inbound["apiserver-access"].source_address_prefixes, "10.200.0.0/16")
    error_message = "People of the spec reach the API server."
  }
  assert {
    condition     = azurerm_subnet.nodes.default_outbound_access_enabled == false
    error_message = "Nodes leave by the NAT gateway alone."
  }
  assert {
    condition     = azurerm_network_watcher_flow_log.main.enabled && azurerm_network_watcher_flow_log.main.retention_policy[0].days == 90
    error_message = "Flows are logged."
  }
  assert {
    condition     = length(azurerm_subnet.pods) == 0
    error_message = "AKS lays pods over the network."
  }
}

run "reaches_venues_by_a_tunnel" {
  command = plan

  variables {
    connections = [{
      kind = "vpn"
      id   = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/sites/providers/Microsoft.Network/localNetworkGateways/lse"
    }]
    pods_cidr     = null
    fast_path     = false
    exposed_ports = { public = [443], internal = [] }
    subnets = {
      nodes     = "10.20.0.0/17"
      apiserver = "10.20.192.0/20"
      endpoints = "10.20.208.0/20"
      databases = null
      gateway   = "10.20.128.0/18"
      pods      = "10.20.240.0/20"
    }
  }

  assert {
    condition     = azurerm_route.venues["lse"].next_hop_type == "VirtualNetworkGateway"
    error_message = "Orders never leave by the NAT gateway."
  }
  assert {
    condition     = azurerm_virtual_network_gateway.vpn[0].active_active && length(azurerm_virtual_network_gateway.vpn[0].ip_configuration) == 2
    error_message = "A gateway that is repaired has a second half."
  }
  assert {
    condition     = output.tunnels.sites == [var.connections[0].id]
    error_message = "Somebody knows which tunnels wait for their key."
  }
  assert {
    condition     = azurerm_network_security_rule.inbound["nodes-public"].source_address_prefix == "Internet"
    error_message = "What is public is open."
  }
  assert {
    condition     = azurerm_subnet.pods[0].delegation[0].service_delegation[0].name == "Microsoft.ContainerService/managedClusters"
    error_message = "Pods have a subnet."
  }
  assert {
    condition     = length(azurerm_subnet.databases) == 0
    error_message = "No databases, no subnet."
  }
}

run "takes_addresses_in_all_zones" {
  command = plan

  # Azure makes three zones of two, and the plan after that would replace the address.
  assert {
    condition     = azurerm_public_ip.nat.zones == toset(["1", "2", "3"])
    error_message = "An address lies in one zone or in all."
  }
}

run "keeps_what_databases_bring" {
  command = plan

  assert {
    condition     = azurerm_subnet.databases[0].service_endpoint[*].service == tolist(["Microsoft.Storage"])
    error_message = "A server writes its logs by way of the subnet's service endpoint, which Azure makes with it."
  }
}

run "lets_copies_in" {
  command = plan

  variables {
    replica_cidrs = ["10.30.224.0/20"]
  }

  assert {
    condition     = contains(azurerm_network_security_rule.inbound["databases-copies"].source_address_prefixes, "10.30.224.0/20")
    error_message = "A database that follows from another network reaches its source."
  }
}

run "refuses_copies_that_are_no_range" {
  command = plan

  variables {
    replica_cidrs = ["everywhere"]
  }
  expect_failures = [var.replica_cidrs]
}

run "refuses_a_long_name" {
  command = plan

  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  expect_failures = [var.name]
}

run "refuses_doubled_hyphens" {
  command = plan

  variables {
    name = "demo--weu"
  }
  expect_failures = [var.name]
}

run "refuses_a_region_in_words" {
  command = plan

  variables {
    location = "West Europe"
  }
  expect_failures = [var.location]
}

run "refuses_a_group_with_a_slash" {
  command = plan

  variables {
    resource_group = "a/b"
  }
  expect_failures = [var.resource_group]
}

run "refuses_a_long_tag" {
  command = plan

  variables {
    tags = {
      project = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    }
  }
  expect_failures = [var.tags]
}

run "refuses_a_subscription_by_name" {
  command = plan

  variables {
    subscription_id = "demo"
  }
  expect_failures = [var.subscription_id]
}

run "refuses_a_small_network" {
  command = plan

  variables {
    vpc_cidr = "10.20.0.0/25"
  }
  expect_failures = [var.vpc_cidr]
}

run "refuses_a_network_of_ipv6" {
  command = plan

  variables {
    vpc_cidr = "fd00::/24"
  }
  expect_failures = [var.vpc_cidr]
}

run "refuses_a_subnet_that_is_none" {
  command = plan

  variables {
    subnets = {
      nodes     = "nodes"
      apiserver = "10.20.192.0/20"
      endpoints = "10.20.208.0/20"
      databases = "10.20.224.0/20"
      gateway   = "10.20.128.0/18"
      pods      = null
    }
  }
  expect_failures = [var.subnets]
}

run "refuses_a_small_api_server" {
  command = plan

  variables {
    subnets = {
      nodes     = "10.20.0.0/17"
      apiserver = "10.20.192.0/29"
      endpoints = "10.20.208.0/20"
      databases = "10.20.224.0/20"
      gateway   = "10.20.128.0/18"
      pods      = null
    }
  }
  expect_failures = [var.subnets]
}

run "refuses_a_small_gateway" {
  command = plan

  variables {
    subnets = {
      nodes     = "10.20.0.0/17"
      apiserver = "10.20.192.0/20"
      endpoints = "10.20.208.0/20"
      databases = "10.20.224.0/20"
      gateway   = "10.20.128.0/28"
      pods      = null
    }
  }
  expect_failures = [var.subnets]
}

run "refuses_pods_that_are_no_range" {
  command = plan

  variables {
    pods_cidr = "pods"
  }
  expect_failures = [var.pods_cidr]
}

run "refuses_venues_that_are_no_range" {
  command = plan

  variables {
    venue_cidrs = { lse = "lse" }
  }
  expect_failures = [var.venue_cidrs]
}

run "refuses_a_kind_of_another_cloud" {
  command = plan

  variables {
    connections = [{
      kind = "directConnect"
      id   = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/circuits/providers/Microsoft.Network/expressRouteCircuits/lse"
    }]
  }
  expect_failures = [var.connections]
}

run "refuses_a_circuit_as_vpn" {
  command = plan

  variables {
    connections = [{
      kind = "vpn"
      id   = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/circuits/providers/Microsoft.Network/expressRouteCircuits/lse"
    }]
  }
  expect_failures = [var.connections]
}

run "refuses_a_zone_of_another_cloud" {
  command = plan

  variables {
    zones = ["westeurope-1"]
  }
  expect_failures = [var.zones]
}

run "refuses_port_zero" {
  command = plan

  variables {
    exposed_ports = { public = [0], internal = [] }
  }
  expect_failures = [var.exposed_ports]
}

run "refuses_people_without_a_range" {
  command = plan

  variables {
    api_cidrs = ["office"]
  }
  expect_failures = [var.api_cidrs]
}

run "refuses_a_private_zone_in_capitals" {
  command = plan

  variables {
    private_zones = { vault = "Privatelink" }
  }
  expect_failures = [var.private_zones]
}

run "refuses_a_registry_by_name" {
  command = plan

  variables {
    registry_id = "demoimages"
  }
  expect_failures = [var.registry_id]
}

run "refuses_flow_logs_in_no_account" {
  command = plan

  variables {
    flow_logs = { storage_account = "Flow-Logs", days = 90 }
  }
  expect_failures = [var.flow_logs]
}

run "refuses_flow_logs_for_two_years" {
  command = plan

  variables {
    flow_logs = { storage_account = "demoflowlogs", days = 730 }
  }
  expect_failures = [var.flow_logs]
}

run "refuses_a_circuit_of_another_subscription" {
  command = plan

  variables {
    connections = [{
      kind = "expressRoute"
      id   = "/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/circuits/providers/Microsoft.Network/expressRouteCircuits/lse"
    }]
  }
  expect_failures = [azurerm_virtual_network_gateway_connection.express]
}
