variable "account" {
  description = "The Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.account))
    error_message = "account must be the id of a Google Cloud project."
  }
}

variable "pool" {
  description = "The id of the workload identity pool."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][-a-z0-9]{2,30}[a-z0-9]$", var.pool)) && !startswith(var.pool, "gcp-")
    error_message = "pool must be 4 to 32 lower-case letters, digits and '-', and not begin with gcp-, which is Google's."
  }
}

variable "issuer" {
  description = "Who signs the tokens of CI."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.issuer, "https://")
    error_message = "issuer must be an address that begins with https://."
  }
}

variable "subjects" {
  description = "The tokens' subjects that are trusted, by what they may do. `*` at the end of one stands for anything, but whoever applies is known by a whole subject. Nobody pushes where `push` is empty."
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
    condition = alltrue([for subject in flatten([for verb in ["plan", "apply", "push"] : tolist(var.subjects[verb])]) :
    length(subject) <= 127 && can(regex("^[^*'\\\\]+[*]?$", subject))])
    error_message = "subjects must be 1 to 127 characters each, which is what Google takes, without an apostrophe or a backslash, and with '*' at the end alone."
  }

  validation {
    condition     = alltrue([for subject in var.subjects.apply : !endswith(subject, "*") && !endswith(subject, ":pull_request")])
    error_message = "Whoever applies is known by a whole subject, which no merge request has."
  }

  validation {
    condition     = alltrue([for subjects in values(var.subjects) : length(join("", subjects)) + 32 * length(subjects) <= 1300])
    error_message = "subjects are too many: their expression would be longer than the 2048 characters that Google takes for one right, or the 4096 for all."
  }
}

variable "planner" {
  description = "The id of the service account that plans: it reads, and changes nothing but locks."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.planner))
    error_message = "planner must be 6 to 30 lower-case letters, digits and '-', a letter first."
  }
}

variable "applier" {
  description = "The id of the service account that applies."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.applier)) && var.applier != var.planner
    error_message = "applier must be 6 to 30 lower-case letters, digits and '-', a letter first, and not the planner."
  }
}

variable "buckets" {
  description = "The buckets of states."
  type        = set(string)
  nullable    = false
}
