# What a plan reads beside what the role Reader may. Each key that these actions list is refused by what it belongs to:
# storage accounts, workspaces and clusters are made without keys and local accounts.
resource "azurerm_role_definition" "plan" {
  name        = "${var.name}-plan"
  scope       = "/subscriptions/${var.subscription_id}"
  description = "What Terraform's refresh asks for and Reader does not have."

  permissions {
    actions = [
      "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
      "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
      "Microsoft.Storage/storageAccounts/listKeys/action",
    ]
  }
}

resource "azurerm_role_assignment" "plan_reads" {
  for_each = local.groups

  scope                = each.value
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.ci["plan"].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "plan_refreshes" {
  for_each = local.groups

  scope              = each.value
  role_definition_id = azurerm_role_definition.plan.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.ci["plan"].principal_id
  principal_type     = "ServicePrincipal"
}

# Keys' properties, and no secret's value.
resource "azurerm_role_assignment" "plan_reads_keys" {
  for_each = local.groups

  scope                = each.value
  role_definition_name = "Key Vault Reader"
  principal_id         = azurerm_user_assigned_identity.ci["plan"].principal_id
  principal_type       = "ServicePrincipal"
}

# A plan takes no lock (`-lock=false`): a lock is a lease, and the right to it is the right to overwrite the state.
resource "azurerm_role_assignment" "plan_reads_state" {
  for_each = var.state_containers

  scope                = each.value
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_user_assigned_identity.ci["plan"].principal_id
  principal_type       = "ServicePrincipal"
}

# What lies outside of the resource groups, and is made by `apply`.
resource "azurerm_role_definition" "watch" {
  name        = "${var.name}-watch"
  scope       = "/subscriptions/${var.subscription_id}"
  description = "Reads flow logs and budgets."

  permissions {
    actions = [
      "Microsoft.Consumption/budgets/read",
      "Microsoft.Network/networkWatchers/flowLogs/read",
      "Microsoft.Network/networkWatchers/read",
    ]
  }
}

resource "azurerm_role_assignment" "plan_watches" {
  scope              = "/subscriptions/${var.subscription_id}"
  role_definition_id = azurerm_role_definition.watch.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.ci["plan"].principal_id
  principal_type     = "ServicePrincipal"
}
