# EKS' add-ons. What the network needs comes before the nodes, the rest after them, or it would wait for nodes that
# wait for it. A version follows EKS' default for the Kubernetes version, unless it is said.

locals {
  cni = {
    # The agent that enforces network policies is off unless it is asked for.
    enableNetworkPolicy = "true"

    env = {
      # A block of 16 addresses at a time, so that a node takes as many pods as its kubelet says.
      ENABLE_PREFIX_DELEGATION           = "true"
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG = tostring(var.pods_apart)
      ENI_CONFIG_LABEL_DEF               = "topology.kubernetes.io/zone"
    }
  }

  eni = var.pods_apart ? {
    eniConfig = {
      create  = true
      region  = var.region
      subnets = { for zone in var.zones : zone => { id = data.aws_subnet.pods[zone].id } }
    }
  } : {}

  early = {
    vpc-cni                = jsonencode(merge(local.cni, local.eni))
    eks-pod-identity-agent = null
    kube-proxy             = null
  }

  late = merge(
    { coredns = null, aws-ebs-csi-driver = null },
    var.metrics_server ? { metrics-server = null } : {},
  )

  # The service accounts of EKS' add-ons that AWS must know, with AWS' own policies for them.
  addon_roles = {
    vpc-cni            = { account = "aws-node", policy = "AmazonEKS_CNI_Policy" }
    aws-ebs-csi-driver = { account = "ebs-csi-controller-sa", policy = "service-role/AmazonEBSCSIDriverPolicy" }
  }
}

data "aws_eks_addon_version" "this" {
  for_each = toset(concat(keys(local.early), keys(local.late)))

  addon_name         = each.key
  kubernetes_version = var.kubernetes_version
}

resource "aws_iam_role" "addon" {
  for_each = local.addon_roles

  name                 = "${var.name}-${each.key}"
  description          = "EKS' add-on ${each.key} of ${var.name}"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-name"           = var.name
          "aws:RequestTag/kubernetes-namespace"       = "kube-system"
          "aws:RequestTag/kubernetes-service-account" = each.value.account
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "addon" {
  for_each = local.addon_roles

  role       = aws_iam_role.addon[each.key].name
  policy_arn = "arn:${var.partition}:iam::aws:policy/${each.value.policy}"
}

resource "aws_eks_addon" "early" {
  for_each = local.early

  cluster_name         = aws_eks_cluster.this.name
  addon_name           = each.key
  addon_version        = lookup(var.addon_versions, each.key, data.aws_eks_addon_version.this[each.key].version)
  configuration_values = each.value

  # What somebody changed by hand is set right again.
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = { for name, role in local.addon_roles : name => role if name == each.key }

    content {
      role_arn        = aws_iam_role.addon[pod_identity_association.key].arn
      service_account = pod_identity_association.value.account
    }
  }

  depends_on = [aws_iam_role_policy_attachment.addon]
}

resource "aws_eks_addon" "late" {
  for_each = local.late

  cluster_name         = aws_eks_cluster.this.name
  addon_name           = each.key
  addon_version        = lookup(var.addon_versions, each.key, data.aws_eks_addon_version.this[each.key].version)
  configuration_values = each.value

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = { for name, role in local.addon_roles : name => role if name == each.key }

    content {
      role_arn        = aws_iam_role.addon[pod_identity_association.key].arn
      service_account = pod_identity_association.value.account
    }
  }

  depends_on = [
    aws_iam_role_policy_attachment.addon,
    aws_eks_node_group.pinned,
    aws_eks_node_group.shared,
  ]
}
