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

variable "subscription_id" {
  description = "The subscription."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.subscription_id))
    error_message = "A subscription is a UUID."
  }
}

variable "dns_zone" {
  description = "The public zone and its resource group; null: somebody else's."
  type        = object({ name = string, resource_group = string })
  default     = null

  validation {
    condition     = var.dns_zone == null || can(regex("^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", var.dns_zone.name))
    error_message = "A zone is a DNS name of at least two labels, in lower case."
  }
}

variable "registry" {
  description = "The container registry: its name, whether it stands in all zones, and the other regions that pull from it; null: somebody else's."
  type        = object({ name = string, resource_group = string, zone_redundant = bool, replicas = map(object({ zone_redundant = bool })) })
  default     = null

  validation {
    condition     = var.registry == null || can(regex("^[a-z0-9]{5,50}$", var.registry.name))
    error_message = "A registry's name has 5 to 50 letters and digits; they are lower-case in its address."
  }
  validation {
    condition     = var.registry == null || !contains(keys(try(var.registry.replicas, {})), var.location)
    error_message = "The registry's own region is no replica."
  }
}

variable "push_identity" {
  description = "Name and resource group of the identity as which pipelines push images; null: nobody pushes by Entra."
  type        = object({ name = string, resource_group = string })
  default     = null
}

variable "zone_writer" {
  description = "Which of the identities writes records of the public zone, and that zone's id; null: none."
  type        = object({ identity = string, zone_id = string })
  default     = null

  validation {
    condition     = var.zone_writer == null || contains(keys(var.identities), try(var.zone_writer.identity, ""))
    error_message = "The writer is one of the identities."
  }
  validation {
    condition     = var.zone_writer == null || can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/dnsZones/[^/]+$", var.zone_writer.zone_id))
    error_message = "A zone's id: /subscriptions/.../dnsZones/...."
  }
}

variable "identities" {
  description = "Identities of service accounts by name, with the client id that the manifests name; null: not known yet."
  type        = map(object({ client_id = optional(string) }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.identities) : can(regex("^[a-z0-9][-a-z0-9]{2,127}$", name))])
    error_message = "An identity has 3 to 128 lower-case letters, digits and '-'."
  }
}

variable "budget" {
  description = "What a month may cost, in the subscription's own currency, the shares in percent at which somebody is told, and whom; null: none."
  type        = object({ amount = number, thresholds = list(number), emails = list(string), filter = map(string) })
  default     = null

  validation {
    condition     = var.budget == null || try(var.budget.amount > 0, false)
    error_message = "The amount is more than nothing."
  }
  validation {
    condition     = var.budget == null || try(length(var.budget.thresholds) >= 1 && length(var.budget.thresholds) <= 5 && alltrue([for share in var.budget.thresholds : share > 0 && share <= 1000]), false)
    error_message = "1 to 5 shares, each above 0 and at most 1000 percent."
  }
}
