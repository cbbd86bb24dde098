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

variable "kubernetes_version" {
  description = "The minor version of Kubernetes, of the control plane and of all nodes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^1[.][1-9][0-9]$", var.kubernetes_version))
    error_message = "A minor version such as 1.36: EKS chooses the patch."
  }
}

variable "zones" {
  description = "The cluster's zones, in each of which the network has its subnets."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(distinct(var.zones)) >= 2 && length(distinct(var.zones)) == length(var.zones)
    error_message = "EKS stands in two zones at least, each named once."
  }
}

variable "services_cidr" {
  description = "The range of Services; null: EKS' own choice. It can never be changed."
  type        = string
  default     = null

  validation {
    condition     = var.services_cidr == null || can(cidrnetmask(var.services_cidr)) && try(tonumber(split("/", var.services_cidr)[1]) >= 12 && tonumber(split("/", var.services_cidr)[1]) <= 24, false)
    error_message = "An IPv4 network of /12 to /24 in private space."
  }
}

variable "pods_apart" {
  description = "Whether pods have a range of their own, and a subnet of it in each zone."
  type        = bool
  nullable    = false
}

variable "public_access_cidrs" {
  description = "Public networks that reach the API server from the internet; none: only the private network does."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrnetmask(cidr))])
    error_message = "IPv4 networks."
  }
}

variable "private_access_cidrs" {
  description = "Private networks, behind a connection, that reach the API server besides the cluster's own."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.private_access_cidrs : can(cidrnetmask(cidr))])
    error_message = "IPv4 networks."
  }
}

variable "admins" {
  description = "ARNs of the IAM roles or users with full rights in the cluster, by the name that the spec gives them."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.admins) : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+$", arn))])
    error_message = "The ARN of an IAM role or user."
  }
}

variable "encryption_at_rest" {
  description = "Whether Secrets, disks and logs are encrypted by keys of our own. Secrets, once so, for ever."
  type        = bool
  nullable    = false
}

variable "extended_support" {
  description = "Whether a Kubernetes version that is past its standard support stays, at a higher price, and is not upgraded by AWS on a day of its choice."
  type        = bool
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether the cluster must be unlocked before it can be deleted."
  type        = bool
  nullable    = false
}

variable "log_days" {
  description = "Days that the control plane's logs are kept, the audit log among them."
  type        = number
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "metrics_server" {
  description = "Whether EKS installs metrics-server: autoscaled services need one, and Argo CD brings none."
  type        = bool
  nullable    = false
}

variable "addon_versions" {
  description = "Versions of EKS' add-ons by name; one that is not named has EKS' default for the Kubernetes version."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for version in values(var.addon_versions) : can(regex("^v[0-9]+[.][0-9]+[.][0-9]+-eksbuild[.][0-9]+$", version))])
    error_message = "A version such as v1.20.1-eksbuild.1."
  }
}

variable "roles" {
  description = <<-EOT
    IAM roles that service accounts take by their tokens, by name: the manifests name these, so the names are fixed.
    `subjects` are service accounts as namespace:name; `statements` what the role may do, as IAM writes it, with {zone}
    for the id of `zone`. A role without statements is only trusted here: its owner attaches policies.
  EOT
  type = map(object({
    path       = string
    subjects   = list(string)
    statements = list(object({ actions = list(string), resources = list(string) }))
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.roles) : can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", name))])
    error_message = "A role's name has 1 to 64 letters, digits and any of _+=,.@-."
  }

  validation {
    condition = alltrue(flatten([
      for role in values(var.roles) : [for subject in role.subjects : can(regex("^[a-z0-9-]{1,63}:[a-z0-9.-]{1,253}$", subject))]
    ]))
    error_message = "A subject is namespace:name of one service account."
  }
}

variable "zone" {
  description = "The public DNS zone in which roles may make records; null where none does."
  type        = string
  default     = null

  validation {
    condition     = var.zone == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9-]{2,63}$", var.zone))
    error_message = "A DNS name in lower case, such as hft.example.com."
  }
}

variable "siblings" {
  description = "Other EKS clusters of the environment in this account, by name, with their regions: the roles trust those that exist."
  type        = map(string)
  nullable    = false
}

