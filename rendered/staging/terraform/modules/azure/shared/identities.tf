# Azure makes up an identity's client id, and the manifests must name it: apply this root first, then write the ids that
# it puts out into the spec and render again.
resource "azurerm_user_assigned_identity" "services" {
  for_each = var.identities

  name                = each.key
  resource_group_name = var.resource_group
  location            = var.location
  tags                = var.tags

  lifecycle {
    postcondition {
      condition     = each.value.client_id == null || lower(coalesce(each.value.client_id, "-")) == lower(self.client_id)
      error_message = "The spec says ${coalesce(each.value.client_id, "nothing")}, and Azure made ${self.client_id}: write that into the spec, else pods log in as nobody."
    }
  }
}

resource "azurerm_role_assignment" "writes_records" {
  count = var.zone_writer == null ? 0 : 1

  scope                = var.zone_writer.zone_id
  role_definition_name = "DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.services[var.zone_writer.identity].principal_id
  principal_type       = "ServicePrincipal"
  depends_on           = [azurerm_dns_zone.public]
}
