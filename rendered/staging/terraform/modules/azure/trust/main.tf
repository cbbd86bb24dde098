# Whom CI is: identities that Entra gives to a job whose token has this issuer and one of its subjects. Nothing is
# stored that could be stolen. `plan` reads, `apply` fills the resource groups, `push` pushes images and does nothing else.

locals {
  identities = toset([for identity, subjects in var.subjects : identity if length(subjects) > 0])
  trusted = {
    for pair in flatten([for identity, subjects in var.subjects : [for subject in subjects : { identity = identity, subject = subject }]]) :
    "${pair.identity}-${substr(sha256(pair.subject), 0, 12)}" => pair
  }
  groups = { for name in var.resource_groups : name => "/subscriptions/${var.subscription_id}/resourceGroups/${name}" }
}

resource "azurerm_resource_group" "trust" {
  name     = var.resource_group
  location = var.location
  tags     = var.tags
}

resource "azurerm_user_assigned_identity" "ci" {
  for_each = local.identities

  name                = "${var.name}-${each.key}"
  resource_group_name = azurerm_resource_group.trust.name
  location            = azurerm_resource_group.trust.location
  tags                = var.tags
}

resource "azurerm_federated_identity_credential" "ci" {
  for_each = local.trusted

  name                      = each.key
  user_assigned_identity_id = azurerm_user_assigned_identity.ci[each.value.identity].id
  issuer                    = var.issuer
  subject                   = each.value.subject
  audience                  = ["api://AzureADTokenExchange"]
}
