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

variable "vpc_cidr" {
  description = "The range of the machines: the VPC's first block."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 28, false)
    error_message = "An IPv4 network of /16 to /28."
  }
}

variable "pods_cidr" {
  description = "The range of the pods: a secondary block of the VPC. Null: pods have addresses of the machines' range."
  type        = string
  default     = null

  validation {
    condition     = var.pods_cidr == null || can(cidrnetmask(var.pods_cidr)) && try(tonumber(split("/", var.pods_cidr)[1]) >= 16 && tonumber(split("/", var.pods_cidr)[1]) <= 28, false)
    error_message = "An IPv4 network of /16 to /28."
  }
}

variable "zones" {
  description = <<-EOT
    Subnets by zone: of the machines, of the pods (null without a range of their own), of managed databases, and the
    public one, in which only NAT gateways and public load balancers stand.
  EOT
  type = map(object({
    machines  = string
    pods      = string
    databases = string
    public    = string
  }))
  nullable = false

  validation {
    condition     = length(var.zones) >= 2
    error_message = "EKS stands in two zones at least."
  }

  validation {
    condition     = alltrue([for zone in keys(var.zones) : can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+[a-z]$", zone))])
    error_message = "A zone such as us-east-1a: EKS' control plane stands in no local zone."
  }

  validation {
    condition = alltrue(flatten([
      for zone in values(var.zones) : [
        for cidr in compact([zone.machines, zone.pods, zone.databases, zone.public]) :
        can(cidrnetmask(cidr)) && try(tonumber(split("/", cidr)[1]) <= 28, false)
      ]
    ]))
    error_message = "A subnet is an IPv4 network of /28 or larger."
  }
}

variable "nat_zones" {
  description = "Zones with a NAT gateway; machines of the others go out by the first of them."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.nat_zones) > 0
    error_message = "Without a NAT gateway no machine reaches the image registry."
  }
}

variable "endpoints" {
  description = "AWS services that are reached inside the VPC, by the last part of the endpoint's name."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for service in var.endpoints : can(regex("^[a-z][a-z0-9-]*([.][a-z0-9-]+)*$", service))])
    error_message = "A service such as ecr.api."
  }
}

variable "venues" {
  description = "Prefixes of the venues behind the private connections, by name."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in values(var.venues) : can(cidrnetmask(cidr))])
    error_message = "IPv4 networks."
  }
}

variable "connections" {
  description = "Private connections that exist already, by their id: Direct Connect (asn: of the router at the other end; vlan: of the virtual interface to make, null where the connection's owner makes it), or a VPN connection."
  type = map(object({
    kind = string
    asn  = number
    vlan = number
  }))
  nullable = false

  validation {
    condition     = alltrue([for connection in values(var.connections) : contains(["directConnect", "vpn"], connection.kind)])
    error_message = "AWS has the kinds directConnect and vpn."
  }

  validation {
    condition = alltrue([
      for id, connection in var.connections :
      can(regex(connection.kind == "vpn" ? "^vpn-[0-9a-z]+$" : "^dx(con|lag)-[0-9a-z]+$", id))
    ])
    error_message = "Direct Connect connections are called dxcon-... or dxlag-..., VPN connections vpn-...."
  }

  validation {
    condition     = alltrue([for connection in values(var.connections) : try(connection.vlan >= 1 && connection.vlan <= 4094, connection.vlan == null)])
    error_message = "A VLAN is 1 to 4094."
  }
}

variable "asn" {
  description = "The ASN of our side of the private connections."
  type        = number
  nullable    = false

  validation {
    condition     = (var.asn >= 64512 && var.asn <= 65534) || (var.asn >= 4200000000 && var.asn <= 4294967294)
    error_message = "A private ASN: 64512 to 65534, or 4200000000 to 4294967294."
  }
}

variable "flow_log_days" {
  description = "Days that flow logs are kept."
  type        = number
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_log_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "encryption_at_rest" {
  description = "Whether logs are encrypted by a key of our own."
  type        = bool
  nullable    = false
}
