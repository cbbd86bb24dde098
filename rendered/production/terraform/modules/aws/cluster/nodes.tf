# Node groups. Those of pinned pools are replaced, never updated: a new name makes the new group first, and the old one
# is drained and goes. All others EKS updates node by node, as disruption budgets allow.

locals {
  # EKS' words for Kubernetes' effects.
  effects = { NoSchedule = "NO_SCHEDULE", PreferNoSchedule = "PREFER_NO_SCHEDULE", NoExecute = "NO_EXECUTE" }

  ami_types = { amd64 = "AL2023_x86_64_STANDARD", arm64 = "AL2023_ARM_64_STANDARD" }

  node_policies = [
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodePolicy",
    # A session on a machine without keys or open ports.
    "AmazonSSMManagedInstanceCore",
  ]
}

# What the provider's default tags are, for what is not made by Terraform: machines, their disks and interfaces.
data "aws_default_tags" "this" {}

locals {
  tags = data.aws_default_tags.this.tags
}

resource "aws_iam_role" "node" {
  name                 = "${var.name}-nodes"
  description          = "Machines of ${var.name}"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset(local.node_policies)

  role       = aws_iam_role.node.name
  policy_arn = "arn:${var.partition}:iam::aws:policy/${each.value}"
}

resource "aws_eks_node_group" "pinned" {
  for_each = { for key, pool in var.node_pools : key => pool if pool.pinned }

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.value.name
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = [for zone in each.value.zones : data.aws_subnet.machines[zone].id]
  instance_types  = [each.value.machine]
  capacity_type   = each.value.spot ? "SPOT" : "ON_DEMAND"
  ami_type        = each.value.image == null ? local.ami_types[each.value.architecture] : "CUSTOM"
  labels          = each.value.labels

  launch_template {
    id      = aws_launch_template.this[each.key].id
    version = "1"
  }

  scaling_config {
    min_size     = each.value.min
    max_size     = each.value.max
    desired_size = each.value.min
  }

  update_config {
    max_unavailable = 1
  }

  node_repair_config {
    # A node that trades is judged by people.
    enabled = false
  }

  dynamic "taint" {
    for_each = each.value.taints

    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = local.effects[taint.value.effect]
    }
  }

  lifecycle {
    create_before_destroy = true

    # How many run is the autoscaler's, or a person's. EKS' image and Kubernetes are those of the day the pool was
    # made: another Kubernetes version is another name.
    ignore_changes = [scaling_config[0].desired_size, release_version, version]
  }

  depends_on = [
    aws_ec2_capacity_reservation.this,
    aws_eks_addon.early,
    aws_iam_role_policy_attachment.node,
  ]
}

resource "aws_eks_node_group" "shared" {
  for_each = { for key, pool in var.node_pools : key => pool if !pool.pinned }

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.value.name
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = [for zone in each.value.zones : data.aws_subnet.machines[zone].id]
  instance_types  = [each.value.machine]
  capacity_type   = each.value.spot ? "SPOT" : "ON_DEMAND"
  ami_type        = each.value.image == null ? local.ami_types[each.value.architecture] : "CUSTOM"
  version         = each.value.image == null ? var.kubernetes_version : null
  labels          = each.value.labels

  launch_template {
    id      = aws_launch_template.this[each.key].id
    version = tostring(aws_launch_template.this[each.key].latest_version)
  }

  scaling_config {
    min_size     = each.value.min
    max_size     = each.value.max
    desired_size = max(each.value.min, 1)
  }

  update_config {
    max_unavailable = 1
  }

  node_repair_config {
    enabled = true
  }

  dynamic "taint" {
    for_each = each.value.taints

    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = local.effects[taint.value.effect]
    }
  }

  lifecycle {
    create_before_destroy = true

    # How many run is the autoscaler's.
    ignore_changes = [scaling_config[0].desired_size]
  }

  depends_on = [
    aws_ec2_capacity_reservation.this,
    aws_eks_addon.early,
    aws_iam_role_policy_attachment.node,
  ]
}
