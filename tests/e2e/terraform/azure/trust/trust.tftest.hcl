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
  resource_groups  = ["demo-production-weu-network"]
  state_containers = ["/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-tfstate/providers/Microsoft.Storage/storageAccounts/demotfstate/blobServices/default/containers/demo"]
  tags             = { project = "demo" }

  subjects = {
    plan  = ["project_path:demo/config:ref_type:branch:ref:infrastructure", "project_path:demo/config:ref_type:branch:ref:main"]
    apply = ["project_path:demo/config:ref_type:branch:ref:main"]
    push  = []
  }
}

run "trusts_exactly" {
  command = plan

  assert {
    condition     = sort([for key, credential in azurerm_federated_identity_credential.ci : "${split("-", key)[0]} ${credential.subject}"]) == sort(["plan project_path:demo/config:ref_type:branch:ref:infrastructure", "plan project_path:demo/config:ref_type:branch:ref:main", "apply project_path:demo/config:ref_type:branch:ref:main"])
    error_message = "Each identity trusts its own subjects, and no other."
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
    subjects = { plan = ["a"], apply = ["b"], push = ["c"] }
  }

  assert {
    condition     = sort([for key, credential in azurerm_federated_identity_credential.ci : "${split("-", key)[0]} ${credential.subject}"]) == tolist(["apply b", "plan a", "push c"])
    error_message = "Pipelines push as an identity of their own, and whoever pushes does nothing else."
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
    subjects = { plan = ["project_path:demo/*"], apply = ["a"], push = [] }
  }
  expect_failures = [var.subjects]
}

run "refuses_pull_requests_to_apply" {
  command = plan

  variables {
    subjects = { plan = ["a"], apply = ["repo:demo/config:pull_request"], push = [] }
  }
  expect_failures = [var.subjects]
}

run "refuses_nobody_to_apply" {
  command = plan

  variables {
    subjects = { plan = ["a"], apply = [], push = ["a"] }
  }
  expect_failures = [var.subjects]
}

run "refuses_more_subjects_than_an_identity_trusts" {
  command = plan

  variables {
    subjects = { plan = [for number in range(21) : "s${number}"], apply = ["a"], push = [] }
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
