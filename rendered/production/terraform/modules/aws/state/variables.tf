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

variable "bucket" {
  description = "The bucket that holds states."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Its region."
  type        = string
  nullable    = false
}
