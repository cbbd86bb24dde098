variable "name" {
  description = "What the identities' names begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][-a-z0-9]{1,58}[a-z0-9]$", var.name))
    error_message = "3 to 60 lower-case letters, digits and '-'."
  }
}

variable "location" {
  description = "The region of the identities."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]+$", var.location))
    error_message = "A region is written in lower case without spaces, such as westeurope."
  }
}

variable "resource_group" {
  description = "The resource group of the identities; it is made here, and CI has no right in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[-\\w.()]{0,89}[-\\w()]$", var.resource_group))
    error_message = "A resource group has at most 90 letters, digits, '-', '_', '.', '(' and ')', and does not end with '.'."
  }
}

variable "subscription_id" {
  description = "The subscription in which CI works."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.subscription_id))
    error_message = "A subscription is a UUID."
  }
}

variable "issuer" {
  description = "Who signs the tokens of CI's jobs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^https://[^/?#\\s]+(/[^?#\\s]*)?$", var.issuer))
    error_message = "An address that begins with https:// and has neither query nor fragment."
  }
}

variable "subjects" {
  description = "The subjects of those tokens, letter by letter, by the identity that they are given. Nobody pushes where `push` is empty."
  type = object({
    plan  = set(string)
    apply = set(string)
    push  = set(string)
  })
  nullable = false

  validation {
    condition     = length(var.subjects.plan) > 0 && length(var.subjects.apply) > 0
    error_message = "Somebody must be trusted to plan, and somebody to apply."
  }
  validation {
    condition     = alltrue([for subjects in values(var.subjects) : length(subjects) <= 20])
    error_message = "20 subjects at most: an identity has at most 20 federated credentials."
  }
  validation {
    condition     = alltrue([for subject in flatten([for subjects in values(var.subjects) : tolist(subjects)]) : length(subject) <= 600 && !strcontains(subject, "*")])
    error_message = "A subject has at most 600 characters and no '*': Entra compares it as it stands."
  }
  validation {
    condition     = alltrue([for subject in var.subjects.apply : !endswith(subject, ":pull_request")])
    error_message = "Whoever applies has a subject that no merge request has."
  }
}

variable "resource_groups" {
  description = "The resource groups that CI fills; module state makes them."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.resource_groups) > 0 && alltrue([for name in var.resource_groups : can(regex("^[-\\w.()]{0,89}[-\\w()]$", name))])
    error_message = "At least one; each of at most 90 letters, digits, '-', '_', '.', '(' and ')', not ending with '.'."
  }
}

variable "state_containers" {
  description = "Ids of the containers of states that CI reads and writes."
  type        = set(string)
  nullable    = false

  validation {
    condition = alltrue([for id in var.state_containers :
    can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Storage/storageAccounts/[^/]+/blobServices/default/containers/[^/]+$", id))])
    error_message = "A container's id: /subscriptions/.../storageAccounts/.../blobServices/default/containers/...."
  }
}

variable "tags" {
  description = "Tags of everything that is made here."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 50 && alltrue([for key, value in var.tags : length(key) <= 512 && length(value) <= 256])
    error_message = "At most 50 tags, their keys of at most 512 characters, their values of 256."
  }
}
