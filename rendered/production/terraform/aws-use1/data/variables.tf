variable "name" {
  description = "The cluster's name in AWS: begins the names of all that is made, by which the other root modules find it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,36}[a-z0-9]$", var.name))
    error_message = "At most 38 lower-case letters, digits and '-', so that names of roles stay below 64."
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

variable "partition" {
  description = "The partition of the region: the second word of its ARNs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^aws(-[a-z]+)*$", var.partition))
    error_message = "A partition such as aws or aws-us-gov."
  }
}

variable "region" {
  description = "The region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "A region such as us-east-1."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds every role; null where CI makes none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$", var.permissions_boundary))
    error_message = "The ARN of an IAM policy."
  }
}

variable "zones" {
  description = "The cluster's zones, in each of which the network has a subnet for databases."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(distinct(var.zones)) >= 2
    error_message = "A database's subnets lie in two zones at least."
  }
}

variable "caller_cidrs" {
  description = "Networks from which databases are asked: of the machines and of the pods."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.caller_cidrs) > 0 && alltrue([for cidr in var.caller_cidrs : can(cidrnetmask(cidr)) && cidr != "0.0.0.0/0"])
    error_message = "IPv4 networks, and not the whole internet."
  }
}

variable "encryption_at_rest" {
  description = "Whether databases and buckets are encrypted by keys of our own. A database, once made, stays as it is."
  type        = bool
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether databases must be unlocked before they can be deleted, and leave a last snapshot."
  type        = bool
  nullable    = false
}

variable "maintenance_window" {
  description = "When AWS may change databases, in UTC: ddd:hh:mm-ddd:hh:mm."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$", var.maintenance_window))
    error_message = "A window such as sun:05:00-sun:06:00."
  }
}

variable "backup_window" {
  description = "When databases are backed up, in UTC: hh:mm-hh:mm, outside of the maintenance window."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$", var.backup_window))
    error_message = "A window such as 03:00-04:00."
  }
}

variable "databases" {
  description = <<-EOT
    Postgres by RDS, by the spec's names. `source_arn` is the database that this one follows (null: it is written to),
    `record` the name in `zone` by which the cluster finds it.
  EOT
  type = map(object({
    identifier  = string
    version     = string
    machine     = string
    storage_gib = number
    multi_zone  = bool
    port        = number
    backup_days = number
    source_arn  = string
    record      = string
  }))
  nullable = false

  validation {
    condition     = alltrue([for database in values(var.databases) : can(regex("^[a-z](-?[a-z0-9])*$", database.identifier)) && length(database.identifier) <= 63])
    error_message = "An identifier has at most 63 lower-case letters, digits and single '-', and begins with a letter."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : can(regex("^1[3-8]([.][0-9]+)?$", database.version))])
    error_message = "RDS has Postgres 13 to 18, such as 16 or 16.4."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : can(regex("^db[.][a-z0-9]+[.][a-z0-9]+$", database.machine))])
    error_message = "A machine such as db.m7g.large."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.storage_gib >= 20 && database.storage_gib <= 65536])
    error_message = "A disk of RDS has 20 to 65536 GiB."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.port >= 1150 && database.port <= 65535])
    error_message = "RDS takes ports 1150 to 65535."
  }

  validation {
    condition     = alltrue([for database in values(var.databases) : database.backup_days >= 0 && database.backup_days <= 35])
    error_message = "RDS keeps backups for 35 days at most."
  }
}

variable "caches" {
  description = "Redis by ElastiCache, by the spec's names; fields as those of `databases`. `replicas` survive the loss of a machine, `snapshot_days` 0: it keeps nothing."
  type = map(object({
    identifier    = string
    version       = string
    machine       = string
    replicas      = number
    port          = number
    snapshot_days = number
    record        = string
  }))
  nullable = false

  validation {
    condition     = alltrue([for cache in values(var.caches) : can(regex("^[a-z](-?[a-z0-9])*$", cache.identifier)) && length(cache.identifier) <= 40])
    error_message = "An identifier has at most 40 lower-case letters, digits and single '-', and begins with a letter."
  }

  validation {
    condition     = alltrue([for cache in values(var.caches) : contains(["6.2", "7.0", "7.1"], cache.version)])
    error_message = "ElastiCache has Redis 6.2, 7.0 and 7.1."
  }

  validation {
    condition     = alltrue([for cache in values(var.caches) : can(regex("^cache[.][a-z0-9]+[.][a-z0-9]+$", cache.machine))])
    error_message = "A machine such as cache.m7g.large."
  }

  validation {
    condition     = alltrue([for cache in values(var.caches) : cache.replicas >= 0 && cache.replicas <= 5])
    error_message = "ElastiCache has at most five replicas."
  }

  validation {
    condition     = alltrue([for cache in values(var.caches) : cache.snapshot_days >= 0 && cache.snapshot_days <= 35])
    error_message = "ElastiCache keeps snapshots for 35 days at most."
  }
}

variable "username" {
  description = "The user, and the database, that each Postgres has from the beginning."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,15}$", var.username))
    error_message = "A user's name has at most 16 lower-case letters, digits and '_'."
  }
}

variable "edition" {
  description = "The number of the passwords: a higher one draws new ones."
  type        = number
  nullable    = false

  validation {
    condition     = var.edition >= 1 && floor(var.edition) == var.edition
    error_message = "1, 2, 3, ..."
  }
}

variable "secrets" {
  description = "Secrets to make in Secrets Manager for the databases' and caches' credentials, by their names; none where another cluster makes them."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in values(var.secrets) : can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", name))])
    error_message = "A secret's name has 1 to 512 letters, digits and any of /_+=.@-."
  }
}

variable "secret_regions" {
  description = "Other regions in which the secrets are read, each from a copy."
  type        = set(string)
  nullable    = false

  validation {
    condition     = !contains(var.secret_regions, var.region)
    error_message = "A copy lies in another region than the secret."
  }
}

variable "zone" {
  description = "The public DNS zone of the records; null where the records are made by hand."
  type        = string
  default     = null

  validation {
    condition     = var.zone == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9-]{2,63}$", var.zone))
    error_message = "A DNS name in lower case, such as hft.example.com."
  }
}

variable "record_ttl" {
  description = "Seconds that an answer may be kept."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.record_ttl >= 0 && var.record_ttl <= 2147483647
    error_message = "0 to 2147483647 seconds."
  }
}

variable "backups" {
  description = "The bucket of backups, and how many days nobody can delete what lies in it. `offsite` is a copy in another region; null: none. Null: no backups."
  type = object({
    bucket    = string
    lock_days = number
    offsite   = object({ bucket = string, region = string })
  })
  default = null

  validation {
    condition = var.backups == null || alltrue([
      for bucket in compact([try(var.backups.bucket, null), try(var.backups.offsite.bucket, null)]) :
      can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", bucket))
    ])
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits and '-'."
  }

  validation {
    condition     = var.backups == null || try(var.backups.lock_days >= 1 && var.backups.lock_days <= 36500, false)
    error_message = "A lock holds for 1 to 36500 days."
  }

  validation {
    condition     = var.backups == null || try(var.backups.offsite.region, "") != var.region
    error_message = "Off site is another region."
  }
}
