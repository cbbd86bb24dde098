locals {
  log_group = "/aws/eks/${var.name}/cluster"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = local.log_group
  retention_in_days = var.log_days
  kms_key_id        = try(aws_kms_key.this["logs"].arn, null)
}

resource "aws_iam_role" "cluster" {
  name                 = "${var.name}-control-plane"
  description          = "EKS' control plane of ${var.name}"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "eks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:${var.partition}:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_eks_cluster" "this" {
  name     = var.name
  version  = var.kubernetes_version
  role_arn = aws_iam_role.cluster.arn

  deletion_protection = var.deletion_protection

  # Add-ons below, each with its settings; else EKS would bring its own first.
  bootstrap_self_managed_addons = false

  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  access_config {
    authentication_mode = "API"

    # Who makes the cluster is nobody in it: rights are the access entries below and nothing else.
    bootstrap_cluster_creator_admin_permissions = false
  }

  upgrade_policy {
    # When a version's time is over EKS upgrades by itself, in a session or not; or it takes six times as much for a year.
    support_type = var.extended_support ? "EXTENDED" : "STANDARD"
  }

  vpc_config {
    subnet_ids              = [for zone in var.zones : data.aws_subnet.machines[zone].id]
    endpoint_private_access = true
    endpoint_public_access  = length(var.public_access_cidrs) > 0
    public_access_cidrs     = length(var.public_access_cidrs) > 0 ? var.public_access_cidrs : null
  }

  dynamic "kubernetes_network_config" {
    for_each = var.services_cidr == null ? [] : [var.services_cidr]

    content {
      service_ipv4_cidr = kubernetes_network_config.value
    }
  }

  dynamic "encryption_config" {
    for_each = var.encryption_at_rest ? ["secrets"] : []

    content {
      resources = [encryption_config.value]

      provider {
        key_arn = aws_kms_key.this["secrets"].arn
      }
    }
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.cluster]
}

# Those who come by a private connection reach the private endpoint, which the cluster's own security group guards.
resource "aws_vpc_security_group_ingress_rule" "access" {
  for_each = toset(var.private_access_cidrs)

  security_group_id = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  description       = "The API server, from access.cidrs"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_eks_access_entry" "admin" {
  for_each = var.admins

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value
}

resource "aws_eks_access_policy_association" "admin" {
  for_each = var.admins

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_eks_access_entry.admin[each.key].principal_arn
  policy_arn    = "arn:${var.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }
}
