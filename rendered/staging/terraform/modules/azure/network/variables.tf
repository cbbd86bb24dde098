variable "name" {
  description = "What the names of everything made here begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z](-?[a-z0-9])+$", var.name)) && length(var.name) >= 3 && length(var.name) <= 48
    error_message = "3 to 48 lower-case letters, digits and single '-', beginning with a letter."
  }
}

variable "location" {
  description = "The region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]+$", var.location))
    error_message = "A region is written in lower case without spaces, such as westeurope."
  }
}

variable "resource_group" {
  description = "The resource group of what is made here; root module bootstrap makes it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[-\\w.()]{0,89}[-\\w()]$", var.resource_group))
    error_message = "A resource group has at most 90 letters, digits, '-', '_', '.', '(' and ')', and does not end with '.'."
  }
}

variable "tags" {
  description = "Tags of everything that is made here."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 50 && alltrue([for key, value in var.tags : length(key) <= 128 && length(value) <= 256])
    error_message = "At most 50 tags, their keys of at most 128 characters (a storage account's limit), their values of 256."
  }
}

variable "subscription_id" {
  description = "The subscription; connections' circuits lie in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.subscription_id))
    error_message = "A subscription is a UUID."
  }
}

variable "vpc_cidr" {
  description = "The range of the virtual network."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && can(regex("/([89]|1[0-9]|2[0-4])$", var.vpc_cidr))
    error_message = "An IPv4 range of /8 to /24."
  }
}

variable "subnets" {
  description = "Ranges of the subnets: nodes, the API server, private endpoints, databases (null: none), gateways to venues (null: none), pods (null: an overlay of AKS)."
  type = object({
    nodes     = string
    apiserver = string
    endpoints = string
    databases = optional(string)
    gateway   = optional(string)
    pods      = optional(string)
  })
  nullable = false

  validation {
    condition     = alltrue([for cidr in values(var.subnets) : cidr == null || can(cidrnetmask(cidr))])
    error_message = "Each is an IPv4 range."
  }
  validation {
    condition     = alltrue([for cidr in compact([var.subnets.apiserver, var.subnets.databases]) : can(regex("/([0-9]|1[0-9]|2[0-8])$", cidr))])
    error_message = "The API server and databases need a /28 or larger."
  }
  validation {
    condition     = var.subnets.gateway == null || can(regex("/([0-9]|1[0-9]|2[0-7])$", var.subnets.gateway))
    error_message = "Gateways need a /27 or larger."
  }
}

variable "pods_cidr" {
  description = "The range of the pods where AKS lays them over the network; null: they have a subnet."
  type        = string
  default     = null

  validation {
    condition     = var.pods_cidr == null || can(cidrnetmask(var.pods_cidr))
    error_message = "An IPv4 range."
  }
}

variable "venue_cidrs" {
  description = "The venues' prefixes by name."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for cidr in values(var.venue_cidrs) : can(cidrnetmask(cidr))])
    error_message = "Each is an IPv4 range."
  }
}

variable "connections" {
  description = "Connections to venues: the id of an ExpressRoute circuit (expressRoute), or of a local network gateway (vpn)."
  type        = list(object({ kind = string, id = string }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.connections : contains(["expressRoute", "vpn"], item.kind)])
    error_message = "expressRoute or vpn."
  }
  validation {
    condition = alltrue([for item in var.connections :
    can(regex("(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/${item.kind == "vpn" ? "localNetworkGateways" : "expressRouteCircuits"}/[^/]+$", item.id))])
    error_message = "An id: /subscriptions/.../expressRouteCircuits/... for expressRoute, /subscriptions/.../localNetworkGateways/... for vpn."
  }
}

variable "fast_path" {
  description = "Whether packets to venues pass the ExpressRoute gateway by, straight to the machines."
  type        = bool
  default     = false
  nullable    = false
}

variable "zones" {
  description = "The region's zones that are used; none where it has none."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for zone in var.zones : contains(["1", "2", "3"], zone)])
    error_message = "1, 2 or 3."
  }
}

variable "exposed_ports" {
  description = "Ports of load balancers: public ones for everybody, internal ones for who is connected to the network."
  type        = object({ public = set(number), internal = set(number) })
  default     = { public = [], internal = [] }
  nullable    = false

  validation {
    condition     = alltrue([for port in setunion(var.exposed_ports.public, var.exposed_ports.internal) : port >= 1 && port <= 65535 && floor(port) == port])
    error_message = "Ports are whole numbers from 1 to 65535."
  }
}

variable "api_cidrs" {
  description = "Private ranges that reach the API server besides the cluster itself."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.api_cidrs : can(cidrnetmask(cidr))])
    error_message = "Each is an IPv4 range."
  }
}

variable "replica_cidrs" {
  description = "Ranges of the databases in other clusters' networks that copy from ours, or that ours copy from."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.replica_cidrs : can(cidrnetmask(cidr))])
    error_message = "Each is an IPv4 range."
  }
}

variable "private_zones" {
  description = "Private zones by what needs them; each is linked to the network."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for zone in values(var.private_zones) : can(regex("^([-a-z0-9]{1,63}\\.)+[a-z]+$", zone))])
    error_message = "Each is a DNS name in lower case."
  }
}

variable "registry_id" {
  description = "The registry that nodes reach inside the network; null: none. Needs the private zone `registry`."
  type        = string
  default     = null

  validation {
    condition     = var.registry_id == null || can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.ContainerRegistry/registries/[a-z0-9]{5,50}$", var.registry_id))
    error_message = "An id: /subscriptions/.../registries/...."
  }
}

variable "flow_logs" {
  description = "The storage account of the flow logs, and for how many days they are kept."
  type        = object({ storage_account = string, days = number })
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.flow_logs.storage_account))
    error_message = "A storage account has 3 to 24 lower-case letters and digits."
  }
  validation {
    condition     = var.flow_logs.days >= 1 && var.flow_logs.days <= 365 && floor(var.flow_logs.days) == var.flow_logs.days
    error_message = "1 to 365 whole days."
  }
}
