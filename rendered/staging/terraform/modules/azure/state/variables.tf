variable "location" {
  description = "The region of the storage account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]+$", var.location))
    error_message = "A region is written in lower case without spaces, such as westeurope."
  }
}

variable "resource_group" {
  description = "The resource group of the storage account; it is made here."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[-\\w.()]{0,89}[-\\w()]$", var.resource_group))
    error_message = "A resource group has at most 90 letters, digits, '-', '_', '.', '(' and ')', and does not end with '.'."
  }
}

variable "resource_groups" {
  description = "The resource groups of the other root modules by name, with their regions: a person makes them, so that CI needs no right on the subscription."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.resource_groups) : can(regex("^[-\\w.()]{0,89}[-\\w()]$", name))])
    error_message = "A resource group has at most 90 letters, digits, '-', '_', '.', '(' and ')', and does not end with '.'."
  }
  validation {
    condition     = alltrue([for region in values(var.resource_groups) : can(regex("^[a-z][a-z0-9]+$", region))])
    error_message = "A region is written in lower case without spaces, such as westeurope."
  }
}

variable "storage_account" {
  description = "The storage account that holds states; its name is unique in all of Azure."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.storage_account))
    error_message = "A storage account has 3 to 24 lower-case letters and digits."
  }
}

variable "containers" {
  description = "Containers of states."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.containers) > 0 && alltrue([for name in var.containers : length(name) <= 63 && can(regex("^[a-z0-9](-?[a-z0-9]){2,}$", name))])
    error_message = "A container has 3 to 63 lower-case letters, digits and single '-', and there is at least one."
  }
}

variable "replication" {
  description = "LRS: three copies in one building; ZRS: three zones; GRS, GZRS: a second region too."
  type        = string
  default     = "ZRS"
  nullable    = false

  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "GZRS"], var.replication)
    error_message = "LRS, ZRS, GRS or GZRS."
  }
}

variable "allowed_ips" {
  description = "Public addresses and ranges that reach the account; empty: every one, with Entra's permission alone."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.allowed_ips) <= 400 && alltrue([for ip in var.allowed_ips : can(regex("^([0-9]{1,3}\\.){3}[0-9]{1,3}(/([1-9]|[12][0-9]|30))?$", ip))])
    error_message = "At most 400 IPv4 addresses, or ranges of /30 and larger: the account's firewall takes no /31 and no /32."
  }
}

variable "retention_days" {
  description = "Days for which a deleted or overwritten state can be brought back."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 365 && floor(var.retention_days) == var.retention_days
    error_message = "1 to 365 whole days."
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
