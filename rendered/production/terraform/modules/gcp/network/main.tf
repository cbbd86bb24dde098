# A network of the cluster's own: nothing in it reaches another environment, and no machine has a public address.
resource "google_compute_network" "this" {
  project                 = var.account
  name                    = var.name
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"
  # What venues' lines carry, so that nothing is cut in pieces on the way.
  mtu = 1500
}

resource "google_compute_subnetwork" "nodes" {
  project       = var.account
  region        = var.region
  name          = "${var.name}-nodes"
  network       = google_compute_network.this.id
  ip_cidr_range = var.nodes_cidr
  # Machines without public addresses reach Google's own services all the same.
  private_ip_google_access = true

  dynamic "secondary_ip_range" {
    for_each = { for range_name, cidr in { pods = var.pods_cidr, services = var.services_cidr } : range_name => cidr if cidr != null }

    content {
      range_name    = secondary_ip_range.key
      ip_cidr_range = secondary_ip_range.value
    }
  }

  log_config {
    aggregation_interval = "INTERVAL_1_MIN"
    flow_sampling        = 0.5
    metadata             = "INCLUDE_ALL_METADATA"
  }

  lifecycle {
    # GKE adds the ranges that nobody has named, and marks those that it uses; a plan would take them from under it.
    ignore_changes = [secondary_ip_range]
  }
}

# Here the control plane's private endpoint has its address, so that a firewall can name it.
resource "google_compute_subnetwork" "control" {
  project                  = var.account
  region                   = var.region
  name                     = "${var.name}-control"
  network                  = google_compute_network.this.id
  ip_cidr_range            = var.control_cidr
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_1_MIN"
    flow_sampling        = 0.5
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# An internal load balancer is a handful of proxies in this range, one for all of the network.
resource "google_compute_subnetwork" "proxies" {
  count = var.proxies_cidr == null ? 0 : 1

  project       = var.account
  region        = var.region
  name          = "${var.name}-proxies"
  network       = google_compute_network.this.id
  ip_cidr_range = var.proxies_cidr
  purpose       = "REGIONAL_MANAGED_PROXY"
  role          = "ACTIVE"
}
