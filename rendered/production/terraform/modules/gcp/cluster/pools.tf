# Each pool's name carries a hash of all that cannot change under it. A change makes a new pool beside the old one;
# the old one goes when its pods have: by a person's hand where their budgets let nobody else.
resource "google_container_node_pool" "this" {
  for_each = var.node_pools

  project           = var.account
  location          = var.region
  cluster           = google_container_cluster.this.name
  name              = each.value.name
  node_locations    = length(each.value.zones) > 0 ? each.value.zones : null
  max_pods_per_node = each.value.pods
  # By zone, of which GKE chooses three.
  initial_node_count = ceil(each.value.min / (length(each.value.zones) > 0 ? length(each.value.zones) : 3))

  autoscaling {
    total_min_node_count = each.value.min
    total_max_node_count = each.value.max
    location_policy      = each.value.spot ? "ANY" : "BALANCED"
  }

  # A cluster in a release channel has both, or GKE refuses the pool. What it may do to pinned nodes is little: repairs
  # are of nodes that have not answered for minutes, and upgrades are excluded below.
  management {
    auto_repair  = true
    auto_upgrade = true
  }

  # Nodes of pinned pools are never upgraded in place: with the cluster's next version the pool has another name.
  dynamic "maintenance_policy" {
    for_each = each.value.pinned ? [true] : []

    content {
      exclusion_until_end_of_support {
        enabled = true
      }
    }
  }

  upgrade_settings {
    strategy        = each.value.pinned ? "BLUE_GREEN" : "SURGE"
    max_surge       = each.value.pinned ? null : 1
    max_unavailable = each.value.pinned ? null : 0

    dynamic "blue_green_settings" {
      for_each = each.value.pinned ? [true] : []

      content {
        node_pool_soak_duration = "3600s"

        standard_rollout_policy {
          batch_node_count    = 1
          batch_soak_duration = "300s"
        }
      }
    }
  }

  # An engine's budget lets no node go: the deletion of a pool waits for it, and fails before it harms.
  node_drain_config {
    respect_pdb_during_node_pool_deletion = true
  }

  dynamic "placement_policy" {
    for_each = each.value.compact ? ["COMPACT"] : []

    content {
      type = placement_policy.value
    }
  }

  node_config {
    machine_type      = each.value.machine
    spot              = each.value.spot
    image_type        = "COS_CONTAINERD"
    disk_type         = each.value.disk_type
    disk_size_gb      = 100
    boot_disk_kms_key = var.encryption_at_rest ? google_kms_crypto_key.this["disks"].id : null
    service_account   = google_service_account.nodes.email
    # What the account may do is IAM's to say.
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    labels          = each.value.labels
    resource_labels = var.labels
    tags            = [var.name]
    metadata        = { disable-legacy-endpoints = "true" }

    dynamic "taint" {
      for_each = each.value.taints

      content {
        key    = taint.value.key
        value  = taint.value.value
        effect = taint.value.effect
      }
    }

    dynamic "advanced_machine_features" {
      for_each = each.value.threads == null ? [] : [each.value.threads]

      content {
        threads_per_core = advanced_machine_features.value
      }
    }

    kubelet_config {
      cpu_manager_policy                     = each.value.cpu_manager
      allowed_unsafe_sysctls                 = each.value.unsafe
      insecure_kubelet_readonly_port_enabled = "FALSE"

      dynamic "topology_manager" {
        for_each = each.value.topology == null ? [] : [each.value.topology]

        content {
          policy = topology_manager.value.policy
          scope  = topology_manager.value.scope
        }
      }

      dynamic "memory_manager" {
        for_each = each.value.memory == null ? [] : [each.value.memory]

        content {
          policy = memory_manager.value
        }
      }
    }

    linux_node_config {
      cgroup_mode                  = "CGROUP_MODE_V2"
      sysctls                      = each.value.sysctls
      transparent_hugepage_enabled = each.value.transparent

      dynamic "hugepages_config" {
        for_each = each.value.hugepages_2m + each.value.hugepages_1g > 0 ? [true] : []

        content {
          hugepage_size_2m = each.value.hugepages_2m > 0 ? each.value.hugepages_2m : null
          hugepage_size_1g = each.value.hugepages_1g > 0 ? each.value.hugepages_1g : null
        }
      }

      # Engines stamp orders: nodes follow their host's clock, not a server over the network.
      dynamic "accurate_time_config" {
        for_each = each.value.pinned ? [true] : []

        content {
          enable_ptp_kvm_time_sync = true
        }
      }
    }

    gvnic {
      enabled = true
    }

    # Disks in the machine itself: fast, and gone with it. They hold what pods keep in emptyDir.
    dynamic "ephemeral_storage_local_ssd_config" {
      for_each = each.value.disks > 0 ? [each.value.disks] : []

      content {
        local_ssd_count = ephemeral_storage_local_ssd_config.value
      }
    }

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    # Pods ask GKE who they are, and never the machine.
    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  lifecycle {
    create_before_destroy = true
    # The autoscaler's.
    ignore_changes = [initial_node_count]
  }

  timeouts {
    create = "60m"
    delete = "120m"
    update = "120m"
  }
}
