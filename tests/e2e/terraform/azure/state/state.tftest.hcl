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
  location        = "westeurope"
  resource_group  = "demo-tfstate"
  resource_groups = { "demo-network" = "westeurope" }
  storage_account = "demotfstate"
  containers      = ["demo-tfstate"]
  replication     = "ZRS"
  allowed_ips     = []
  retention_days  = 90
  tags            = { project = "demo" }
}

run "keeps_states" {
  command = plan

  assert {
    condition     = azurerm_storage_account.state.shared_access_key_enabled == false
    error_message = "A key of the account would read every state."
  }
  assert {
    condition     = azurerm_storage_account.state.min_tls_version == "TLS1_2"
    error_message = "Older TLS is broken."
  }
  assert {
    condition     = azurerm_storage_account.state.infrastructure_encryption_enabled
    error_message = "States are encrypted twice."
  }
  assert {
    condition     = azurerm_storage_account.state.blob_properties[0].versioning_enabled
    error_message = "An earlier version is the way back."
  }
  assert {
    condition     = azurerm_storage_account.state.blob_properties[0].delete_retention_policy[0].days == 90
    error_message = "What is deleted can be brought back."
  }
  assert {
    condition     = length(azurerm_storage_container.state) == 1 && length(azurerm_resource_group.roots) == 1
    error_message = "Containers and groups are made."
  }
  assert {
    condition     = azurerm_management_lock.state.lock_level == "CanNotDelete"
    error_message = "Nobody deletes the account by a button."
  }
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

run "refuses_groups_that_end_in_a_dot" {
  command = plan

  variables {
    resource_groups = { "demo." = "westeurope" }
  }
  expect_failures = [var.resource_groups]
}

run "refuses_groups_in_no_region" {
  command = plan

  variables {
    resource_groups = { demo = "West Europe" }
  }
  expect_failures = [var.resource_groups]
}

run "refuses_capitals_in_an_account" {
  command = plan

  variables {
    storage_account = "DemoState"
  }
  expect_failures = [var.storage_account]
}

run "refuses_a_container_with_doubled_hyphens" {
  command = plan

  variables {
    containers = ["demo--state"]
  }
  expect_failures = [var.containers]
}

run "refuses_a_long_container" {
  command = plan

  variables {
    containers = ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
  }
  expect_failures = [var.containers]
}

run "refuses_no_container" {
  command = plan

  variables {
    containers = []
  }
  expect_failures = [var.containers]
}

run "refuses_an_unknown_replication" {
  command = plan

  variables {
    replication = "RAGRS"
  }
  expect_failures = [var.replication]
}

run "refuses_a_single_address_as_a_range" {
  command = plan

  variables {
    allowed_ips = ["203.0.113.1/32"]
  }
  expect_failures = [var.allowed_ips]
}

run "refuses_half_a_day" {
  command = plan

  variables {
    retention_days = 0.5
  }
  expect_failures = [var.retention_days]
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
