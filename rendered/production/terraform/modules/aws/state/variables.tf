variable "bucket" {
  description = "Name of the bucket that holds the states of all other root modules."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits and '-' (a '.' breaks TLS), and ends in a letter or a digit."
  }
}

variable "region" {
  description = "Region of the bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "A region such as us-east-1."
  }
}

variable "account" {
  description = "The AWS account, which alone may use the key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account))
    error_message = "An AWS account has 12 digits."
  }
}

variable "partition" {
  description = "The partition of the region: the second word of its ARNs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^aws(-[a-z]+)*$", var.partition))
    error_message = "A partition such as aws or aws-us-gov."
  }
}

variable "keep_days" {
  description = "Days that earlier versions of a state are kept: the way back from a state that was damaged."
  type        = number
  nullable    = false

  validation {
    condition     = var.keep_days >= 30 && floor(var.keep_days) == var.keep_days
    error_message = "At least 30 whole days."
  }
}
