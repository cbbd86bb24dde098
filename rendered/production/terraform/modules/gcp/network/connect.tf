locals {
  # Our side of every BGP session: private, and none of those that Google keeps for itself.
  asn = 64514

  # Interconnects are the project's own; a name says all of them that matters.
  interconnect = "https://www.googleapis.com/compute/v1/projects/${var.account}/global/interconnects"
  gateway      = "https://www.googleapis.com/compute/v1/projects/${var.account}/global/externalVpnGateways"

  # Two tunnels to each gateway, one from each of our interfaces: fewer than two is no promise of being up.
  tunnels = merge([
    for name, vpn in var.vpns : {
      for index, link in vpn.links : "${name}-${index}" => { vpn = name, index = index, link = link }
    }
  ]...)
}

resource "google_compute_router" "venues" {
  count = length(var.interconnects) + length(var.vpns) > 0 ? 1 : 0

  project = var.account
  region  = var.region
  name    = "${var.name}-venues"
  network = google_compute_network.this.id

  bgp {
    asn = local.asn
    # The other side learns of machines and pods, and of nothing else that the network may hold some day.
    advertise_mode = "CUSTOM"

    dynamic "advertised_ip_ranges" {
      for_each = compact([var.nodes_cidr, var.pods_cidr])

      content {
        range = advertised_ip_ranges.value
      }
    }
  }
}

resource "google_compute_interconnect_attachment" "this" {
  for_each = var.interconnects

  project       = var.account
  region        = var.region
  name          = "${var.name}-${substr(sha256(each.key), 0, 8)}"
  description   = "By ${each.key}"
  interconnect  = "${local.interconnect}/${each.key}"
  router        = google_compute_router.venues[0].id
  type          = "DEDICATED"
  bandwidth     = "BPS_10G"
  vlan_tag8021q = each.value.vlan
  mtu           = "1500"
}

resource "google_compute_router_interface" "interconnect" {
  for_each = var.interconnects

  project                 = var.account
  region                  = var.region
  name                    = google_compute_interconnect_attachment.this[each.key].name
  router                  = google_compute_router.venues[0].name
  ip_range                = google_compute_interconnect_attachment.this[each.key].cloud_router_ip_address
  interconnect_attachment = google_compute_interconnect_attachment.this[each.key].self_link
}

resource "google_compute_router_peer" "interconnect" {
  for_each = var.interconnects

  project         = var.account
  region          = var.region
  name            = google_compute_interconnect_attachment.this[each.key].name
  router          = google_compute_router.venues[0].name
  interface       = google_compute_router_interface.interconnect[each.key].name
  peer_asn        = each.value.asn
  peer_ip_address = split("/", google_compute_interconnect_attachment.this[each.key].customer_router_ip_address)[0]

  # The venues lie behind this session whether or not the other side says so.
  dynamic "custom_learned_ip_ranges" {
    for_each = var.venue_cidrs

    content {
      range = custom_learned_ip_ranges.value
    }
  }

  # A line that has gone dark is noticed in five seconds, not in a minute.
  bfd {
    session_initialization_mode = "ACTIVE"
    min_receive_interval        = 1000
    min_transmit_interval       = 1000
    multiplier                  = 5
  }
}

resource "google_compute_ha_vpn_gateway" "this" {
  count = length(var.vpns) > 0 ? 1 : 0

  project = var.account
  region  = var.region
  name    = "${var.name}-venues"
  network = google_compute_network.this.id
}

resource "google_compute_vpn_tunnel" "this" {
  for_each = local.tunnels

  project                         = var.account
  region                          = var.region
  name                            = "${var.name}-${substr(sha256(each.key), 0, 8)}"
  description                     = "By ${each.value.vpn}, tunnel ${each.value.index}"
  vpn_gateway                     = google_compute_ha_vpn_gateway.this[0].id
  vpn_gateway_interface           = each.value.index
  peer_external_gateway           = "${local.gateway}/${each.value.vpn}"
  peer_external_gateway_interface = 0
  router                          = google_compute_router.venues[0].id
  ike_version                     = 2
  shared_secret_wo                = lookup(var.vpn_keys, each.value.vpn, null)
  # Terraform cannot see that a key has changed: raise it then.
  shared_secret_wo_version = "1"
}

resource "google_compute_router_interface" "vpn" {
  for_each = local.tunnels

  project    = var.account
  region     = var.region
  name       = google_compute_vpn_tunnel.this[each.key].name
  router     = google_compute_router.venues[0].name
  ip_range   = "${cidrhost(each.value.link, 1)}/30"
  vpn_tunnel = google_compute_vpn_tunnel.this[each.key].name
}

resource "google_compute_router_peer" "vpn" {
  for_each = local.tunnels

  project         = var.account
  region          = var.region
  name            = google_compute_vpn_tunnel.this[each.key].name
  router          = google_compute_router.venues[0].name
  interface       = google_compute_router_interface.vpn[each.key].name
  peer_asn        = var.vpns[each.value.vpn].asn
  peer_ip_address = cidrhost(each.value.link, 2)
  # The second tunnel is there for the first one's end: packets of one order never overtake each other.
  advertised_route_priority = 100 + 100 * each.value.index

  dynamic "custom_learned_ip_ranges" {
    for_each = var.venue_cidrs

    content {
      range = custom_learned_ip_ranges.value
    }
  }

  custom_learned_route_priority = length(var.venue_cidrs) > 0 ? 100 + 100 * each.value.index : null
}
