locals {
  # What AKS takes of each kernel parameter, by the provider's name: smallest and largest value.
  sysctl_ranges = {
    fs_aio_max_nr                      = [65536, 6553500]
    fs_file_max                        = [8192, 12000500]
    fs_inotify_max_user_watches        = [781250, 2097152]
    fs_nr_open                         = [8192, 20000500]
    kernel_threads_max                 = [20, 513785]
    net_core_netdev_max_backlog        = [1000, 3240000]
    net_core_optmem_max                = [20480, 4194304]
    net_core_rmem_default              = [212992, 134217728]
    net_core_rmem_max                  = [212992, 134217728]
    net_core_somaxconn                 = [4096, 3240000]
    net_core_wmem_default              = [212992, 134217728]
    net_core_wmem_max                  = [212992, 134217728]
    net_ipv4_neigh_default_gc_thresh1  = [128, 80000]
    net_ipv4_neigh_default_gc_thresh2  = [512, 90000]
    net_ipv4_neigh_default_gc_thresh3  = [1024, 100000]
    net_ipv4_tcp_fin_timeout           = [5, 120]
    net_ipv4_tcp_keepalive_intvl       = [10, 90]
    net_ipv4_tcp_keepalive_probes      = [1, 15]
    net_ipv4_tcp_keepalive_time        = [30, 432000]
    net_ipv4_tcp_max_syn_backlog       = [128, 3240000]
    net_ipv4_tcp_max_tw_buckets        = [8000, 1440000]
    net_ipv4_tcp_tw_reuse              = [0, 1]
    net_netfilter_nf_conntrack_buckets = [65536, 524288]
    net_netfilter_nf_conntrack_max     = [131072, 2097152]
    vm_max_map_count                   = [65530, 262144]
    vm_swappiness                      = [0, 100]
    vm_vfs_cache_pressure              = [0, 100]
  }
}

variable "name" {
  description = "What the names of everything made here begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[a-z0-9])+$", var.name)) && length(var.name) >= 3 && length(var.name) <= 48
    error_message = "3 to 48 lower-case letters, digits and single '-', beginning with a letter."
  }
}

variable "location" {
  description = "The region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]+$", var.location))
    error_message = "A region is written in lower case without spaces, such as westeurope."
  }
}

variable "resource_group" {
  description = "The resource group of what is made here; root module bootstrap makes it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[-\\w.()]{0,89}[-\\w()]$", var.resource_group))
    error_message = "A resource group has at most 90 letters, digits, '-', '_', '.', '(' and ')', and does not end with '.'."
  }
}

variable "tags" {
  description = "Tags of everything that is made here."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 50 && alltrue([for key, value in var.tags : length(key) <= 128 && length(value) <= 256])
    error_message = "At most 50 tags, their keys of at most 128 characters (a storage account's limit), their values of 256."
  }
}

variable "node_resource_group" {
  description = "The resource group that AKS makes for machines, disks and load balancers."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[-\\w.()]{0,79}[-\\w()]$", var.node_resource_group))
    error_message = "AKS takes at most 80 letters, digits, '-', '_', '.', '(' and ')', not ending with '.'."
  }
}

variable "kubernetes_version" {
  description = "The minor version of the control plane and of every pool."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "A minor version such as 1.36: AKS chooses the patch."
  }
}

variable "sku_tier" {
  description = "Free: without a promise of availability; Standard: with one; Premium: with long-term support."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["Free", "Standard", "Premium"], var.sku_tier)
    error_message = "Free, Standard or Premium."
  }
}

