# The venues, by Direct Connect or VPN. Both end in one virtual private gateway, for a VPC has one. The connections
# themselves exist already: they are ordered months ahead, and belong to nobody's apply.

locals {
  direct  = { for id, connection in var.connections : id => connection if connection.kind == "directConnect" }
  tunnels = { for id, connection in var.connections : id => connection if connection.kind == "vpn" }

  # Where a VPN exists its gateway is the VPC's; else one is made.
  gateway_id = one(coalescelist(
    distinct([for tunnel in data.aws_vpn_connection.this : tunnel.vpn_gateway_id]),
    aws_vpn_gateway.this[*].id,
    [null],
  ))

  venue_routes = merge([
    for zone in keys(var.zones) : {
      for venue, cidr in var.venues : "${zone}/${venue}" => { zone = zone, cidr = cidr } if length(var.connections) > 0
    }
  ]...)
}

data "aws_vpn_connection" "this" {
  for_each = local.tunnels

  vpn_connection_id = each.key

  lifecycle {
    postcondition {
      condition     = self.vpn_gateway_id != ""
      error_message = "The VPN connection ${each.key} ends in no virtual private gateway: one that ends in a transit gateway is not known here."
    }
  }
}

resource "aws_vpn_gateway" "this" {
  count = length(local.direct) > 0 && length(local.tunnels) == 0 ? 1 : 0

  amazon_side_asn = tostring(var.asn)

  tags = { Name = var.name }
}

resource "aws_vpn_gateway_attachment" "this" {
  count = length(var.connections) > 0 ? 1 : 0

  vpc_id         = aws_vpc.this.id
  vpn_gateway_id = local.gateway_id
}

resource "aws_dx_gateway" "this" {
  count = length(local.direct) > 0 ? 1 : 0

  name            = var.name
  amazon_side_asn = tostring(var.asn)
}

# The venues see the machines' addresses: a pod that goes out of the VPC takes its machine's.
resource "aws_dx_gateway_association" "this" {
  count = length(local.direct) > 0 ? 1 : 0

  dx_gateway_id         = aws_dx_gateway.this[0].id
  associated_gateway_id = aws_vpn_gateway_attachment.this[0].vpn_gateway_id
  allowed_prefixes      = [var.vpc_cidr]
}

resource "aws_dx_private_virtual_interface" "this" {
  for_each = { for id, connection in local.direct : id => connection if connection.vlan != null }

  name           = "${var.name}-${each.key}"
  connection_id  = each.key
  dx_gateway_id  = aws_dx_gateway.this[0].id
  vlan           = each.value.vlan
  bgp_asn_long   = tostring(each.value.asn)
  address_family = "ipv4"

  lifecycle {
    # The key of BGP is set by hand, so that it is in no file.
    ignore_changes = [bgp_auth_key]
  }
}

resource "aws_vpn_gateway_route_propagation" "private" {
  for_each = length(var.connections) > 0 ? var.zones : {}

  route_table_id = aws_route_table.private[each.key].id
  vpn_gateway_id = aws_vpn_gateway_attachment.this[0].vpn_gateway_id
}

# Said besides what BGP says: when a session is down, orders are lost here and not on their way through the internet.
resource "aws_route" "venue" {
  for_each = local.venue_routes

  route_table_id         = aws_route_table.private[each.value.zone].id
  destination_cidr_block = each.value.cidr
  gateway_id             = aws_vpn_gateway_attachment.this[0].vpn_gateway_id
}
