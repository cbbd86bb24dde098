data "azurerm_client_config" "current" {}

resource "azurerm_kubernetes_cluster" "main" {
  name                = var.name
  resource_group_name = var.resource_group
  location            = var.location
  dns_prefix          = var.name
  node_resource_group = var.node_resource_group

  # One minor version for everything. Nothing upgrades itself: a new version is a merge request, the standby first, and
  # nodes get a new image when a person asks for it (az aks nodepool upgrade --node-image-only) outside of sessions.
  kubernetes_version      = var.kubernetes_version
  node_os_upgrade_channel = "None"
  sku_tier                = var.sku_tier

  # Nodes reach the API server within the network in either case; a public address is for people's ranges alone.
  private_cluster_enabled = !var.public_access
  run_command_enabled     = false

  api_server_access_profile {
    virtual_network_integration_enabled = true
    subnet_id                           = var.subnet_ids.apiserver
    authorized_ip_ranges                = length(var.authorized_cidrs) > 0 ? var.authorized_cidrs : null
  }

  # Nobody logs in but by Entra. What they may do is said by Kubernetes' RBAC, or by a role of Azure on this cluster.
  local_account_disabled            = true
  role_based_access_control_enabled = true

  azure_active_directory_role_based_access_control {
    tenant_id              = data.azurerm_client_config.current.tenant_id
    azure_rbac_enabled     = true
    admin_group_object_ids = var.admin_groups
  }

  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.control.id]
  }
  kubelet_identity {
    client_id                 = azurerm_user_assigned_identity.kubelet.client_id
    object_id                 = azurerm_user_assigned_identity.kubelet.principal_id
    user_assigned_identity_id = azurerm_user_assigned_identity.kubelet.id
  }

  disk_encryption_set_id = one(azurerm_disk_encryption_set.disks[*].id)

  dynamic "key_management_service" {
    for_each = azurerm_key_vault_key.etcd

    content {
      # The newest version: what rotates the key moves etcd to it with the next apply.
      key_vault_key_id         = "${key_management_service.value.versionless_id}/${key_management_service.value.version}"
      key_vault_network_access = var.encryption.public ? "Public" : "Private"
    }
  }

  # Cilium enforces the NetworkPolicies; without it they are words.
  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = var.pods_cidr == null ? null : "overlay"
    network_data_plane  = "cilium"
    network_policy      = "cilium"
    pod_cidr            = var.pods_cidr
    service_cidr        = var.services_cidr
    dns_service_ip      = cidrhost(var.services_cidr, 10)
    load_balancer_sku   = "standard"
    outbound_type       = "userAssignedNATGateway"
  }

  default_node_pool {
    name                         = "system"
    temporary_name_for_rotation  = "systemnew"
    vm_size                      = var.system_pool.machine
    os_sku                       = "Ubuntu"
    orchestrator_version         = var.kubernetes_version
    auto_scaling_enabled         = true
    min_count                    = var.system_pool.min
    max_count                    = var.system_pool.max
    max_pods                     = var.system_pool.max_pods
    zones                        = length(var.system_pool.zones) > 0 ? var.system_pool.zones : null
    vnet_subnet_id               = var.subnet_ids.nodes
    pod_subnet_id                = var.subnet_ids.pods
    node_labels                  = var.system_pool.labels
    host_encryption_enabled      = var.encryption != null
    only_critical_addons_enabled = var.system_pool.reserved
    tags                         = var.tags

    upgrade_settings {
      max_surge                = "1"
      drain_timeout_in_minutes = 60
    }
  }

  # Pools are the spec's: AKS makes no nodes of its own choice.
  node_provisioning_profile {
    mode = "Manual"
  }

  auto_scaler_profile {
    expander                      = "least-waste"
    skip_nodes_with_local_storage = true
    skip_nodes_with_system_pods   = true
  }

  storage_profile {
    disk_driver_enabled         = true
    snapshot_controller_enabled = true
    blob_driver_enabled         = false
    file_driver_enabled         = false
  }

  dynamic "maintenance_window" {
    for_each = var.maintenance == null ? [] : [var.maintenance]

    content {
      dynamic "allowed" {
        for_each = maintenance_window.value.allowed

        content {
          day   = allowed.key
          hours = allowed.value
        }
      }
      dynamic "not_allowed" {
        for_each = maintenance_window.value.not_allowed

        content {
          start = not_allowed.value.start
          end   = not_allowed.value.end
        }
      }
    }
  }

  tags = var.tags

  lifecycle {
    # The autoscaler decides.
    ignore_changes = [default_node_pool[0].node_count]
  }

  depends_on = [
    azurerm_role_assignment.control_joins,
    azurerm_role_assignment.control_lends,
    azurerm_role_assignment.control_uses_keys,
    azurerm_role_assignment.control_reaches_keys,
    azurerm_role_assignment.disks_use_keys,
    azurerm_private_endpoint.vault,
  ]
}
