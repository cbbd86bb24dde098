# Managed databases live in a network of Google's that is joined to ours; their addresses come from this range.
resource "google_compute_global_address" "managed" {
  count = var.managed_cidr == null ? 0 : 1

  project       = var.account
  name          = "${var.name}-managed"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  address       = split("/", var.managed_cidr)[0]
  prefix_length = tonumber(split("/", var.managed_cidr)[1])
}

resource "google_service_networking_connection" "managed" {
  count = var.managed_cidr == null ? 0 : 1

  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = google_compute_global_address.managed[*].name
  # Google refuses to take it down for days after the last database has gone, and the network goes with it anyway.
  deletion_policy = "ABANDON"
}
