# The network's root module made these; names find them.

locals {
  managed = length(var.databases) + length(var.caches) > 0

  ports = merge(
    { for key, database in var.databases : key => database.port },
    { for key, cache in var.caches : key => cache.port },
  )

  callers = merge([
    for key, port in local.ports : { for cidr in var.caller_cidrs : "${key} ${cidr}" => { store = key, port = port, cidr = cidr } }
  ]...)
}

data "aws_vpc" "this" {
  count = local.managed ? 1 : 0

  tags = { Name = var.name }
}

data "aws_subnet" "databases" {
  for_each = local.managed ? toset(var.zones) : toset([])

  vpc_id = data.aws_vpc.this[0].id
  tags   = { Name = "${var.name}-databases-${each.key}" }
}

resource "aws_security_group" "store" {
  for_each = local.ports

  name        = "${var.name}-store-${each.key}"
  description = "Callers of ${each.key}"
  vpc_id      = data.aws_vpc.this[0].id

  tags = { Name = "${var.name}-store-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "store" {
  for_each = local.callers

  security_group_id = aws_security_group.store[each.value.store].id
  description       = "Machines and pods"
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}
