variable "account" {
  description = "The Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.account))
    error_message = "account must be the id of a Google Cloud project."
  }
}

variable "audited" {
  description = "Whether what is done in clusters and with keys is put on record: that is one setting for the whole project."
  type        = bool
  nullable    = false
}

variable "zone" {
  description = "The public DNS zone: its name in the project, and its domain; null where somebody else has it."
  type = object({
    name   = string
    domain = string
  })

  validation {
    condition     = var.zone == null ? true : can(regex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", var.zone.name))
    error_message = "zone.name must be 1 to 63 lower-case letters, digits and '-', a letter first."
  }

  validation {
    condition     = var.zone == null ? true : can(regex("^[a-z0-9][-a-z0-9.]*[a-z0-9]$", var.zone.domain))
    error_message = "zone.domain must be a domain without a dot at its end."
  }
}

variable "registry" {
  description = "The Artifact Registry repository of images; null where images lie elsewhere. `publisher` is the service account by which CI pushes: whoever may by the workload identity pool `pool` acts as it; null where CI logs in by other means."
  type = object({
    location   = string
    repository = string
    publisher = object({
      id   = string
      pool = string
    })
  })

  validation {
    condition     = var.registry == null ? true : can(regex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", var.registry.repository))
    error_message = "registry.repository must be 1 to 63 lower-case letters, digits and '-', a letter first."
  }

  validation {
    condition     = var.registry == null ? true : can(regex("^([a-z]+-[a-z]+[0-9]+|us|europe|asia)$", var.registry.location))
    error_message = "registry.location must be a region, us, europe or asia."
  }

  validation {
    condition     = try(var.registry.publisher, null) == null ? true : can(regex("^[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.registry.publisher.id))
    error_message = "registry.publisher.id must be 6 to 30 lower-case letters, digits and '-', a letter first."
  }
}

variable "budget" {
  description = "What a month may cost, and the shares of it (1 is all) at which people are told; null where nothing is said."
  type = object({
    name       = string
    currency   = string
    amount     = number
    thresholds = list(number)
  })

  validation {
    condition     = var.budget == null ? true : can(regex("^[A-Z]{3}$", var.budget.currency))
    error_message = "budget.currency must be three capitals of ISO 4217, those of the billing account."
  }

  validation {
    condition     = var.budget == null ? true : var.budget.amount > 0 && length(var.budget.name) <= 60
    error_message = "budget.amount must be above zero, and budget.name 60 characters at most."
  }

  validation {
    condition     = var.budget == null ? true : alltrue([for share in var.budget.thresholds : share > 0])
    error_message = "budget.thresholds must be above zero."
  }
}
