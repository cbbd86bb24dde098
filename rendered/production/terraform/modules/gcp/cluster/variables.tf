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
  description = "The Google Cloud project."
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

variable "kubernetes_version" {
  description = "The version of Kubernetes, such as 1.36."
  type        = string
  nullable    = false
}

variable "services_cidr" {
  description = "The range of Services."
  type        = string
}

variable "access_cidrs" {
  description = "Networks that reach the API server."
  type        = list(string)
  nullable    = false
}

variable "access_admins" {
  description = "Groups or roles with full rights."
  type        = list(string)
  nullable    = false
}

variable "encryption_at_rest" {
  description = "Whether disks and secrets are encrypted with a key of our own."
  type        = bool
  nullable    = false
}

variable "node_pools" {
  description = "Node pools by name."
  type = map(object({
    machine                 = string
    min                     = number
    max                     = number
    zones                   = list(string)
    labels                  = map(string)
    taints                  = list(object({ key = string, value = string, effect = string }))
    cpu_manager_policy      = optional(string)
    topology_manager_policy = optional(string)
    reserved_cpus           = optional(string)
    hugepages               = map(string)
    placement               = optional(string)
    spot                    = bool
  }))
  nullable = false
}
