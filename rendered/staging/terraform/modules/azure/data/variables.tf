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

variable "subnet_ids" {
  description = "Subnets that root module network makes; databases: null where there are none."
  type        = object({ endpoints = string, databases = optional(string) })
  nullable    = false

  validation {
    condition = alltrue([for id in values(var.subnet_ids) :
    id == null || can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/virtualNetworks/[^/]+/subnets/[^/]+$", id))])
    error_message = "Each is an id: /subscriptions/.../virtualNetworks/.../subnets/...."
  }
}

variable "zone_ids" {
  description = "Private zones by what needs them: blob, vault, postgres, redis."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for id in values(var.zone_ids) : can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/privateDnsZones/[^/]+$", id))])
    error_message = "Each is an id: /subscriptions/.../privateDnsZones/...."
  }
}

variable "admin_groups" {
  description = "Object ids of the Entra groups that administer databases."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for id in var.admin_groups : can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", id))])
    error_message = "Each is a UUID."
  }
}

variable "databases" {
  description = "PostgreSQL servers by the spec's names; `source` is the id of the server that a standby follows, `record` its name in dns_zone."
  type = map(object({
    name         = string
    version      = string
    sku          = string
    storage_mb   = number
    ha_mode      = optional(string)
    zone         = optional(string)
    standby_zone = optional(string)
    backup_days  = number
    geo_backups  = bool
    source       = optional(string)
    record       = optional(string)
    window       = optional(object({ day = number, hour = number }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for item in values(var.databases) : length(item.name) >= 3 && length(item.name) <= 63 && can(regex("^[a-z0-9]([-a-z0-9]*[a-z0-9])$", item.name))])
    error_message = "A server's name has 3 to 63 lower-case letters, digits and '-'; it is unique in all of Azure."
  }
  validation {
    condition     = alltrue([for item in values(var.databases) : contains(["13", "14", "15", "16", "17", "18"], item.version)])
    error_message = "A major version from 13 to 18."
  }
  validation {
    condition     = alltrue([for item in values(var.databases) : can(regex("^(B_Standard_B|GP_Standard_D|MO_Standard_E)[A-Za-z0-9_]+$", item.sku))])
    error_message = "A size is written with its tier, such as GP_Standard_D4ds_v5."
  }
  validation {
    condition     = alltrue([for item in values(var.databases) : contains([32768, 65536, 131072, 262144, 524288, 1048576, 2097152, 4193280, 4194304, 8388608, 16777216, 33553408], item.storage_mb)])
    error_message = "Disks come in sizes: 32, 64, 128, 256, 512 GiB, 1, 2, 4, 8, 16 and 32 TiB, here in MiB."
  }
  validation {
    condition     = alltrue([for item in values(var.databases) : item.ha_mode == null || (contains(["SameZone", "ZoneRedundant"], coalesce(item.ha_mode, "SameZone")) && item.source == null && !startswith(item.sku, "B_"))])
    error_message = "High availability is SameZone or ZoneRedundant, of a server that follows none and is not burstable."
  }
  validation {
    condition     = alltrue([for item in values(var.databases) : item.source == null || !startswith(item.sku, "B_")])
    error_message = "A burstable server follows none."
  }
  validation {
    condition     = alltrue([for item in values(var.databases) : item.backup_days >= 7 && item.backup_days <= 35 && floor(item.backup_days) == item.backup_days])
    error_message = "Azure keeps a database's backups for 7 to 35 days."
  }
  validation {
    condition     = alltrue([for item in values(var.databases) : item.window == null || try(item.window.day >= 0 && item.window.day <= 6 && item.window.hour >= 0 && item.window.hour <= 23, false)])
    error_message = "A window begins on a day from 0 (Sunday) to 6, at an hour from 0 to 23."
  }
}

variable "primary_network" {
  description = "The network of the servers that ours follow, with its private zone of databases: it is joined to ours. Null where none follows, or where the network is another subscription's, which joins it by hand."
  type        = object({ id = string, name = string, resource_group = string, zone_id = string })
  default     = null

  validation {
    condition     = var.primary_network == null || can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/virtualNetworks/[^/]+$", var.primary_network.id))
    error_message = "An id: /subscriptions/.../virtualNetworks/...."
  }
}

variable "caches" {
  description = "Redis by the spec's names; `users` are object names and groups of the identities that may use it, `record` its name in dns_zone."
  type = map(object({
    name              = string
    sku               = string
    high_availability = bool
    persistent        = bool
    record            = optional(string)
    users             = map(object({ name = string, resource_group = string }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for item in values(var.caches) : length(item.name) <= 60 && can(regex("^[a-z0-9](-?[a-z0-9])*$", item.name))])
    error_message = "A cache's name has at most 60 lower-case letters, digits and single '-'."
  }
  validation {
    condition     = alltrue([for item in values(var.caches) : can(regex("^(Balanced_B(0|1|3|5|10|20|50|100|150|250|350|500|700|1000)|ComputeOptimized_X(3|5|10|20|50|100|150|250|350|500|700)|MemoryOptimized_M(10|20|50|100|150|250|350|500|700|1000|1500|2000)|FlashOptimized_A(250|500|700|1000|1500|2000|4500))$", item.sku))])
    error_message = "A size of Azure Managed Redis, such as Balanced_B10 or MemoryOptimized_M20."
  }
}

variable "dns_zone" {
  description = "The public zone in which databases and caches have their names; null: it is not in this subscription."
  type        = object({ name = string, resource_group = string, ttl = number })
  default     = null

  validation {
    condition     = var.dns_zone == null || try(var.dns_zone.ttl >= 1 && var.dns_zone.ttl <= 2147483647 && floor(var.dns_zone.ttl) == var.dns_zone.ttl, false)
    error_message = "Seconds are whole, and at least 1."
  }
}

variable "backups" {
  description = "Where backups of the cluster go: how many copies, for how many days nobody deletes one, whether that shall never be taken back, when an old version goes; null: nowhere."
  type        = object({ storage_account = string, container = string, replication = string, immutable_days = number, locked = bool, delete_days = number })
  default     = null

  validation {
    condition     = var.backups == null || can(regex("^[a-z0-9]{3,24}$", var.backups.storage_account))
    error_message = "A storage account has 3 to 24 lower-case letters and digits."
  }
  validation {
    condition     = var.backups == null || try(contains(["LRS", "ZRS", "GRS", "GZRS"], var.backups.replication), false)
    error_message = "LRS, ZRS, GRS or GZRS."
  }
  validation {
    condition     = var.backups == null || try(var.backups.immutable_days >= 1 && var.backups.immutable_days <= 146000 && var.backups.delete_days >= var.backups.immutable_days, false)
    error_message = "Copies are immutable for 1 to 146000 days, and are not deleted before."
  }
}

variable "keys_vault" {
  description = "The vault with the key of the backups; null: Azure's own keys."
  type        = string
  default     = null

  validation {
    condition     = var.keys_vault == null || (can(regex("^[a-zA-Z](-?[a-zA-Z0-9]){2,23}$", var.keys_vault)) && length(coalesce(var.keys_vault, "-")) <= 24)
    error_message = "A vault has 3 to 24 letters, digits and single '-', and begins with a letter."
  }
}

variable "secrets_vault" {
  description = "The vault of the services' secrets: its id, whether this root makes it, whether other clouds read it, whether somebody of another subscription must let us in (`manual`), and who reads it here; null: secrets lie elsewhere."
  type        = object({ name = string, id = string, owned = bool, open = bool, manual = optional(bool, false), reader = optional(object({ name = string, resource_group = string })) })
  default     = null

  validation {
    condition     = var.secrets_vault == null || (can(regex("^[a-zA-Z](-?[a-zA-Z0-9]){2,23}$", var.secrets_vault.name)) && length(try(var.secrets_vault.name, "")) <= 24)
    error_message = "A vault has 3 to 24 letters, digits and single '-', and begins with a letter."
  }
}

variable "allowed_ips" {
  description = "Public addresses and ranges that reach vaults and backups from outside the network: people and pipelines."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.allowed_ips) <= 400 && alltrue([for ip in var.allowed_ips : can(regex("^([0-9]{1,3}\\.){3}[0-9]{1,3}(/([1-9]|[12][0-9]|30))?$", ip))])
    error_message = "At most 400 IPv4 addresses, or ranges of /30 and larger."
  }
}
