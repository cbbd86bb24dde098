# Azure makes up an identity's client id, and the manifests must name it: apply this root first, then write the ids that
# it puts out into the spec and render again.
resource "azurerm_user_assigned_identity" "services" {
  for_each = var.identities

  name                = each.key
  resource_group_name = var.resource_group
  location            = var.location
  tags                = var.tags
}

check "client_ids" {
  assert {
    condition = alltrue([
      for name, identity in var.identities :
      lower(identity.client_id) == lower(azurerm_user_assigned_identity.services[name].client_id) if identity.client_id != null
    ])
    error_message = "The spec names other client ids than the output client_ids: pods would log in as nobody."
  }
}
