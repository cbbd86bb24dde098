locals {
  network = "projects/${var.account}/global/networks/${var.name}"
  subnets = "projects/${var.account}/regions/${var.region}/subnetworks"
  pool    = "${var.account}.svc.id.goog"
}

resource "google_container_cluster" "this" {
  project             = var.account
  name                = var.name
  location            = var.region
  node_locations      = length(var.zones) > 0 ? var.zones : null
  deletion_protection = var.deletion_protection

  network         = local.network
  subnetwork      = "${local.subnets}/${var.name}-nodes"
  networking_mode = "VPC_NATIVE"

  # Cilium: NetworkPolicies hold, and what they refuse can be seen.
  datapath_provider           = "ADVANCED_DATAPATH"
  enable_intranode_visibility = true

  ip_allocation_policy {
    cluster_secondary_range_name  = var.pods_range
    services_secondary_range_name = var.services_range
  }

  private_cluster_config {
    enable_private_nodes        = true
    enable_private_endpoint     = !var.public_endpoint
    private_endpoint_subnetwork = "${local.subnets}/${var.name}-control"

    # Whoever comes by a connection may come in at another region.
    master_global_access_config {
      enabled = true
    }
  }

  # Without a block in it, only the cluster's own subnets reach the API server.
  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled      = false
    private_endpoint_enforcement_enabled = true

    dynamic "cidr_blocks" {
      for_each = var.access_cidrs

      content {
        cidr_block = cidr_blocks.value
      }
    }
  }

  release_channel {
    channel = "REGULAR"
  }

  min_master_version = var.kubernetes_version

  maintenance_policy {
    recurring_window {
      start_time = var.maintenance.start
      end_time   = var.maintenance.end
      recurrence = var.maintenance.recurrence
    }

    # The minor version is the spec's to say; patches come in the window. GKE lifts this when the version's support ends.
    maintenance_exclusion {
      exclusion_name = "kubernetes-version"
      start_time     = var.maintenance.start

      exclusion_options {
        scope             = "NO_MINOR_UPGRADES"
        end_time_behavior = "UNTIL_END_OF_SUPPORT"
      }
    }

    dynamic "maintenance_exclusion" {
      for_each = var.maintenance.exclusions

      content {
        exclusion_name = maintenance_exclusion.key
        start_time     = maintenance_exclusion.value.start
        end_time       = maintenance_exclusion.value.end

        exclusion_options {
          scope = "NO_UPGRADES"
        }
      }
    }
  }

  workload_identity_config {
    workload_pool = local.pool
  }

  database_encryption {
    state    = var.encryption_at_rest ? "ENCRYPTED" : "DECRYPTED"
    key_name = var.encryption_at_rest ? google_kms_crypto_key.this["secrets"].id : null
  }

  # The API server's own audit log goes to Cloud Logging in any case; which of it is kept, `shared` says.
  logging_config {
    enable_components = ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"]
  }

  monitoring_config {
    enable_components = ["SYSTEM_COMPONENTS"]

    # Prometheus is the operator's.
    managed_prometheus {
      enabled = false
    }

    # Who was refused by a NetworkPolicy.
    advanced_datapath_observability_config {
      enable_metrics = true
      enable_relay   = false
    }
  }

  security_posture_config {
    mode = "BASIC"
    # Images are scanned where they are built.
    vulnerability_mode = "VULNERABILITY_DISABLED"
  }

  addons_config {
    # The StorageClasses' driver.
    gce_persistent_disk_csi_driver_config {
      enabled = true
    }
  }

  dynamic "gateway_api_config" {
    for_each = var.own_gateway ? ["CHANNEL_DISABLED"] : []

    content {
      channel = gateway_api_config.value
    }
  }

  cost_management_config {
    enabled = true
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  # Who nobody is may ask for nothing, but for health.
  anonymous_authentication_config {
    mode = "LIMITED"
  }

  enable_shielded_nodes = true
  enable_legacy_abac    = false

  # The pool that GKE insists on at first; ours follow.
  remove_default_node_pool = true
  initial_node_count       = 1

  node_config {
    service_account = google_service_account.nodes.email

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  lifecycle {
    # Of the pool that is gone.
    ignore_changes = [initial_node_count, node_config]
  }

  depends_on = [google_kms_crypto_key_iam_member.this, google_project_iam_member.nodes]
}
