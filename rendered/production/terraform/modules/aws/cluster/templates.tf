# What a machine is before it joins: its image, disks, keys and kubelet. A pinned pool keeps the first version of its
# template for ever; whatever must change on it is in its name, and makes another pool.

locals {
  # Group of the machines that stand close together, named as the pool, so that a new pool has a new group.
  placed   = { for key, pool in var.node_pools : key => pool if pool.placement }
  reserved = { for key, pool in var.node_pools : key => pool if pool.reserve }
  baked    = { for key, pool in var.node_pools : key => pool.image if pool.image != null }

  # nodeadm reads this from the user data. To EKS' own image EKS adds who the cluster is; another is told by us.
  node_configs = {
    for key, pool in var.node_pools : key => {
      apiVersion = "node.eks.aws/v1alpha1"
      kind       = "NodeConfig"
      spec = merge(
        pool.image == null ? {} : {
          cluster = {
            name                 = aws_eks_cluster.this.name
            apiServerEndpoint    = aws_eks_cluster.this.endpoint
            certificateAuthority = one(aws_eks_cluster.this.certificate_authority[*].data)
            cidr                 = one(aws_eks_cluster.this.kubernetes_network_config[*].service_ipv4_cidr)
          }
        },
        {
          kubelet = merge(
            { config = { for field, value in pool.kubelet : field => value if value != null } },
            # EKS' own image gets labels and taints from the node group; another is told by us before it registers.
            pool.image == null ? {} : {
              flags = concat(
                ["--node-labels=${join(",", [for label, value in merge(pool.labels, { "eks.amazonaws.com/nodegroup" = pool.name }) : "${label}=${value}"])}"],
                length(pool.taints) == 0 ? [] : ["--register-with-taints=${join(",", [for taint in pool.taints : "${taint.key}=${taint.value}:${taint.effect}"])}"],
              )
            },
          )
        },
        # Containers' scratch space on local disks, which end with the machine.
        pool.nvme ? { instance = { localStorage = { strategy = "RAID0" } } } : {},
      )
    }
  }

  # cloud-init runs scripts before nodeadm starts the kubelet.
  boot_scripts = {
    for key, pool in var.node_pools : key => join("\n", concat(
      ["#!/bin/sh", "set -eu"],
      [for name, value in pool.sysctls : "sysctl -w '${name}=${value}'"],
    )) if pool.image == null && length(pool.sysctls) > 0
  }

  user_data = {
    for key, config in local.node_configs : key => join("\n", concat(
      [
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=\"//\"",
        "",
        "--//",
        "Content-Type: application/node.eks.aws",
        "",
        jsonencode(config),
        "",
      ],
      contains(keys(local.boot_scripts), key) ? [
        "--//",
        "Content-Type: text/x-shellscript; charset=\"us-ascii\"",
        "",
        local.boot_scripts[key],
        "",
      ] : [],
      ["--//--", ""],
    ))
  }
}

# Made by Packer (ansible/), found by its exact name: the hash in it says which kernel arguments it has.
data "aws_ami" "baked" {
  for_each = local.baked

  owners      = ["self"]
  most_recent = true

  filter {
    name   = "name"
    values = [each.value]
  }
}

resource "aws_placement_group" "this" {
  for_each = local.placed

  name     = "${var.name}-${each.value.name}"
  strategy = "cluster"

  lifecycle {
    create_before_destroy = true
  }
}

# Capacity in the group itself: a zonal reservation elsewhere would not help a machine that must stand beside others.
# Open, so that machines beyond the reserved number still start where there is room.
resource "aws_ec2_capacity_reservation" "this" {
  for_each = local.reserved

  instance_type           = each.value.machine
  instance_platform       = "Linux/UNIX"
  availability_zone       = one(each.value.zones)
  instance_count          = each.value.min
  instance_match_criteria = "open"
  end_date_type           = "unlimited"
  placement_group_arn     = aws_placement_group.this[each.key].arn

  tags = { Name = "${var.name}-${each.value.name}" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_launch_template" "this" {
  for_each = var.node_pools

  name        = "${var.name}-${each.value.name}"
  description = "Nodes of pool ${each.key}"
  user_data   = base64encode(local.user_data[each.key])
  image_id    = try(data.aws_ami.baked[each.key].id, null)

  # A pinned pool reads version 1, and nothing that is changed here ever reaches it.
  update_default_version = !each.value.pinned

  dynamic "placement" {
    for_each = each.value.placement ? [aws_placement_group.this[each.key].name] : []

    content {
      group_name = placement.value
    }
  }

  dynamic "capacity_reservation_specification" {
    for_each = each.value.reserve ? ["open"] : []

    content {
      capacity_reservation_preference = capacity_reservation_specification.value
    }
  }

  dynamic "cpu_options" {
    for_each = each.value.cores == null ? [] : [each.value.cores]

    content {
      core_count       = cpu_options.value
      threads_per_core = 1
    }
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"

    # The machine itself, and no pod on it.
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = each.value.disk_gib
      encrypted             = tostring(var.encryption_at_rest)
      kms_key_id            = try(aws_kms_key.this["disks"].arn, null)
      delete_on_termination = "true"
    }
  }

  # The network adapter is ENA on every Nitro machine. ENA Express stays off: it reorders packets and trades the median
  # for the tail.

  maintenance_options {
    # A machine that trades is not moved behind anybody's back.
    auto_recovery = each.value.pinned ? "disabled" : "default"
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "network-interface", "volume"])

    content {
      resource_type = tag_specifications.value
      tags          = merge(local.tags, { Name = "${var.name}-${each.value.name}" })
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