variable "issuers" {
  description = "OIDC issuers of the environment's clusters in other clouds, without https://: the roles trust them too."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for issuer in var.issuers : can(regex("^[a-z0-9.-]+/[A-Za-z0-9._:/-]+$", issuer))])
    error_message = "An issuer's host and path."
  }
}

variable "node_pools" {
  description = <<-EOT
    Pools by the spec's names. `name` carries a hash of all that a living node cannot change: another name is another
    node group, made beside the old one. `kubelet` is KubeletConfiguration in its own words, `image` the machine image
    that Packer made (null: EKS' own), `hugepages` pages to set apart at boot by size in kB and NUMA node, where no
    image's kernel does it. `cores` switches SMT off: the cores of one machine, one thread each.
  EOT
  type = map(object({
    name         = string
    machine      = string
    architecture = string
    min          = number
    max          = number
    zones        = list(string)
    pinned       = bool
    spot         = bool
    placement    = bool
    reserve      = bool
    cores        = number
    nvme         = bool
    disk_gib     = number
    image        = string
    sysctls      = map(string)
    labels       = map(string)
    taints       = list(object({ key = string, value = string, effect = string }))
    kubelet = object({
      allowedUnsafeSysctls    = optional(list(string))
      cpuManagerPolicy        = optional(string)
      cpuManagerPolicyOptions = optional(map(string))
      evictionHard            = optional(map(string))
      kubeReserved            = optional(map(string))
      kubeReservedCgroup      = optional(string)
      maxPods                 = optional(number)
      memoryManagerPolicy     = optional(string)
      reservedMemory          = optional(list(object({ numaNode = number, limits = map(string) })))
      reservedSystemCPUs      = optional(string)
      systemReserved          = optional(map(string))
      systemReservedCgroup    = optional(string)
      topologyManagerPolicy   = optional(string)
      topologyManagerScope    = optional(string)
    })
  }))
  nullable = false

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : can(regex("^[a-z0-9][a-z0-9-]{0,62}$", pool.name))])
    error_message = "A node group's name has at most 63 lower-case letters, digits and '-'."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : can(regex("^[a-z0-9-]+[.][a-z0-9-]+$", pool.machine))])
    error_message = "A machine such as m7i.4xlarge."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["amd64", "arm64"], pool.architecture)])
    error_message = "One of amd64, arm64."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.min >= 0 && pool.max >= 1 && pool.min <= pool.max])
    error_message = "min is 0 or more, max 1 or more, and min not above max."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : length(pool.zones) > 0])
    error_message = "A pool has a zone at least."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : length(pool.zones) == 1 if pool.placement])
    error_message = "A cluster placement group lies in one zone."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : !pool.spot && pool.placement && pool.min > 0 if pool.reserve])
    error_message = "Capacity is reserved in a placement group, for at least one machine, and never for spot."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : !endswith(split(".", pool.machine)[1], "metal") && !can(regex("^metal-", split(".", pool.machine)[1])) if pool.cores != null])
    error_message = "A metal machine has no CPU options: its kernel is told nosmt, by the image."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.disk_gib >= 20 && pool.disk_gib <= 65536])
    error_message = "A root disk has 20 GiB (what EKS' image needs) to 65536."
  }

  validation {
    condition     = alltrue(flatten([for pool in values(var.node_pools) : [for taint in pool.taints : contains(["NoSchedule", "PreferNoSchedule", "NoExecute"], taint.effect)]]))
    error_message = "An effect is NoSchedule, PreferNoSchedule or NoExecute."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["none", "static"], coalesce(pool.kubelet.cpuManagerPolicy, "none"))])
    error_message = "cpuManagerPolicy is none or static."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["none", "best-effort", "restricted", "single-numa-node"], coalesce(pool.kubelet.topologyManagerPolicy, "none"))])
    error_message = "topologyManagerPolicy is none, best-effort, restricted or single-numa-node."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["None", "Static"], coalesce(pool.kubelet.memoryManagerPolicy, "None"))])
    error_message = "memoryManagerPolicy is None or Static."
  }
}
