# Google lets nothing in unasked, but keeps no record of it. This rule does the same, and keeps one.
resource "google_compute_firewall" "deny" {
  project       = var.account
  name          = "${var.name}-deny"
  network       = google_compute_network.this.id
  description   = "Whatever no other rule lets in, with a record."
  direction     = "INGRESS"
  priority      = 65534
  source_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}

# GKE opens 443 and 10250 for its control plane. Webhooks of operators listen elsewhere, and without this rule every
# object that they judge is refused after ten seconds.
resource "google_compute_firewall" "webhooks" {
  project       = var.account
  name          = "${var.name}-webhooks"
  network       = google_compute_network.this.id
  description   = "From the control plane to admission webhooks of operators."
  direction     = "INGRESS"
  source_ranges = [var.control_cidr]
  target_tags   = [var.name]

  allow {
    protocol = "tcp"
    # In this order: conversion and admission of operators, CloudNativePG's, Istio's.
    ports = ["8443", "9443", "15017"]
  }
}

# GKE opens the way for health checks, and none for the proxies themselves.
resource "google_compute_firewall" "proxies" {
  count = var.proxies_cidr == null ? 0 : 1

  project       = var.account
  name          = "${var.name}-proxies"
  network       = google_compute_network.this.id
  description   = "From proxies of internal load balancers to pods."
  direction     = "INGRESS"
  source_ranges = [var.proxies_cidr]
  target_tags   = [var.name]

  allow {
    protocol = "tcp"
  }
}
