resource "azurerm_storage_account" "backups" {
  count = var.backups == null ? 0 : 1

  name                = var.backups.storage_account
  resource_group_name = var.resource_group
  location            = var.location

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.backups.replication

  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  infrastructure_encryption_enabled = true

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 7
    }
    container_delete_retention_policy {
      days = 7
    }
  }

  # Whoever breaks into the cluster cannot delete what it was saved to. Azure makes no policy that is locked from the
  # first: a person locks it (output `lock`), and nobody ever unlocks it.
  immutability_policy {
    state                         = "Unlocked"
    period_since_creation_in_days = var.backups.immutable_days
    allow_protected_append_writes = false
  }

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
    ip_rules       = var.allowed_ips
  }

  dynamic "identity" {
    for_each = azurerm_user_assigned_identity.backups

    content {
      type         = "UserAssigned"
      identity_ids = [identity.value.id]
    }
  }

  dynamic "customer_managed_key" {
    for_each = azurerm_key_vault_key.backups

    content {
      key_vault_key_id          = customer_managed_key.value.versionless_id
      user_assigned_identity_id = azurerm_user_assigned_identity.backups[0].id
    }
  }

  tags = var.tags

  lifecycle {
    prevent_destroy = true
    # Once it is locked it stays locked.
    ignore_changes = [immutability_policy[0].state]
  }

  depends_on = [azurerm_role_assignment.backups_use_key]
}

resource "azurerm_storage_container" "backups" {
  count = length(azurerm_storage_account.backups)

  name                  = var.backups.container
  storage_account_id    = azurerm_storage_account.backups[0].id
  container_access_type = "private"

  lifecycle {
    prevent_destroy = true
  }
}

# The backup tool deletes what has expired; what that leaves behind are versions.
resource "azurerm_storage_management_policy" "backups" {
  count = length(azurerm_storage_account.backups)

  storage_account_id = azurerm_storage_account.backups[0].id

  rule {
    name    = "expired"
    enabled = true

    filters {
      blob_types = ["blockBlob"]
    }
    actions {
      version {
        delete_after_days_since_creation = var.backups.delete_days
      }
    }
  }
}
