resource "azurerm_container_registry" "images" {
  count = var.registry == null ? 0 : 1

  name                = var.registry.name
  resource_group_name = var.registry.resource_group
  location            = var.location

  # Private endpoints and replicas are Premium's. Images that lost their tag are kept: a rollback names them by digest.
  sku                     = "Premium"
  zone_redundancy_enabled = var.registry.zone_redundant
  data_endpoint_enabled   = true

  # Entra alone says who pushes and pulls. The address is public for the pipelines' sake; clusters take the private way.
  admin_enabled          = false
  anonymous_pull_enabled = false

  dynamic "georeplications" {
    for_each = var.registry.replicas

    content {
      location                        = georeplications.key
      zone_redundancy_enabled         = georeplications.value.zone_redundant
      global_endpoint_routing_enabled = true
      tags                            = var.tags
    }
  }

  tags = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

data "azurerm_user_assigned_identity" "push" {
  count = var.registry == null || var.push_identity == null ? 0 : 1

  name                = var.push_identity.name
  resource_group_name = var.push_identity.resource_group
}

resource "azurerm_role_assignment" "push" {
  count = length(data.azurerm_user_assigned_identity.push)

  scope                = azurerm_container_registry.images[0].id
  role_definition_name = "AcrPush"
  principal_id         = data.azurerm_user_assigned_identity.push[0].principal_id
  principal_type       = "ServicePrincipal"
}
