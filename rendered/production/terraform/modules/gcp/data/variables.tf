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
  description = "The region of the data."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as us-central1."
  }
}

variable "name" {
  description = "The cluster's name in the project; all that is made begins with it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$", var.name))
    error_message = "name must be 1 to 40 lower-case letters, digits and '-', a letter first: GKE takes no more."
  }
}

variable "encryption_at_rest" {
  description = "Whether databases and buckets are encrypted by keys of ours, beside Google's own encryption."
  type        = bool
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether Google refuses to delete databases, whoever asks."
  type        = bool
  nullable    = false
}

variable "maintenance" {
  description = "The day and hour of UTC at which managed databases may be restarted; Sunday is 0."
  type = object({
    day  = number
    hour = number
  })
  nullable = false

  validation {
    condition     = contains(range(0, 7), var.maintenance.day) && contains(range(0, 24), var.maintenance.hour)
    error_message = "maintenance: day must be 0 to 6, hour 0 to 23."
  }
}

variable "databases" {
  description = "Databases of Cloud SQL by the spec's names. `source` is the instance that a replica follows, null for one of its own; `host` the name under which the cluster's pods look for it, null where somebody else makes the record; `backups` is null where none are kept."
  type = map(object({
    instance          = string
    version           = string
    edition           = string
    tier              = string
    storage           = number
    high_availability = bool
    source            = string
    host              = string
    backups = object({
      hour   = number
      copies = number
    })
  }))
  nullable = false

  validation {
    condition     = alltrue([for each in values(var.databases) : can(regex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", each.instance)) && length("${var.account}:${each.instance}") <= 98])
    error_message = "databases: instance must be lower-case letters, digits and '-', a letter first, and 98 characters at most together with the project."
  }

  validation {
    condition     = alltrue([for each in values(var.databases) : can(regex("^POSTGRES_(9_6|1[0-9])$", each.version))])
    error_message = "databases: version must be one of Cloud SQL's, such as POSTGRES_16."
  }

  validation {
    condition     = alltrue([for each in values(var.databases) : each.edition == "ENTERPRISE" && !can(regex("^db-(perf-optimized|c4a)-", each.tier)) || each.edition == "ENTERPRISE_PLUS" && can(regex("^db-(perf-optimized|c4a)-", each.tier))])
    error_message = "databases: edition must be ENTERPRISE, or ENTERPRISE_PLUS with a tier of db-perf-optimized or db-c4a."
  }

  validation {
    condition     = alltrue([for each in values(var.databases) : each.storage >= 10 && each.storage <= 65536])
    error_message = "databases: storage must be 10 to 65536 GB."
  }

  validation {
    condition     = alltrue([for each in values(var.databases) : each.backups == null ? true : each.backups.hour >= 0 && each.backups.hour <= 23 && each.backups.copies >= 1 && each.backups.copies <= 365])
    error_message = "databases: backups must be at an hour of 0 to 23, and 1 to 365 copies."
  }
}

variable "caches" {
  description = "Instances of Memorystore for Redis by the spec's names; `persistent`: it outlives a restart, but for an hour's writes; `tls`: it speaks TLS, on port 6378; `host` as for databases."
  type = map(object({
    instance          = string
    version           = string
    memory            = number
    high_availability = bool
    persistent        = bool
    tls               = bool
    host              = string
  }))
  nullable = false

  validation {
    condition     = alltrue([for each in values(var.caches) : can(regex("^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$", each.instance))])
    error_message = "caches: instance must be 1 to 40 lower-case letters, digits and '-', a letter first."
  }

  validation {
    condition     = alltrue([for each in values(var.caches) : contains(["REDIS_4_0", "REDIS_5_0", "REDIS_6_X", "REDIS_7_0", "REDIS_7_2"], each.version)])
    error_message = "caches: version must be REDIS_4_0, REDIS_5_0, REDIS_6_X, REDIS_7_0 or REDIS_7_2."
  }

  validation {
    condition     = alltrue([for each in values(var.caches) : each.memory >= 1 && each.memory <= 300 && floor(each.memory) == each.memory])
    error_message = "caches: memory must be 1 to 300 whole GiB."
  }
}

variable "backups" {
  description = "The bucket of backups: its location (a region, or US, EU or ASIA for two regions at once), how many days each object is kept, whether that can be shortened (`locked`: by nobody, ever), and the Kubernetes service accounts (namespace/name) that write into it; null where nothing is backed up."
  type = object({
    bucket   = string
    location = string
    days     = number
    locked   = bool
    writers  = set(string)
  })

  validation {
    condition     = var.backups == null ? true : can(regex("^[a-z0-9][-a-z0-9_]{1,61}[a-z0-9]$", var.backups.bucket))
    error_message = "backups.bucket must be 3 to 63 lower-case letters, digits, '-' and '_'."
  }

  validation {
    condition     = var.backups == null ? true : can(regex("^([a-z]+-[a-z]+[0-9]+|US|EU|ASIA)$", var.backups.location))
    error_message = "backups.location must be a region, US, EU or ASIA."
  }

  validation {
    condition     = var.backups == null ? true : var.backups.days >= 1 && var.backups.days <= 36500 && floor(var.backups.days) == var.backups.days
    error_message = "backups.days must be 1 to 36500 whole days: Cloud Storage keeps nothing longer by promise."
  }
}