variable "subnet_ids" {
  description = "Subnets that root module network makes; pods: null where AKS lays the pods over the network."
  type        = object({ nodes = string, apiserver = string, endpoints = string, pods = optional(string) })
  nullable    = false

  validation {
    condition = alltrue([for id in values(var.subnet_ids) :
    id == null || can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/virtualNetworks/[^/]+/subnets/[^/]+$", id))])
    error_message = "Each is an id: /subscriptions/.../virtualNetworks/.../subnets/...."
  }
}

variable "pods_cidr" {
  description = "The range of the pods that AKS lays over the network; null: they have a subnet."
  type        = string
  default     = null

  validation {
    condition     = var.pods_cidr == null || (can(cidrnetmask(var.pods_cidr)) && can(regex("/([89]|1[0-9]|2[0-4])$", var.pods_cidr)))
    error_message = "An IPv4 range of /8 to /24: each node takes a /24 of it."
  }
  validation {
    condition     = (var.pods_cidr == null) != (var.subnet_ids.pods == null)
    error_message = "Pods have a range of their own, or a subnet."
  }
}

variable "services_cidr" {
  description = "The range of Services."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.services_cidr)) && can(regex("/(1[3-9]|2[0-8])$", var.services_cidr))
    error_message = "An IPv4 range of /13 to /28."
  }
}

variable "public_access" {
  description = "Whether the API server has a public address beside the one within the network."
  type        = bool
  default     = false
  nullable    = false
}

variable "authorized_cidrs" {
  description = "The public ranges that reach that address; empty: all."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.authorized_cidrs) <= 200 && alltrue([for cidr in var.authorized_cidrs : can(cidrnetmask(cidr))])
    error_message = "At most 200 IPv4 ranges."
  }
  validation {
    condition     = length(var.authorized_cidrs) == 0 || var.public_access
    error_message = "Ranges hold the public address, and there is none."
  }
}

variable "admin_groups" {
  description = "Object ids of the Entra groups with full rights. Others get in by Azure's roles for AKS."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for id in var.admin_groups : can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", id))])
    error_message = "Each is a UUID."
  }
}

variable "system_pool" {
  description = "The pool of the cluster's own pods."
  type = object({
    machine  = string
    min      = number
    max      = number
    zones    = set(string)
    labels   = map(string)
    max_pods = number
    reserved = bool
  })
  nullable = false

  validation {
    condition     = var.system_pool.min >= 1 && var.system_pool.min <= var.system_pool.max && var.system_pool.max <= 1000
    error_message = "1 to 1000 nodes, the least number not above the largest."
  }
  validation {
    condition     = alltrue([for zone in var.system_pool.zones : contains(["1", "2", "3"], zone)])
    error_message = "Zones are 1, 2 and 3."
  }
}

variable "node_pools" {
  description = "Pools by the spec's names. `name` is AKS' own, with a hash of what cannot change on living nodes; sysctls are named as the provider names them."
  type = map(object({
    name                   = string
    machine                = string
    min                    = number
    max                    = number
    zones                  = set(string)
    labels                 = map(string)
    taints                 = list(string)
    spot                   = bool
    proximity              = bool
    ultra_ssd              = bool
    max_pods               = number
    cpu_manager_policy     = optional(string)
    topology_policy        = optional(string)
    unsafe_sysctls         = set(string)
    sysctls                = map(number)
    transparent_huge_pages = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : can(regex("^[a-z][a-z0-9]{0,11}$", pool.name))])
    error_message = "A pool's name has at most 12 lower-case letters and digits, and begins with a letter."
  }
  validation {
    condition     = length(distinct([for pool in values(var.node_pools) : pool.name])) == length(var.node_pools) && !contains([for pool in values(var.node_pools) : pool.name], "system")
    error_message = "Names differ, and `system` is the system pool's."
  }
  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.min >= 0 && pool.min <= pool.max && pool.max >= 1 && pool.max <= 1000])
    error_message = "0 to 1000 nodes, the least number not above the largest."
  }
  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.max_pods >= 10 && pool.max_pods <= 250])
    error_message = "A node takes 10 to 250 pods."
  }
  validation {
    condition     = alltrue(flatten([for pool in values(var.node_pools) : [for zone in pool.zones : contains(["1", "2", "3"], zone)]]))
    error_message = "Zones are 1, 2 and 3."
  }
  validation {
    condition     = alltrue([for pool in values(var.node_pools) : !pool.proximity || length(pool.zones) <= 1])
    error_message = "A proximity placement group lies in one zone."
  }
  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["none", "static"], coalesce(pool.cpu_manager_policy, "none"))])
    error_message = "The CPU manager's policy is none or static."
  }
  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["none", "best-effort", "restricted", "single-numa-node"], coalesce(pool.topology_policy, "none"))])
    error_message = "The topology manager's policy is none, best-effort, restricted or single-numa-node."
  }
  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["always", "madvise", "never"], coalesce(pool.transparent_huge_pages, "never"))])
    error_message = "Transparent huge pages are always, madvise or never."
  }
  validation {
    condition     = alltrue([for pool in values(var.node_pools) : alltrue([for key, value in pool.sysctls : try(value >= local.sysctl_ranges[key][0] && value <= local.sysctl_ranges[key][1], false)])])
    error_message = "A parameter is one of AKS', and its value within AKS' range (local sysctl_ranges)."
  }
  validation {
    condition     = alltrue([for pool in values(var.node_pools) : alltrue([for taint in pool.taints : can(regex("^[^=:\\s]+(=[^=:\\s]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$", taint))])])
    error_message = "A taint is written key=value:effect."
  }
}

