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
  description = "The region of the subnets."
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

variable "nodes_cidr" {
  description = "The range of the machines."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.nodes_cidr)) && can(regex("/([89]|1[0-9]|2[0-9])$", var.nodes_cidr))
    error_message = "nodes_cidr must be an IPv4 range of /8 to /29: Google Cloud takes no other subnets."
  }
}

variable "control_cidr" {
  description = "The range of the control plane's private endpoint."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.control_cidr)) && can(regex("/28$", var.control_cidr))
    error_message = "control_cidr must be an IPv4 range of /28."
  }
}

variable "managed_cidr" {
  description = "The range from which Google takes addresses of managed databases; null where there are none."
  type        = string

  validation {
    condition     = var.managed_cidr == null || can(cidrnetmask(var.managed_cidr)) && can(regex("/(1[0-9]|2[0-4])$", var.managed_cidr))
    error_message = "managed_cidr must be an IPv4 range of /24 or larger."
  }
}

variable "proxies_cidr" {
  description = "The range of the proxies that Google's internal load balancers consist of; null where there are none."
  type        = string

  validation {
    condition     = var.proxies_cidr == null || can(cidrnetmask(var.proxies_cidr)) && can(regex("/2[0-6]$", var.proxies_cidr))
    error_message = "proxies_cidr must be an IPv4 range of /20 to /26."
  }
}

variable "pods_cidr" {
  description = "The range of the pods; null where GKE chooses."
  type        = string

  validation {
    condition     = var.pods_cidr == null || can(cidrnetmask(var.pods_cidr)) && can(regex("/(9|1[0-9]|2[0-4])$", var.pods_cidr))
    error_message = "pods_cidr must be an IPv4 range of /9 to /24."
  }
}

variable "services_cidr" {
  description = "The range of Services; null where GKE chooses."
  type        = string

  validation {
    condition     = var.services_cidr == null || can(cidrnetmask(var.services_cidr)) && can(regex("/(1[6-9]|2[0-7])$", var.services_cidr))
    error_message = "services_cidr must be an IPv4 range of /16 to /27."
  }
}

variable "venue_cidrs" {
  description = "The venues' prefixes behind the connections, by the venue's name."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in values(var.venue_cidrs) : can(cidrnetmask(cidr))])
    error_message = "venue_cidrs must be IPv4 ranges."
  }

  validation {
    condition     = length(var.venue_cidrs) <= 10
    error_message = "venue_cidrs must be 10 at most: a BGP session takes no more learned routes."
  }
}

variable "interconnects" {
  description = "Dedicated Interconnects that exist, by name: the BGP number of the router at the other end, and the VLAN, null where Google chooses it."
  type = map(object({
    asn  = number
    vlan = number
  }))
  nullable = false

  validation {
    condition     = alltrue([for each in values(var.interconnects) : each.asn >= 1 && each.asn <= 4294967294 && each.asn != 64514])
    error_message = "interconnects: asn must be 1 to 4294967294, and not that of our own router (64514)."
  }

  validation {
    condition     = alltrue([for each in values(var.interconnects) : each.vlan == null ? true : each.vlan >= 2 && each.vlan <= 4093])
    error_message = "interconnects: vlan must be 2 to 4093."
  }
}

variable "vpns" {
  description = "External VPN gateways that exist, by name: the BGP number of the router at the other end, and the link-local /30 of each tunnel's BGP session."
  type = map(object({
    asn   = number
    links = list(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for each in values(var.vpns) : each.asn >= 1 && each.asn <= 4294967294 && each.asn != 64514])
    error_message = "vpns: asn must be 1 to 4294967294, and not that of our own router (64514)."
  }

  validation {
    condition     = alltrue(flatten([for each in values(var.vpns) : [length(each.links) == 2, [for link in each.links : can(regex("^169\\.254\\..*/30$", link)) && can(cidrnetmask(link))]]]))
    error_message = "vpns: links must be two ranges of /30 in 169.254.0.0/16."
  }
}

variable "vpn_keys" {
  description = "The shared key of each VPN, by the gateway's name. It is in no file, no plan and no state: give it with -var-file to plan and to apply."
  type        = map(string)
  nullable    = false
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = length(setsubtract(keys(var.vpn_keys), keys(var.vpns))) == 0
    error_message = "vpn_keys must be keys of the vpns."
  }
}
