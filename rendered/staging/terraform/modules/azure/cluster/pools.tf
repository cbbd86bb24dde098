# One for each pool: named as the pool, so that a new pool never waits for machines beside the old one's.
resource "azurerm_proximity_placement_group" "pools" {
  for_each = { for key, pool in var.node_pools : key => pool if pool.proximity }

  name                = "${var.name}-${each.value.name}"
  resource_group_name = var.resource_group
  location            = var.location
  zone                = one(each.value.zones)
  allowed_vm_sizes    = [each.value.machine] # Azure takes a zone only together with the machines that must be there.
  tags                = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

# A pool that must change what living nodes cannot has another name: the new one is made, then the old one is drained
# and goes. Cycling a pool under its own name would not drain it.
resource "azurerm_kubernetes_cluster_node_pool" "pools" {
  for_each = var.node_pools

  name                         = each.value.name
  kubernetes_cluster_id        = azurerm_kubernetes_cluster.main.id
  mode                         = "User"
  vm_size                      = each.value.machine
  os_sku                       = "Ubuntu"
  orchestrator_version         = var.kubernetes_version
  auto_scaling_enabled         = true
  min_count                    = each.value.min
  max_count                    = each.value.max
  max_pods                     = each.value.max_pods
  zones                        = length(each.value.zones) > 0 ? each.value.zones : null
  vnet_subnet_id               = var.subnet_ids.nodes
  pod_subnet_id                = var.subnet_ids.pods
  node_labels                  = each.value.labels
  node_taints                  = each.value.taints
  host_encryption_enabled      = var.encryption != null
  ultra_ssd_enabled            = each.value.ultra_ssd
  proximity_placement_group_id = each.value.proximity ? azurerm_proximity_placement_group.pools[each.key].id : null
  priority                     = each.value.spot ? "Spot" : "Regular"
  eviction_policy              = each.value.spot ? "Delete" : null
  spot_max_price               = each.value.spot ? -1 : null # Up to the ordinary price.
  tags                         = var.tags

  dynamic "kubelet_config" {
    for_each = each.value.cpu_manager_policy != null || length(each.value.unsafe_sysctls) > 0 ? [each.value] : []

    content {
      cpu_manager_policy      = kubelet_config.value.cpu_manager_policy
      topology_manager_policy = kubelet_config.value.topology_policy
      allowed_unsafe_sysctls  = kubelet_config.value.unsafe_sysctls
    }
  }

  dynamic "linux_os_config" {
    for_each = length(each.value.sysctls) > 0 || each.value.transparent_huge_pages != null ? [each.value] : []

    content {
      transparent_huge_page = linux_os_config.value.transparent_huge_pages

      dynamic "sysctl_config" {
        for_each = length(linux_os_config.value.sysctls) > 0 ? [linux_os_config.value.sysctls] : []

        content {
          fs_aio_max_nr                      = try(sysctl_config.value["fs_aio_max_nr"], null)
          fs_file_max                        = try(sysctl_config.value["fs_file_max"], null)
          fs_inotify_max_user_watches        = try(sysctl_config.value["fs_inotify_max_user_watches"], null)
          fs_nr_open                         = try(sysctl_config.value["fs_nr_open"], null)
          kernel_threads_max                 = try(sysctl_config.value["kernel_threads_max"], null)
          net_core_netdev_max_backlog        = try(sysctl_config.value["net_core_netdev_max_backlog"], null)
          net_core_optmem_max                = try(sysctl_config.value["net_core_optmem_max"], null)
          net_core_rmem_default              = try(sysctl_config.value["net_core_rmem_default"], null)
          net_core_rmem_max                  = try(sysctl_config.value["net_core_rmem_max"], null)
          net_core_somaxconn                 = try(sysctl_config.value["net_core_somaxconn"], null)
          net_core_wmem_default              = try(sysctl_config.value["net_core_wmem_default"], null)
          net_core_wmem_max                  = try(sysctl_config.value["net_core_wmem_max"], null)
          net_ipv4_neigh_default_gc_thresh1  = try(sysctl_config.value["net_ipv4_neigh_default_gc_thresh1"], null)
          net_ipv4_neigh_default_gc_thresh2  = try(sysctl_config.value["net_ipv4_neigh_default_gc_thresh2"], null)
          net_ipv4_neigh_default_gc_thresh3  = try(sysctl_config.value["net_ipv4_neigh_default_gc_thresh3"], null)
          net_ipv4_tcp_fin_timeout           = try(sysctl_config.value["net_ipv4_tcp_fin_timeout"], null)
          net_ipv4_tcp_keepalive_intvl       = try(sysctl_config.value["net_ipv4_tcp_keepalive_intvl"], null)
          net_ipv4_tcp_keepalive_probes      = try(sysctl_config.value["net_ipv4_tcp_keepalive_probes"], null)
          net_ipv4_tcp_keepalive_time        = try(sysctl_config.value["net_ipv4_tcp_keepalive_time"], null)
          net_ipv4_tcp_max_syn_backlog       = try(sysctl_config.value["net_ipv4_tcp_max_syn_backlog"], null)
          net_ipv4_tcp_max_tw_buckets        = try(sysctl_config.value["net_ipv4_tcp_max_tw_buckets"], null)
          net_ipv4_tcp_tw_reuse              = try(sysctl_config.value["net_ipv4_tcp_tw_reuse"] == 1, null)
          net_netfilter_nf_conntrack_buckets = try(sysctl_config.value["net_netfilter_nf_conntrack_buckets"], null)
          net_netfilter_nf_conntrack_max     = try(sysctl_config.value["net_netfilter_nf_conntrack_max"], null)
          vm_max_map_count                   = try(sysctl_config.value["vm_max_map_count"], null)
          vm_swappiness                      = try(sysctl_config.value["vm_swappiness"], null)
          vm_vfs_cache_pressure              = try(sysctl_config.value["vm_vfs_cache_pressure"], null)
        }
      }
    }
  }

  # AKS takes none for spot machines.
  dynamic "upgrade_settings" {
    for_each = each.value.spot ? [] : [1]

    content {
      max_surge                = "1"
      drain_timeout_in_minutes = 60
    }
  }

  lifecycle {
    create_before_destroy = true
    # The autoscaler decides.
    ignore_changes = [node_count]
  }
}
