resource "azurerm_role_assignment" "apply_writes_state" {
  for_each = var.state_containers

  scope                = each.value
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.ci["apply"].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "apply_fills" {
  for_each = local.groups

  scope                = each.value
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.ci["apply"].principal_id
  principal_type       = "ServicePrincipal"
}

# Keys are made in the vaults themselves, for which Contributor has no right.
resource "azurerm_role_assignment" "apply_makes_keys" {
  for_each = local.groups

  scope                = each.value
  role_definition_name = "Key Vault Crypto Officer"
  principal_id         = azurerm_user_assigned_identity.ci["apply"].principal_id
  principal_type       = "ServicePrincipal"
}

# The few roles that the modules assign, and to identities only: nobody becomes Owner by a merge request.
locals {
  assigned = toset([
    "AcrPull",
    "AcrPush",
    "DNS Zone Contributor",
    "Key Vault Contributor",
    "Key Vault Crypto Service Encryption User",
    "Key Vault Crypto User",
    "Key Vault Secrets User",
    "Managed Identity Operator",
    "Network Contributor",
    "Reader",
    "Storage Blob Data Contributor",
  ])
  assigned_ids = join(", ", sort([for role in data.azurerm_role_definition.assigned : basename(role.role_definition_id)]))
}

data "azurerm_role_definition" "assigned" {
  for_each = local.assigned

  name  = each.key
  scope = "/subscriptions/${var.subscription_id}"
}

resource "azurerm_role_assignment" "apply_assigns" {
  for_each = local.groups

  scope                = each.value
  role_definition_name = "Role Based Access Control Administrator"
  principal_id         = azurerm_user_assigned_identity.ci["apply"].principal_id
  principal_type       = "ServicePrincipal"
  condition_version    = "2.0"
  condition            = <<-EOT
    (
      (!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}))
      OR
      (
        @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${local.assigned_ids}}
        AND
        @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}
      )
    )
    AND
    (
      (!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'}))
      OR
      (
        @Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${local.assigned_ids}}
        AND
        @Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}
      )
    )
  EOT
}

# What lies outside of the resource groups: flow logs belong to the region's Network Watcher, which Azure makes by
# itself, and budgets to the subscription.
resource "azurerm_role_definition" "apply" {
  name        = "${var.name}-apply"
  scope       = "/subscriptions/${var.subscription_id}"
  description = "Flow logs and budgets."

  permissions {
    actions = [
      "Microsoft.Consumption/budgets/delete",
      "Microsoft.Consumption/budgets/read",
      "Microsoft.Consumption/budgets/write",
      "Microsoft.Network/networkWatchers/flowLogs/delete",
      "Microsoft.Network/networkWatchers/flowLogs/read",
      "Microsoft.Network/networkWatchers/flowLogs/write",
      "Microsoft.Network/networkWatchers/read",
    ]
  }
}

resource "azurerm_role_assignment" "apply_watches" {
  scope              = "/subscriptions/${var.subscription_id}"
  role_definition_id = azurerm_role_definition.apply.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.ci["apply"].principal_id
  principal_type     = "ServicePrincipal"
}
