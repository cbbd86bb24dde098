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

variable "vpc_cidr" {
  description = "The range of the machines."
  type        = string
  nullable    = false
}

variable "pods_cidr" {
  description = "The range of the pods."
  type        = string
}

variable "services_cidr" {
  description = "The range of Services."
  type        = string
}

variable "venue_cidrs" {
  description = "The venues' prefixes behind the cross-connects, by name."
  type        = map(string)
  nullable    = false
}

variable "connections" {
  description = "Private connections that exist already."
  type = list(object({
    kind = string
    id   = string
  }))
  nullable = false
}
