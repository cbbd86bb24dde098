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
  dns_zone        = { name = "demo.example.com", resource_group = "demo-dns" }
  registry = {
    name           = "demoimages"
    resource_group = "demo-registry"
    zone_redundant = true
    replicas       = { northeurope = { zone_redundant = true } }
  }
  push_identity = { name = "demo-production-push", resource_group = "demo-production-trust" }
  identities    = { "demo-production-web" = { client_id = null } }
  zone_writer = {
    identity = "demo-production-web"
    zone_id  = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-dns/providers/Microsoft.Network/dnsZones/demo.example.com"
  }
  budget = {
    amount     = 1000
    thresholds = [80, 100]
    emails     = []
    filter     = { project = "demo", environment = "production" }
  }
}

run "makes_what_is_asked" {
  command = plan

  assert {
    condition     = azurerm_container_registry.images[0].admin_enabled == false && azurerm_container_registry.images[0].sku == "Premium"
    error_message = "Nobody pushes by a password."
  }
  assert {
    condition     = azurerm_role_assignment.push[0].role_definition_name == "AcrPush"
    error_message = "Pipelines push, and do nothing else."
  }
  assert {
    condition     = azurerm_role_assignment.writes_records[0].role_definition_name == "DNS Zone Contributor"
    error_message = "cert-manager proves hosts, and changes no other zone."
  }
  assert {
    condition     = azurerm_dns_zone.public[0].resource_group_name == "demo-dns"
    error_message = "cert-manager looks for the zone there."
  }
  assert {
    condition     = endswith(azurerm_consumption_budget_subscription.month[0].time_period[0].start_date, "-01T00:00:00Z")
    error_message = "A budget begins with a month."
  }
  assert {
    condition     = length(azurerm_consumption_budget_subscription.month[0].notification) == 2
    error_message = "Somebody is told at each share."
  }
}

run "makes_nothing" {
  command = plan

  variables {
    dns_zone      = null
    registry      = null
    push_identity = null
    identities    = {}
    zone_writer   = null
    budget        = null
  }

  assert {
    condition     = length(azurerm_dns_zone.public) + length(azurerm_container_registry.images) + length(azurerm_consumption_budget_subscription.month) == 0
    error_message = "What the spec does not ask for is not made."
  }
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

run "refuses_a_zone_of_one_label" {
  command = plan

  variables {
    dns_zone = { name = "example", resource_group = "g" }
  }
  expect_failures = [var.dns_zone]
}

run "refuses_a_registry_with_a_hyphen" {
  command = plan

  variables {
    registry = { name = "demo-images", resource_group = "g", zone_redundant = true, replicas = {} }
  }
  expect_failures = [var.registry]
}

run "refuses_a_replica_at_home" {
  command = plan

  variables {
    registry = {
      name           = "demoimages"
      resource_group = "g"
      zone_redundant = true
      replicas       = { westeurope = { zone_redundant = true } }
    }
  }
  expect_failures = [var.registry]
}

run "refuses_a_short_identity" {
  command = plan

  variables {
    identities = { ab = { client_id = null } }
  }
  expect_failures = [var.identities]
}

run "refuses_a_writer_that_is_nobody" {
  command = plan

  variables {
    zone_writer = {
      identity = "nobody"
      zone_id  = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/dnsZones/demo.example.com"
    }
  }
  expect_failures = [var.zone_writer]
}

run "refuses_a_zone_by_name" {
  command = plan

  variables {
    zone_writer = { identity = "demo-production-web", zone_id = "demo.example.com" }
  }
  expect_failures = [var.zone_writer]
}

run "refuses_a_budget_of_nothing" {
  command = plan

  variables {
    budget = { amount = 0, thresholds = [80], emails = [], filter = {} }
  }
  expect_failures = [var.budget]
}

run "refuses_six_shares" {
  command = plan

  variables {
    budget = { amount = 1, thresholds = [1, 2, 3, 4, 5, 6], emails = [], filter = {} }
  }
  expect_failures = [var.budget]
}
