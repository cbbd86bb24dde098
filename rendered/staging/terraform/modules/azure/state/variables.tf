variable "project" {
  description = "The project."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "The environment."
  type        = string
  nullable    = false
}

variable "storage_account" {
  description = "The storage account of the container."
  type        = string
  nullable    = false
}

variable "container" {
  description = "The container that holds states."
  type        = string
  nullable    = false
}

variable "resource_group" {
  description = "The resource group of the storage account."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Its region."
  type        = string
  nullable    = false
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  nullable    = false
}
