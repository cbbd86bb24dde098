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
  description = "The region of the control plane, which stands in three of its zones."
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

variable "zones" {
  description = "The zones of the nodes, where a pool names none; empty: GKE chooses."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for zone in var.zones : startswith(zone, "${var.region}-")])
    error_message = "zones must lie in the region."
  }
}

variable "kubernetes_version" {
  description = "The minor version of Kubernetes, such as 1.36; GKE chooses the patch."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1\\.[1-9][0-9]$", var.kubernetes_version))
    error_message = "kubernetes_version must be a minor version such as 1.36."
  }
}

variable "pods_range" {
  description = "The subnet's secondary range of pods; null where GKE chooses."
  type        = string
}

variable "services_range" {
  description = "The subnet's secondary range of Services; null where GKE chooses."
  type        = string
}

variable "access_cidrs" {
  description = "Networks that reach the API server, beside the cluster's own."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.access_cidrs : can(cidrnetmask(cidr))])
    error_message = "access_cidrs must be IPv4 ranges."
  }

  validation {
    condition     = !contains(var.access_cidrs, "0.0.0.0/0")
    error_message = "access_cidrs must not be the whole internet."
  }

  validation {
    condition     = length(var.access_cidrs) <= 100
    error_message = "access_cidrs must be 100 at most, which is what GKE takes."
  }
}

variable "public_endpoint" {
  description = "Whether the API server has an address on the internet, for access_cidrs alone."
  type        = bool
  nullable    = false

  validation {
    condition     = !var.public_endpoint || length(var.access_cidrs) > 0
    error_message = "public_endpoint needs access_cidrs, or it would be for nobody."
  }
}

variable "access_admins" {
  description = "Who has full rights in the cluster, as IAM writes it: group:oncall@example.com."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for admin in var.access_admins : can(regex("^(user|group|serviceAccount|principal|principalSet):.+$", admin))])
    error_message = "access_admins must be members of IAM, such as group:oncall@example.com."
  }
}

variable "encryption_at_rest" {
  description = "Whether Secrets and the nodes' disks are encrypted by keys of ours, beside Google's own encryption."
  type        = bool
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to delete the cluster."
  type        = bool
  nullable    = false
}

variable "maintenance" {
  description = "When GKE may change anything, in UTC: the first window's ends, its recurrence by RFC 5545, and spans in which it does not hold."
  type = object({
    start      = string
    end        = string
    recurrence = string
    exclusions = map(object({
      start = string
      end   = string
    }))
  })
  nullable = false

  validation {
    condition     = can(regex("^FREQ=WEEKLY;BYDAY=(SU|MO|TU|WE|TH|FR|SA)(,(SU|MO|TU|WE|TH|FR|SA))*$", var.maintenance.recurrence))
    error_message = "maintenance.recurrence must be FREQ=WEEKLY;BYDAY= and days such as SA,SU."
  }

  validation {
    condition     = timecmp(timeadd(var.maintenance.start, "4h"), var.maintenance.end) <= 0
    error_message = "maintenance must last 4 hours or more: GKE counts nothing shorter."
  }

  validation {
    condition     = length(var.maintenance.exclusions) <= 3
    error_message = "maintenance.exclusions must be 3 at most: GKE takes no more of those that exclude all upgrades."
  }

  validation {
    condition     = alltrue([for each in values(var.maintenance.exclusions) : timecmp(each.start, each.end) < 0 && timecmp(timeadd(each.start, "720h"), each.end) >= 0])
    error_message = "maintenance.exclusions must end after they begin, and within 30 days."
  }
}

variable "own_gateway" {
  description = "Whether the cluster gets the Gateway API's kinds from somebody else than GKE."
  type        = bool
  nullable    = false
}

variable "labels" {
  description = "Labels of the nodes' machines and disks; everything else has the provider's."
  type        = map(string)
  nullable    = false
}

variable "node_account" {
  description = "The id of the nodes' service account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.node_account))
    error_message = "node_account must be 6 to 30 lower-case letters, digits and '-', a letter first."
  }
}

variable "registry" {
  description = "The Artifact Registry repository that nodes pull from; null where images lie elsewhere."
  type = object({
    account    = string
    location   = string
    repository = string
  })
}

