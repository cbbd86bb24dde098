variable "account" {
  description = "The Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.account))
    error_message = "account must be the id of a Google Cloud project."
  }
}

variable "region" {
  description = "The region of the bucket and its key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as us-central1."
  }
}

variable "bucket" {
  description = "The bucket that holds the states of the other root modules."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][-a-z0-9_.]{1,61}[a-z0-9]$", var.bucket)) && !can(regex("goog|g00g|\\.\\.", var.bucket))
    error_message = "bucket must be 3 to 63 lower-case letters, digits, '-', '_' and '.', without 'goog'."
  }
}

variable "key_ring" {
  description = "The key ring of the bucket's key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,63}$", var.key_ring))
    error_message = "key_ring must be 1 to 63 letters, digits, '-' and '_'."
  }
}

variable "services" {
  description = "The APIs that the root modules use."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for service in var.services : can(regex("^[a-z0-9]+\\.googleapis\\.com$", service))])
    error_message = "services must be APIs such as container.googleapis.com."
  }
}
