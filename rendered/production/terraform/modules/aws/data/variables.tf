variable "project" {
  description = "The project, which names what is made."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "The environment."
  type        = string
  nullable    = false
}

variable "cluster" {
  description = "The cluster."
  type        = string
  nullable    = false
}

variable "role" {
  description = "primary, or standby: nothing there trades before a failover."
  type        = string
  nullable    = false
}

variable "account" {
  description = "The AWS account."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The region."
  type        = string
  nullable    = false
}

variable "zones" {
  description = "The region's zones that are used."
  type        = list(string)
  nullable    = false
}

variable "encryption_at_rest" {
  description = "Whether what is kept is encrypted with a key of our own."
  type        = bool
  nullable    = false
}

variable "databases" {
  description = "Managed databases by name."
  type = map(object({
    engine            = string
    version           = string
    storage           = optional(string)
    high_availability = bool
  }))
  nullable = false
}

variable "replica" {
  description = "Whether the databases follow those of the primary cluster."
  type        = bool
  nullable    = false
}

variable "snapshot_schedule" {
  description = "When volumes are copied, in UTC."
  type        = string
}

variable "snapshot_keep" {
  description = "How long such a copy is kept."
  type        = string
}

variable "backup_schedule" {
  description = "When everything is copied, in UTC."
  type        = string
}

variable "backup_keep" {
  description = "How long such a copy is kept."
  type        = string
}

variable "backup_offsite" {
  description = "Whether copies go to another region too."
  type        = bool
  nullable    = false
}
