mock_provider "google" {
  mock_resource "google_compute_interconnect_attachment" {
    defaults = {
      cloud_router_ip_address    = "169.254.100.1/29"
      customer_router_ip_address = "169.254.100.2/29"
    }
  }
}

variables {
  account       = "desk-prod"
  region        = "us-central1"
  name          = "desk-production-iowa"
  nodes_cidr    = "10.40.0.0/17"
  control_cidr  = "10.40.255.240/28"
  managed_cidr  = "10.40.128.0/20"
  proxies_cidr  = "10.40.192.0/23"
  pods_cidr     = "10.44.0.0/14"
  services_cidr = "10.48.0.0/20"
  venue_cidrs   = { nyse = "198.51.100.16/28", cme = "203.0.113.16/28" }
  interconnects = { ic-chi-1 = { asn = 65000, vlan = null } }
  vpns          = {}
  vpn_keys      = {}
}

run "is_private" {
  command = plan

  assert {
    condition     = !google_compute_network.this.auto_create_subnetworks && google_compute_subnetwork.nodes.private_ip_google_access
    error_message = "Subnets are ours, and reach Google without public addresses."
  }

  assert {
    condition     = { for each in google_compute_subnetwork.nodes.secondary_ip_range : each.range_name => each.ip_cidr_range } == { pods = "10.44.0.0/14", services = "10.48.0.0/20" }
    error_message = "Pods and Services have ranges of their own."
  }

  assert {
    condition     = length(google_compute_subnetwork.nodes.log_config) == 1 && length(google_compute_subnetwork.control.log_config) == 1
    error_message = "Flows are on record."
  }

  assert {
    condition     = one(google_compute_firewall.deny.deny).protocol == "all" && google_compute_firewall.deny.source_ranges == toset(["0.0.0.0/0"])
    error_message = "What nobody asked for does not come in."
  }

  assert {
    condition     = google_compute_firewall.webhooks.source_ranges == toset(["10.40.255.240/28"])
    error_message = "Webhooks are for the control plane alone."
  }
}

run "leads_to_venues" {
  command = plan

  assert {
    condition     = google_compute_interconnect_attachment.this["ic-chi-1"].interconnect == "https://www.googleapis.com/compute/v1/projects/desk-prod/global/interconnects/ic-chi-1"
    error_message = "The attachment is the existing Interconnect's."
  }

  assert {
    condition     = toset([for each in google_compute_router.venues[0].bgp[0].advertised_ip_ranges : each.range]) == toset(["10.40.0.0/17", "10.44.0.0/14"])
    error_message = "Venues learn of machines and pods alone."
  }

  assert {
    condition     = google_compute_router_peer.interconnect["ic-chi-1"].peer_asn == 65000 && length(google_compute_router_peer.interconnect["ic-chi-1"].custom_learned_ip_ranges) == 2
    error_message = "Each session leads to every venue."
  }
}

run "needs_no_connection" {
  command = plan

  variables {
    interconnects = {}
    venue_cidrs   = {}
    managed_cidr  = null
    proxies_cidr  = null
    pods_cidr     = null
    services_cidr = null
  }

  assert {
    condition     = length(google_compute_router.venues) + length(google_compute_global_address.managed) + length(google_service_networking_connection.managed) + length(google_compute_subnetwork.proxies) + length(google_compute_firewall.proxies) == 0
    error_message = "What nobody asked for is not there."
  }

  assert {
    condition     = length(google_compute_subnetwork.nodes.secondary_ip_range) == 0
    error_message = "GKE chooses the ranges."
  }
}

run "leads_to_venues_by_vpn" {
  command = plan

  variables {
    vpns     = { office = { asn = 65010, links = ["169.254.10.0/30", "169.254.10.4/30"] } }
    vpn_keys = { office = "shared" }
  }

  assert {
    condition     = toset(keys(google_compute_vpn_tunnel.this)) == toset(["office-0", "office-1"])
    error_message = "A gateway has two tunnels."
  }

  assert {
    condition     = google_compute_router_peer.vpn["office-1"].peer_ip_address == "169.254.10.6" && google_compute_router_interface.vpn["office-1"].ip_range == "169.254.10.5/30"
    error_message = "Each tunnel has a session of its own."
  }

  assert {
    condition     = google_compute_router_peer.vpn["office-0"].advertised_route_priority < google_compute_router_peer.vpn["office-1"].advertised_route_priority
    error_message = "One tunnel carries all; the other waits."
  }
}

