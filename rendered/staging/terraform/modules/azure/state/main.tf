# What must be there before anything else: the account that holds the states, and the groups that CI may fill.
# A person with the right to do so on the subscription applies it; the state of this root is a file of theirs.

resource "azurerm_resource_group" "state" {
  name     = var.resource_group
  location = var.location
  tags     = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_resource_group" "roots" {
  for_each = var.resource_groups

  name     = each.key
  location = each.value
  tags     = var.tags
}

resource "azurerm_storage_account" "state" {
  name                = var.storage_account
  resource_group_name = azurerm_resource_group.state.name
  location            = azurerm_resource_group.state.location

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.replication

  # Nobody can hand a key around: Entra says who reads a state, and the log says who did.
  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  infrastructure_encryption_enabled = true

  blob_properties {
    # An earlier version is the way back from a state that was written wrongly.
    versioning_enabled  = true
    change_feed_enabled = true

    delete_retention_policy {
      days = var.retention_days
    }
    container_delete_retention_policy {
      days = var.retention_days
    }
  }

  network_rules {
    default_action = length(var.allowed_ips) > 0 ? "Deny" : "Allow"
    bypass         = ["AzureServices"]
    ip_rules       = var.allowed_ips
  }

  tags = var.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_container" "state" {
  for_each = var.containers

  name                  = each.key
  storage_account_id    = azurerm_storage_account.state.id
  container_access_type = "private"

  lifecycle {
    prevent_destroy = true
  }
}

# Versions add up with every apply: those that nobody goes back to are deleted.
resource "azurerm_storage_management_policy" "state" {
  storage_account_id = azurerm_storage_account.state.id

  rule {
    name    = "old-versions"
    enabled = true

    filters {
      blob_types = ["blockBlob"]
    }
    actions {
      version {
        delete_after_days_since_creation = var.retention_days
      }
    }
  }
}

# Against a portal's button; prevent_destroy holds Terraform alone.
resource "azurerm_management_lock" "state" {
  name       = "state"
  scope      = azurerm_storage_account.state.id
  lock_level = "CanNotDelete"
  notes      = "Holds Terraform's states."
}
