# What the provider would refuse is refused here, and the plan holds what the design promises.

mock_provider "azurerm" {
  mock_data "azurerm_client_config" {
    defaults = { tenant_id = "00000000-0000-0000-0000-000000000001" }
  }
  mock_data "azurerm_role_definition" {
    defaults = { role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-000000000002" }
  }
}

variables {
  name                = "demo-production-weu"
  location            = "westeurope"
  resource_group      = "demo-production-weu-x"
  tags                = { project = "demo" }
  node_resource_group = "demo-production-weu-nodes"
  kubernetes_version  = "1.35"
  sku_tier            = "Standard"
  subnet_ids = {
    nodes     = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/nodes"
    apiserver = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/apiserver"
    endpoints = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/endpoints"
    pods      = null
  }
  pods_cidr        = "100.64.0.0/16"
  services_cidr    = "172.20.0.0/20"
  public_access    = true
  authorized_cidrs = ["203.0.113.0/24"]
  admin_groups     = ["33333333-3333-3333-3333-333333333333"]
  system_pool = {
    machine  = "Standard_D4s_v5"
    min      = 3
    max      = 5
    zones    = ["1", "2", "3"]
    labels   = { "hftgen.io/pool" = "system" }
    max_pods = 250
    reserved = true
  }
  node_pools = {
    latency = {
      name                   = "latenc123456"
      machine                = "Standard_F32s_v2"
      min                    = 3
      max                    = 4
      zones                  = ["1"]
      labels                 = { "hftgen.io/pool" = "latency" }
      taints                 = ["hftgen.io/pool=latency:NoSchedule"]
      spot                   = false
      proximity              = true
      ultra_ssd              = false
      max_pods               = 250
      cpu_manager_policy     = "static"
      topology_policy        = "single-numa-node"
      unsafe_sysctls         = ["net.core.somaxconn"]
      sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
      transparent_huge_pages = "never"
    }
    batch = {
      name                   = "batch0123456"
      machine                = "Standard_F32s_v2"
      min                    = 3
      max                    = 4
      zones                  = ["1", "2"]
      labels                 = { "hftgen.io/pool" = "latency" }
      taints                 = ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
      spot                   = true
      proximity              = false
      ultra_ssd              = false
      max_pods               = 250
      cpu_manager_policy     = null
      topology_policy        = null
      unsafe_sysctls         = []
      sysctls                = {}
      transparent_huge_pages = null
    }
  }
  encryption    = { vault = "demo-productio-01234567", public = true }
  vault_zone_id = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net"
  registry_id   = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-registry/providers/Microsoft.ContainerRegistry/registries/demoimages"
  service_accounts = {
    web = {
      namespace   = "demo"
      account     = "web"
      identity_id = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-shared/providers/Microsoft.ManagedIdentity/userAssignedIdentities/demo-web"
    }
  }
  maintenance = {
    allowed     = { Saturday = [0, 1, 2, 3] }
    not_allowed = [{ start = "2026-12-25T00:00:00Z", end = "2026-12-26T00:00:00Z" }]
  }
  log_days = 365
}

run "is_closed" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster.main.local_account_disabled && azurerm_kubernetes_cluster.main.run_command_enabled == false
    error_message = "Nobody comes in but by Entra."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.api_server_access_profile[0].authorized_ip_ranges == toset(["203.0.113.0/24"]) && azurerm_kubernetes_cluster.main.api_server_access_profile[0].virtual_network_integration_enabled
    error_message = "The public address is for people of the spec; nodes stay inside."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.network_profile[0].network_policy == "cilium" && azurerm_kubernetes_cluster.main.network_profile[0].network_data_plane == "cilium"
    error_message = "NetworkPolicies are enforced."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.network_profile[0].dns_service_ip == "172.20.0.10"
    error_message = "DNS lies in the range of Services."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.oidc_issuer_enabled && azurerm_kubernetes_cluster.main.workload_identity_enabled
    error_message = "Pods can be somebody."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.automatic_upgrade_channel == null && azurerm_kubernetes_cluster.main.node_os_upgrade_channel == "None"
    error_message = "Nothing upgrades itself."
  }
  assert {
    condition     = length(azurerm_kubernetes_cluster.main.key_management_service) == 1 && length(azurerm_disk_encryption_set.disks) == 1
    error_message = "etcd and disks are encrypted by our keys."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.default_node_pool[0].only_critical_addons_enabled && azurerm_kubernetes_cluster.main.default_node_pool[0].host_encryption_enabled
    error_message = "System pods stand apart."
  }
  assert {
    condition     = length(azurerm_monitor_diagnostic_setting.cluster.enabled_log) == 4
    error_message = "Who did what is logged."
  }
  assert {
    condition     = length(azurerm_kubernetes_cluster.main.maintenance_window[0].allowed) == 1 && length(azurerm_kubernetes_cluster.main.maintenance_window[0].not_allowed) == 1
    error_message = "Azure keeps out of sessions."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.node_provisioning_profile[0].mode == "Manual"
    error_message = "AKS chooses no machines."
  }
  assert {
    condition     = azurerm_federated_identity_credential.service_accounts["web"].subject == "system:serviceaccount:demo:web"
    error_message = "The service account is somebody, and no other is."
  }
}