run "lets_internal_load_balancers_in" {
  command = plan

  assert {
    condition     = google_compute_subnetwork.proxies[0].purpose == "REGIONAL_MANAGED_PROXY" && google_compute_firewall.proxies[0].source_ranges == toset(["10.40.192.0/23"])
    error_message = "Proxies have a range of their own, and reach pods from it."
  }
}

run "reserves_addresses_of_databases" {
  command = plan

  assert {
    condition     = google_compute_global_address.managed[0].address == "10.40.128.0" && google_compute_global_address.managed[0].prefix_length == 20
    error_message = "Databases get the range that nothing else has."
  }
}

run "name_too_long" {
  command = plan

  variables {
    name = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
  }

  expect_failures = [var.name]
}

run "nodes_with_host_bits_missing" {
  command = plan

  variables {
    nodes_cidr = "10.40.0.0"
  }

  expect_failures = [var.nodes_cidr]
}

run "nodes_too_few" {
  command = plan

  variables {
    nodes_cidr = "10.40.0.0/30"
  }

  expect_failures = [var.nodes_cidr]
}

run "control_of_another_size" {
  command = plan

  variables {
    control_cidr = "10.40.255.0/24"
  }

  expect_failures = [var.control_cidr]
}

run "managed_too_small" {
  command = plan

  variables {
    managed_cidr = "10.40.128.0/28"
  }

  expect_failures = [var.managed_cidr]
}

run "proxies_too_few" {
  command = plan

  variables {
    proxies_cidr = "10.40.192.0/27"
  }

  expect_failures = [var.proxies_cidr]
}

run "pods_too_small" {
  command = plan

  variables {
    pods_cidr = "10.44.0.0/25"
  }

  expect_failures = [var.pods_cidr]
}

run "services_too_small" {
  command = plan

  variables {
    services_cidr = "10.48.0.0/28"
  }

  expect_failures = [var.services_cidr]
}

run "venue_that_is_no_range" {
  command = plan

  variables {
    venue_cidrs = { nyse = "nyse" }
  }

  expect_failures = [var.venue_cidrs]
}

run "venues_more_than_a_session_learns" {
  command = plan

  variables {
    venue_cidrs = { v0 = "198.51.100.0/28", v1 = "198.51.100.16/28", v2 = "198.51.100.32/28", v3 = "198.51.100.48/28", v4 = "198.51.100.64/28", v5 = "198.51.100.80/28", v6 = "198.51.100.96/28", v7 = "198.51.100.112/28", v8 = "198.51.100.128/28", v9 = "198.51.100.144/28", v10 = "198.51.100.160/28" }
  }

  expect_failures = [var.venue_cidrs]
}

run "interconnect_with_our_own_number" {
  command = plan

  variables {
    interconnects = { ic-chi-1 = { asn = 64514, vlan = null } }
  }

  expect_failures = [var.interconnects]
}

run "interconnect_with_a_vlan_that_google_keeps" {
  command = plan

  variables {
    interconnects = { ic-chi-1 = { asn = 65000, vlan = 1 } }
  }

  expect_failures = [var.interconnects]
}

run "vpn_with_our_own_number" {
  command = plan

  variables {
    vpns = { office = { asn = 64514, links = ["169.254.10.0/30", "169.254.10.4/30"] } }
  }

  expect_failures = [var.vpns]
}

run "key_of_no_vpn" {
  command = plan

  variables {
    vpn_keys = { office = "shared" }
  }

  expect_failures = [var.vpn_keys]
}

run "vpn_with_one_tunnel" {
  command = plan

  variables {
    vpns = { office = { asn = 65000, links = ["169.254.10.0/30"] } }
  }

  expect_failures = [var.vpns]
}

run "vpn_with_links_elsewhere" {
  command = plan

  variables {
    vpns = { office = { asn = 65000, links = ["10.0.0.0/30", "10.0.0.4/30"] } }
  }

  expect_failures = [var.vpns]
}
