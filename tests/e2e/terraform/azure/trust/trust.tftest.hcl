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
  name             = "demo-production"
  location         = "westeurope"
  resource_group   = "demo-production-trust"
  subscription_id  = "22222222-2222-2222-2222-222222222222"
  issuer           = "https://gitlab.example.com"
  subjects         = ["project_path:demo/config:ref_type:branch:ref:main"]
  resource_groups  = ["demo-production-weu-network"]
  state_containers = ["/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-tfstate/providers/Microsoft.Storage/storageAccounts/demotfstate/blobServices/default/containers/demo"]
  pushes_images    = false
  tags             = { project = "demo" }
}

run "trusts_exactly" {
  command = plan

  assert {
    condition     = [for credential in azurerm_federated_identity_credential.ci : credential.subject] == ["project_path:demo/config:ref_type:branch:ref:main", "project_path:demo/config:ref_type:branch:ref:main"]
    error_message = "Each identity trusts each subject, and no other."
  }
  assert {
    condition     = keys(azurerm_user_assigned_identity.ci) == ["apply", "plan"]
    error_message = "Nobody pushes where there is no registry."
  }
  assert {
    condition     = alltrue([for role in azurerm_role_assignment.plan_reads_state : role.role_definition_name == "Storage Blob Data Reader"])
    error_message = "A plan cannot write a state."
  }
  assert {
    condition     = alltrue([for role in azurerm_role_assignment.apply_fills : !endswith(role.scope, var.subscription_id)])
    error_message = "CI has no rights on the subscription as a whole."
  }
  assert {
    condition     = alltrue([for role in azurerm_role_assignment.apply_assigns : strcontains(role.condition, "GuidEquals")])
    error_message = "CI assigns the modules' roles alone."
  }
  assert {
    condition     = !contains(local.assigned, "Owner") && !contains(local.assigned, "Contributor")
    error_message = "Nobody becomes owner by a merge request."
  }
}

run "pushes" {
  command = plan

  variables {
    pushes_images = true
  }

  assert {
    condition     = contains(keys(azurerm_user_assigned_identity.ci), "push")
    error_message = "Pipelines push as an identity of their own."
  }
}

run "refuses_a_long_name" {
  command = plan

  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
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

run "refuses_a_subscription_by_name" {
  command = plan

  variables {
    subscription_id = "demo"
  }
  expect_failures = [var.subscription_id]
}

run "refuses_an_issuer_without_tls" {
  command = plan

  variables {
    issuer = "http://gitlab.example.com"
  }
  expect_failures = [var.issuer]
}

run "refuses_a_pattern_as_subject" {
  command = plan

  variables {
    subjects = ["project_path:demo/*"]
  }
  expect_failures = [var.subjects]
}

run "refuses_more_subjects_than_an_identity_trusts" {
  command = plan

  variables {
    subjects = ["s00", "s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08", "s09", "s10", "s11", "s12", "s13", "s14", "s15", "s16", "s17", "s18", "s19", "s20"]
  }
  expect_failures = [var.subjects]
}

run "refuses_no_groups" {
  command = plan

  variables {
    resource_groups = []
  }
  expect_failures = [var.resource_groups]
}

run "refuses_a_container_by_name" {
  command = plan

  variables {
    state_containers = ["demo"]
  }
  expect_failures = [var.state_containers]
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