run "joins_its_network" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.control_joins.scope == "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo"
    error_message = "AKS links its private zone to the network, for which rights on subnets are too little."
  }
}

run "makes_pools" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.pools["latency"].kubelet_config[0].cpu_manager_policy == "static" && azurerm_kubernetes_cluster_node_pool.pools["latency"].kubelet_config[0].topology_manager_policy == "single-numa-node"
    error_message = "A pinned pool pins."
  }
  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.pools["latency"].linux_os_config[0].sysctl_config[0].net_core_rmem_max == 16777216 && azurerm_kubernetes_cluster_node_pool.pools["latency"].linux_os_config[0].sysctl_config[0].net_ipv4_tcp_tw_reuse
    error_message = "Machines have the spec's parameters."
  }
  assert {
    condition     = azurerm_proximity_placement_group.pools["latency"].zone == "1" && azurerm_proximity_placement_group.pools["latency"].name == "demo-production-weu-latenc123456"
    error_message = "Its nodes are close together, and a new pool has a group of its own."
  }
  assert {
    condition     = length(azurerm_kubernetes_cluster_node_pool.pools["latency"].upgrade_settings) == 1 && length(azurerm_kubernetes_cluster_node_pool.pools["batch"].upgrade_settings) == 0
    error_message = "AKS takes no surge of spot machines."
  }
  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.pools["batch"].priority == "Spot" && azurerm_kubernetes_cluster_node_pool.pools["batch"].spot_max_price == -1 && azurerm_kubernetes_cluster_node_pool.pools["latency"].priority == "Regular"
    error_message = "Spot is for whom the spec says."
  }
  assert {
    condition     = length(azurerm_kubernetes_cluster_node_pool.pools["batch"].kubelet_config) + length(azurerm_kubernetes_cluster_node_pool.pools["batch"].linux_os_config) == 0
    error_message = "What is not asked for is AKS' own."
  }
  assert {
    condition     = alltrue([for pool in azurerm_kubernetes_cluster_node_pool.pools : pool.orchestrator_version == "1.35"])
    error_message = "One version for the whole cluster."
  }
}

run "is_private" {
  command = plan

  variables {
    public_access    = false
    authorized_cidrs = []
    pods_cidr        = null
    subnet_ids = {
      nodes     = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/nodes"
      apiserver = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/apiserver"
      endpoints = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/endpoints"
      pods      = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/pods"
    }
    encryption  = { vault = "demo-productio-01234567", public = false }
    maintenance = null
    registry_id = null
  }

  assert {
    condition     = azurerm_kubernetes_cluster.main.private_cluster_enabled
    error_message = "Without people outside there is no public address."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.key_management_service[0].key_vault_network_access == "Private" && azurerm_key_vault.keys[0].public_network_access_enabled == false
    error_message = "Keys are reached inside."
  }
  assert {
    condition     = azurerm_kubernetes_cluster.main.network_profile[0].network_plugin_mode == null && azurerm_kubernetes_cluster_node_pool.pools["latency"].pod_subnet_id != null
    error_message = "Pods have a subnet."
  }
  assert {
    condition     = length(azurerm_kubernetes_cluster.main.maintenance_window) == 0
    error_message = "Without a freeze Azure comes when it likes."
  }
}

run "keeps_azures_keys" {
  command = plan

  variables {
    encryption = null
  }

  assert {
    condition     = length(azurerm_key_vault.keys) + length(azurerm_kubernetes_cluster.main.key_management_service) == 0
    error_message = "Without encryption of ours no vault is made."
  }
}

run "refuses_a_long_name" {
  command = plan

  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  expect_failures = [var.name]
}

run "refuses_doubled_hyphens" {
  command = plan

  variables {
    name = "demo--weu"
  }
  expect_failures = [var.name]
}

run "refuses_a_region_in_words" {
  command = plan

  variables {
    location = "West Europe"
  }
  expect_failures = [var.location]
}

run "refuses_a_group_with_a_slash" {
  command = plan

  variables {
    resource_group = "a/b"
  }
  expect_failures = [var.resource_group]
}

run "refuses_a_long_tag" {
  command = plan

  variables {
    tags = {
      project = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    }
  }
  expect_failures = [var.tags]
}

