# The only way to the internet: outwards, for images and web services.
resource "google_compute_router" "nat" {
  project = var.account
  region  = var.region
  name    = "${var.name}-nat"
  network = google_compute_network.this.id
}

resource "google_compute_router_nat" "this" {
  project                            = var.account
  region                             = var.region
  name                               = "${var.name}-nat"
  router                             = google_compute_router.nat.name
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
