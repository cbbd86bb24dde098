variable "prefix" {
  description = "Begins the names of what belongs to the environment: project and environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,51}$", var.prefix))
    error_message = "At most 52 lower-case letters, digits and '-'."
  }
}

variable "account" {
  description = "The AWS account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account))
    error_message = "An AWS account has 12 digits."
  }
}

variable "regions" {
  description = "Regions in which new disks are encrypted by default; none where another environment of the account sees to that."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for region in var.regions : can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", region))])
    error_message = "Regions such as us-east-1."
  }
}

variable "zone" {
  description = "The public DNS zone to make; null where it lies elsewhere, or another environment of the account makes it."
  type        = string
  default     = null

  validation {
    condition     = var.zone == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9-]{2,63}$", var.zone))
    error_message = "A DNS name in lower case, such as hft.example.com."
  }
}

variable "repositories" {
  description = "ECR repositories to make: their region and names. Null where images lie elsewhere, or another environment of the account makes them."
  type        = object({ region = string, names = set(string), keep_untagged_days = number })
  default     = null

  validation {
    condition = var.repositories == null || alltrue([
      for name in try(var.repositories.names, []) :
      can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", name)) && length(name) >= 2 && length(name) <= 256
    ])
    error_message = "A repository's name has 2 to 256 lower-case letters, digits and single '.', '_', '-' and '/' between them."
  }

  validation {
    condition     = var.repositories == null || try(var.repositories.keep_untagged_days, 0) >= 1
    error_message = "Images without a tag are kept for a day at least: a release by digest may still be on its way."
  }
}

variable "budget" {
  description = "What a month may cost, at which percentages of it somebody is told, and who (addresses; all others subscribe to the topic). Null: nothing is watched."
  type = object({
    amount   = number
    currency = string
    alert_at = list(number)
    emails   = list(string)
  })
  default = null

  validation {
    condition     = var.budget == null || try(var.budget.amount, 0) > 0
    error_message = "A budget is more than nothing."
  }

  validation {
    condition     = var.budget == null || contains(["USD", "CNY"], try(var.budget.currency, "USD"))
    error_message = "AWS bills, and counts budgets, in USD; in China in CNY."
  }

  validation {
    condition     = var.budget == null || length(try(var.budget.alert_at, [])) <= 5
    error_message = "A budget has at most five alerts."
  }

  validation {
    condition     = var.budget == null || alltrue([for email in try(var.budget.emails, []) : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", email))])
    error_message = "An address of mail."
  }
}

variable "budget_tag" {
  description = "Tag and value by which the environment's costs are told from others', as Budgets writes it; the tag is activated for billing once, by hand."
  type        = string
  default     = null

  validation {
    condition     = var.budget_tag == null || can(regex("^user:[^$]+[$].+$", var.budget_tag))
    error_message = "user:<tag>$<value>."
  }
}
