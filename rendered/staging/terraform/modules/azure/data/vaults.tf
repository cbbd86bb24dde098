locals {
  keys = var.keys_vault == null || var.backups == null ? 0 : 1
}

resource "azurerm_key_vault" "keys" {
  count = local.keys

  name                       = var.keys_vault
  resource_group_name        = var.resource_group
  location                   = var.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 90
  tags                       = var.tags

  # Storage reads its key as one of Azure's own services.
  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
    ip_rules       = var.allowed_ips
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_private_endpoint" "keys" {
  count = local.keys

  name                = "${var.name}-keys"
  resource_group_name = var.resource_group
  location            = var.location
  subnet_id           = var.subnet_ids.endpoints
  tags                = var.tags

  private_service_connection {
    name                           = "vault"
    private_connection_resource_id = azurerm_key_vault.keys[0].id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }
  private_dns_zone_group {
    name                 = "vault"
    private_dns_zone_ids = [var.zone_ids["vault"]]
  }
}

resource "azurerm_key_vault_key" "backups" {
  count = local.keys

  name         = "backups"
  key_vault_id = azurerm_key_vault.keys[0].id
  key_type     = "RSA"
  key_size     = 3072
  key_opts     = ["unwrapKey", "wrapKey"]

  rotation_policy {
    automatic {
      time_after_creation = "P180D"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  # Whoever applies within the network has no other way to the vault.
  depends_on = [azurerm_private_endpoint.keys]
}

resource "azurerm_user_assigned_identity" "backups" {
  count = local.keys

  name                = "${var.name}-backups"
  resource_group_name = var.resource_group
  location            = var.location
  tags                = var.tags
}

resource "azurerm_role_assignment" "backups_use_key" {
  count = local.keys

  scope                = azurerm_key_vault.keys[0].id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.backups[0].principal_id
  principal_type       = "ServicePrincipal"
}

# What the services' ExternalSecrets read. The values are written by people and rotations, never by Terraform.
resource "azurerm_key_vault" "secrets" {
  count = try(var.secrets_vault.owned, false) ? 1 : 0

  name                       = var.secrets_vault.name
  resource_group_name        = var.resource_group
  location                   = var.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 90
  tags                       = var.tags

  # Clusters of other clouds come from addresses that nobody knows beforehand: then Entra alone decides.
  network_acls {
    default_action = var.secrets_vault.open ? "Allow" : "Deny"
    bypass         = "AzureServices"
    ip_rules       = var.allowed_ips
  }

  lifecycle {
    prevent_destroy = true
  }
}

data "azurerm_user_assigned_identity" "reader" {
  count = try(var.secrets_vault.owned && var.secrets_vault.reader != null, false) ? 1 : 0

  name                = var.secrets_vault.reader.name
  resource_group_name = var.secrets_vault.reader.resource_group
}

resource "azurerm_role_assignment" "reader" {
  count = length(data.azurerm_user_assigned_identity.reader)

  scope                = azurerm_key_vault.secrets[0].id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = data.azurerm_user_assigned_identity.reader[0].principal_id
  principal_type       = "ServicePrincipal"
}
