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
