variable "prefix" {
  description = "Begins the names of CI's roles and policies: project and environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,51}$", var.prefix))
    error_message = "At most 52 lower-case letters, digits and '-', so that a role's name stays below 64 characters."
  }
}

variable "account" {
  description = "The AWS account in which CI works."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account))
    error_message = "An AWS account has 12 digits."
  }
}

variable "partition" {
  description = "The partition of the regions: the second word of their ARNs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^aws(-[a-z]+)*$", var.partition))
    error_message = "A partition such as aws or aws-us-gov."
  }
}

variable "regions" {
  description = "Regions in which CI may change anything."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.regions) > 0 && alltrue([for region in var.regions : can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", region))])
    error_message = "At least one region such as us-east-1."
  }
}

variable "oidc" {
  description = <<-EOT
    Who signs the pipelines' tokens, for which audience, and which subjects are trusted to plan, to apply and to push
    images; `*` at the end of one stands for anything, but whoever applies is known by a whole subject. An account has one
    provider for each issuer: where another environment of the account makes it, `create` is false.
  EOT
  type = object({
    issuer         = string
    audience       = string
    create         = bool
    plan_subjects  = list(string)
    apply_subjects = list(string)
    push_subjects  = list(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+(/[A-Za-z0-9._/-]*)?$", var.oidc.issuer))
    error_message = "AWS takes issuers by https only, without a port or a query."
  }

  validation {
    condition     = length(var.oidc.audience) > 0 && length(var.oidc.audience) <= 255
    error_message = "An audience has 1 to 255 characters."
  }

  validation {
    condition = alltrue([
      for subject in concat(var.oidc.plan_subjects, var.oidc.apply_subjects, var.oidc.push_subjects) :
      can(regex("^[^*?]+[/:][^*?]+[/:][^*?]*[*]?$", subject)) || can(regex("^[^*?]+$", subject))
    ])
    error_message = "A subject has no '?', and '*' at its end alone, after a repository."
  }

  validation {
    condition     = alltrue([for subject in var.oidc.apply_subjects : !strcontains(subject, "*") && !endswith(subject, ":pull_request")])
    error_message = "Whoever applies is known by a whole subject, which no merge request has."
  }

  validation {
    condition     = length(var.oidc.plan_subjects) > 0 && length(var.oidc.apply_subjects) > 0
    error_message = "Somebody must be trusted to plan, and somebody to apply."
  }
}

variable "states" {
  description = "Where the root modules keep their states: bucket, and the prefix of the keys in it."
  type        = list(object({ bucket = string, prefix = string }))
  nullable    = false

  validation {
    condition     = length(var.states) > 0 && alltrue([for state in var.states : can(regex("^[^/].*[^/]$", state.prefix))])
    error_message = "At least one bucket, with a prefix that neither begins nor ends with '/'."
  }
}

variable "role_patterns" {
  description = "Names of the roles that CI may make, as IAM writes patterns; each carries the boundary."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for pattern in var.role_patterns : can(regex("^([A-Za-z0-9+=,.@_/-]+|[A-Za-z0-9+=,.@_/-]{3,}[*])$", pattern))])
    error_message = "A role's name, or three characters of it and '*'."
  }
}

variable "bucket_patterns" {
  description = "Names of the buckets that CI may make, as IAM writes patterns."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for pattern in var.bucket_patterns : can(regex("^[a-z0-9][a-z0-9-]{2,}[*]?$", pattern))])
    error_message = "A bucket's name, or three characters of it and '*'."
  }
}

variable "secrets" {
  description = "Names of the secrets that hold credentials of managed databases: an apply makes them up, a plan looks whether they are there."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in var.secrets : can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", name))])
    error_message = "A secret's name has 1 to 512 letters, digits and any of /_+=.@-."
  }
}

variable "repositories" {
  description = "ECR repositories: their names' prefix and region. Pipelines may push there. Null where images lie elsewhere."
  type        = object({ prefix = string, region = string })
  default     = null
}