run "refuses_a_long_group_of_nodes" {
  command = plan

  variables {
    node_resource_group = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  expect_failures = [var.node_resource_group]
}

run "refuses_a_patch_version" {
  command = plan

  variables {
    kubernetes_version = "1.35.1"
  }
  expect_failures = [var.kubernetes_version]
}

run "refuses_an_unknown_tier" {
  command = plan

  variables {
    sku_tier = "Paid"
  }
  expect_failures = [var.sku_tier]
}

run "refuses_subnets_by_name" {
  command = plan

  variables {
    subnet_ids = {
      nodes     = "nodes"
      apiserver = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/apiserver"
      endpoints = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/endpoints"
      pods      = null
    }
  }
  expect_failures = [var.subnet_ids]
}

run "refuses_small_pods" {
  command = plan

  variables {
    pods_cidr = "100.64.0.0/25"
  }
  expect_failures = [var.pods_cidr]
}

run "refuses_pods_in_two_places" {
  command = plan

  variables {
    subnet_ids = {
      nodes     = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/nodes"
      apiserver = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/apiserver"
      endpoints = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/endpoints"
      pods      = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/demo-network/providers/Microsoft.Network/virtualNetworks/demo/subnets/pods"
    }
  }
  expect_failures = [var.pods_cidr]
}

run "refuses_large_services" {
  command = plan

  variables {
    services_cidr = "172.16.0.0/12"
  }
  expect_failures = [var.services_cidr]
}

run "refuses_people_without_a_range" {
  command = plan

  variables {
    authorized_cidrs = ["office"]
  }
  expect_failures = [var.authorized_cidrs]
}

run "refuses_ranges_of_a_private_cluster" {
  command = plan

  variables {
    public_access = false
  }
  expect_failures = [var.authorized_cidrs]
}

run "refuses_a_group_by_name" {
  command = plan

  variables {
    admin_groups = ["platform-oncall"]
  }
  expect_failures = [var.admin_groups]
}

run "refuses_no_system_nodes" {
  command = plan

  variables {
    system_pool = {
      machine  = "Standard_D4s_v5"
      min      = 0
      max      = 5
      zones    = ["1", "2", "3"]
      labels   = { "hftgen.io/pool" = "system" }
      max_pods = 250
      reserved = true
    }
  }
  expect_failures = [var.system_pool]
}

run "refuses_a_system_zone_of_another_cloud" {
  command = plan

  variables {
    system_pool = {
      machine  = "Standard_D4s_v5"
      min      = 3
      max      = 5
      zones    = ["a"]
      labels   = { "hftgen.io/pool" = "system" }
      max_pods = 250
      reserved = true
    }
  }
  expect_failures = [var.system_pool]
}

run "refuses_a_long_pool_name" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latency123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_the_name_of_the_system_pool" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "system"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_one_name_twice" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
      batch = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1", "2"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
        spot                   = true
        proximity              = false
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = null
        topology_policy        = null
        unsafe_sysctls         = []
        sysctls                = {}
        transparent_huge_pages = null
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_more_at_least_than_at_most" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 5
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_few_pods" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 5
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_zone_of_another_cloud" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["a"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_placement_in_two_zones" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1", "2"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_an_unknown_cpu_policy" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "dynamic"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_an_unknown_topology_policy" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "numa"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_unknown_huge_pages" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "on"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_parameter_that_aks_has_not" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { kernel_numa_balancing = 0 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_parameter_out_of_range" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency:NoSchedule"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 1024 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_taint_without_effect" {
  command = plan

  variables {
    node_pools = {
      latency = {
        name                   = "latenc123456"
        machine                = "Standard_F32s_v2"
        min                    = 3
        max                    = 4
        zones                  = ["1"]
        labels                 = { "hftgen.io/pool" = "latency" }
        taints                 = ["hftgen.io/pool=latency"]
        spot                   = false
        proximity              = true
        ultra_ssd              = false
        max_pods               = 250
        cpu_manager_policy     = "static"
        topology_policy        = "single-numa-node"
        unsafe_sysctls         = ["net.core.somaxconn"]
        sysctls                = { net_core_rmem_max = 16777216, net_ipv4_tcp_tw_reuse = 1 }
        transparent_huge_pages = "never"
      }
    }
  }
  expect_failures = [var.node_pools]
}

run "refuses_a_long_vault" {
  command = plan

  variables {
    encryption = { vault = "demo-production-0123456789", public = true }
  }
  expect_failures = [var.encryption]
}

run "refuses_a_zone_by_name" {
  command = plan

  variables {
    vault_zone_id = "privatelink.vaultcore.azure.net"
  }
  expect_failures = [var.vault_zone_id]
}

run "refuses_a_registry_by_name" {
  command = plan

  variables {
    registry_id = "demoimages"
  }
  expect_failures = [var.registry_id]
}

run "refuses_an_identity_by_name" {
  command = plan

  variables {
    service_accounts = { web = { namespace = "demo", account = "web", identity_id = "demo-web" } }
  }
  expect_failures = [var.service_accounts]
}

run "refuses_a_day_in_german" {
  command = plan

  variables {
    maintenance = { allowed = { Samstag = [0] }, not_allowed = [] }
  }
  expect_failures = [var.maintenance]
}

run "refuses_hour_24" {
  command = plan

  variables {
    maintenance = { allowed = { Saturday = [24] }, not_allowed = [] }
  }
  expect_failures = [var.maintenance]
}

run "refuses_a_span_that_ends_before_it_begins" {
  command = plan

  variables {
    maintenance = {
      allowed     = {}
      not_allowed = [{ start = "2026-12-26T00:00:00Z", end = "2026-12-25T00:00:00Z" }]
    }
  }
  expect_failures = [var.maintenance]
}

run "refuses_logs_for_a_week" {
  command = plan

  variables {
    log_days = 7
  }
  expect_failures = [var.log_days]
}