variable "identities" {
  description = "Google service accounts that the manifests name, each with the Kubernetes service accounts (namespace/name) that act as it; `own`: it belongs to this project, and is made where it is not there."
  type = map(object({
    own      = bool
    accounts = set(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for email in keys(var.identities) : can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$", email))])
    error_message = "identities must be addresses of service accounts."
  }
}

variable "secret_reader" {
  description = "Who reads secrets: a Kubernetes service account (namespace/name), or a Google service account by its address; those of a project's Secret Manager whose names begin with `prefix`; null where they lie elsewhere."
  type = object({
    account = string
    reader  = string
    prefix  = string
  })
}

variable "zone_editor" {
  description = "The Kubernetes service account (namespace/name) that proves hosts by records of a Cloud DNS zone; null where nobody does."
  type = object({
    account = string
    editor  = string
    zone    = string
  })
}

variable "node_pools" {
  description = "The node pools by the spec's names. `name` is GKE's: it carries a hash of all that a living pool cannot change. `min` and `max` count the nodes of all zones; `hugepages` are pages of a node; `threads` is threads a core, null where it is the machine's own; `disks` local NVMe disks of 375 GB."
  type = map(object({
    name         = string
    machine      = string
    min          = number
    max          = number
    zones        = set(string)
    pinned       = bool
    compact      = bool
    spot         = bool
    threads      = number
    disk_type    = string
    disks        = number
    pods         = number
    labels       = map(string)
    taints       = list(object({ key = string, value = string, effect = string }))
    sysctls      = map(string)
    hugepages_2m = number
    hugepages_1g = number
    unsafe       = list(string)
    cpu_manager  = string
    topology     = object({ policy = string, scope = string })
    memory       = string
    transparent  = string
  }))
  nullable = false

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : can(regex("^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$", pool.name))])
    error_message = "node_pools: name must be 1 to 40 lower-case letters, digits and '-', a letter first."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.min >= 0 && pool.max >= 1 && pool.min <= pool.max && pool.max <= 1000])
    error_message = "node_pools: min must be at most max, and max at most 1000."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : alltrue([for zone in pool.zones : startswith(zone, "${var.region}-")])])
    error_message = "node_pools: zones must lie in the region."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : !pool.compact || length(pool.zones) == 1])
    error_message = "node_pools: a compact pool has one zone."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : !pool.compact || can(regex("^(c2|c2d|c3|c3d|c4a|c4d|c4n|h3|h4d|n2|n2d|z4d)-", pool.machine))])
    error_message = "node_pools: machines of this series cannot be placed compactly (GKE: C2, C2D, C3, C3D, C4A, C4D, C4N, H3, H4D, N2, N2D and Z4D can)."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.pods >= 8 && pool.pods <= 256])
    error_message = "node_pools: pods must be 8 to 256."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : alltrue([for taint in pool.taints : contains(["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"], taint.effect)])])
    error_message = "node_pools: effect must be NO_SCHEDULE, PREFER_NO_SCHEDULE or NO_EXECUTE."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.cpu_manager == null ? true : contains(["static", "none"], pool.cpu_manager)])
    error_message = "node_pools: cpu_manager must be static or none."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.topology == null ? true : contains(["none", "best-effort", "restricted", "single-numa-node"], pool.topology.policy) && contains(["container", "pod"], pool.topology.scope)])
    error_message = "node_pools: topology must be none, best-effort, restricted or single-numa-node, by container or pod."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.memory == null ? true : contains(["Static", "None"], pool.memory)])
    error_message = "node_pools: memory must be Static or None."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.threads == null ? true : contains([1, 2], pool.threads)])
    error_message = "node_pools: threads must be 1 or 2."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.transparent == null ? true : contains(["TRANSPARENT_HUGEPAGE_ENABLED_ALWAYS", "TRANSPARENT_HUGEPAGE_ENABLED_MADVISE", "TRANSPARENT_HUGEPAGE_ENABLED_NEVER"], pool.transparent)])
    error_message = "node_pools: transparent must be one of GKE's words for transparent huge pages."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["pd-balanced", "pd-ssd", "hyperdisk-balanced"], pool.disk_type)])
    error_message = "node_pools: disk_type must be pd-balanced, pd-ssd or hyperdisk-balanced."
  }
}
