locals {
  keys = var.encryption == null ? 0 : 1
}

# The keys of etcd and of the disks, in a vault that holds nothing else. AKS cannot use a vault that lets some addresses
# in and refuses others: it is open to whoever Entra admits, or reached from within the network alone.
resource "azurerm_key_vault" "keys" {
  count = local.keys

  name                          = var.encryption.vault
  resource_group_name           = var.resource_group
  location                      = var.location
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = var.encryption.public
  tags                          = var.tags

  lifecycle {
    # Without its keys nobody reads the disks again.
    prevent_destroy = true
  }
}

resource "azurerm_private_endpoint" "vault" {
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
    private_dns_zone_ids = [var.vault_zone_id]
  }
}

resource "azurerm_key_vault_key" "etcd" {
  count = local.keys

  name         = "etcd"
  key_vault_id = azurerm_key_vault.keys[0].id
  key_type     = "RSA"
  key_size     = 3072
  key_opts     = ["decrypt", "encrypt"]

  rotation_policy {
    automatic {
      time_after_creation = "P180D"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [azurerm_private_endpoint.vault]
}

resource "azurerm_key_vault_key" "disks" {
  count = local.keys

  name         = "disks"
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

  depends_on = [azurerm_private_endpoint.vault]
}

resource "azurerm_user_assigned_identity" "disks" {
  count = local.keys

  name                = "${var.name}-disks"
  resource_group_name = var.resource_group
  location            = var.location
  tags                = var.tags
}

# Disks of nodes and of volumes: a StorageClass that names no other set gets the cluster's.
resource "azurerm_disk_encryption_set" "disks" {
  count = local.keys

  name                      = "${var.name}-disks"
  resource_group_name       = var.resource_group
  location                  = var.location
  encryption_type           = "EncryptionAtRestWithCustomerKey"
  key_vault_key_id          = azurerm_key_vault_key.disks[0].versionless_id
  auto_key_rotation_enabled = true
  tags                      = var.tags

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.disks[0].id]
  }

  depends_on = [azurerm_role_assignment.disks_use_keys]
}

resource "azurerm_role_assignment" "disks_use_keys" {
  count = local.keys

  scope                = azurerm_key_vault.keys[0].id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.disks[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "control_uses_keys" {
  count = local.keys

  scope                = azurerm_key_vault.keys[0].id
  role_definition_name = "Key Vault Crypto User"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}

# AKS makes a private endpoint of its own to a vault that is closed from outside.
resource "azurerm_role_assignment" "control_reaches_keys" {
  count = var.encryption == null ? 0 : var.encryption.public ? 0 : 1

  scope                = azurerm_key_vault.keys[0].id
  role_definition_name = "Key Vault Contributor"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "control_reads_set" {
  count = local.keys

  scope                = azurerm_disk_encryption_set.disks[0].id
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.control.principal_id
  principal_type       = "ServicePrincipal"
}
