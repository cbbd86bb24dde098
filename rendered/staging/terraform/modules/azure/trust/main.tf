# Whom CI is: identities that Entra gives to a job whose token has this issuer and one of these subjects. Nothing is
# stored that could be stolen. `plan` reads, `apply` fills the resource groups, `push` pushes images and does nothing else.

locals {
  identities = toset(var.pushes_images ? ["plan", "apply", "push"] : ["plan", "apply"])
  trusted = {
    for pair in setproduct(local.identities, var.subjects) :
    "${pair[0]}-${substr(sha256(pair[1]), 0, 12)}" => { identity = pair[0], subject = pair[1] }
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