variable "encryption" {
  description = "The vault with the keys of etcd and of the disks, and whether it can be reached from outside the network; null: Azure's own keys."
  type        = object({ vault = string, public = bool })
  default     = null

  validation {
    condition     = var.encryption == null || can(regex("^[a-zA-Z](-?[a-zA-Z0-9]){2,23}$", var.encryption.vault)) && length(try(var.encryption.vault, "")) <= 24
    error_message = "A vault has 3 to 24 letters, digits and single '-', and begins with a letter."
  }
}

variable "vault_zone_id" {
  description = "The private zone of vaults (privatelink.vaultcore.azure.net)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/privateDnsZones/[^/]+$", var.vault_zone_id))
    error_message = "An id: /subscriptions/.../privateDnsZones/...."
  }
}

variable "registry_id" {
  description = "The registry from which nodes pull; null: one that asks nothing of Entra."
  type        = string
  default     = null

  validation {
    condition     = var.registry_id == null || can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.ContainerRegistry/registries/[a-z0-9]{5,50}$", var.registry_id))
    error_message = "An id: /subscriptions/.../registries/...."
  }
}

variable "service_accounts" {
  description = "Service accounts that are somebody to Azure, by name, with their identities' ids."
  type        = map(object({ namespace = string, account = string, identity_id = string }))
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([for item in values(var.service_accounts) :
    can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.ManagedIdentity/userAssignedIdentities/[^/]+$", item.identity_id))])
    error_message = "An identity's id: /subscriptions/.../userAssignedIdentities/...."
  }
}

variable "maintenance" {
  description = "When Azure may touch the cluster, in UTC: hours by day of the week, and spans in which it may not; null: whenever it likes."
  type        = object({ allowed = map(set(number)), not_allowed = list(object({ start = string, end = string })) })
  default     = null

  validation {
    condition     = var.maintenance == null || try(length(setsubtract(keys(var.maintenance.allowed), ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"])) == 0, false)
    error_message = "Days are written in English: Sunday to Saturday."
  }
  validation {
    condition     = var.maintenance == null || try(alltrue(flatten([for hours in values(var.maintenance.allowed) : [for hour in hours : hour >= 0 && hour <= 23 && floor(hour) == hour]])), false)
    error_message = "Hours are whole numbers from 0 to 23."
  }
  validation {
    condition     = var.maintenance == null || try(alltrue([for span in var.maintenance.not_allowed : timecmp(span.start, span.end) < 0]), false)
    error_message = "A span has a start and a later end, both of RFC 3339."
  }
}

variable "log_days" {
  description = "Days for which audit logs are kept."
  type        = number
  nullable    = false

  validation {
    condition     = var.log_days >= 30 && var.log_days <= 730 && floor(var.log_days) == var.log_days
    error_message = "30 to 730 whole days."
  }
}
