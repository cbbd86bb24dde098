# Roles that pods take by their service account's token. The manifests name them, so they are made under fixed names,
# once for the environment: by its first cluster in this account, for all clusters whose tokens are to be trusted.
#
# A sibling that does not exist yet cannot be trusted. Once it does, a plan of this root module shows the change.

locals {
  own_url    = try(aws_eks_cluster.this.identity[0].oidc[0].issuer, "https://oidc.eks.${var.region}.amazonaws.com")
  own_issuer = trimprefix(local.own_url, "https://")

  issuers = length(var.roles) == 0 ? [] : concat(
    [local.own_issuer],
    [for issuer in flatten([for cluster in data.aws_eks_cluster.sibling : cluster.identity[*].oidc[*].issuer]) : trimprefix(issuer, "https://")],
    sort(tolist(var.issuers)),
  )
}

# Every cluster brings its issuer to the account's knowledge, whoever makes the roles.
resource "aws_iam_openid_connect_provider" "cluster" {
  url            = local.own_url
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_openid_connect_provider" "foreign" {
  for_each = length(var.roles) == 0 ? toset([]) : var.issuers

  url            = "https://${each.value}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_eks_clusters" "region" {
  for_each = length(var.roles) == 0 ? toset([]) : toset(values(var.siblings))

  region = each.value
}

data "aws_eks_cluster" "sibling" {
  for_each = {
    for name, region in var.siblings : name => region
    if try(contains(data.aws_eks_clusters.region[region].names, name), false)
  }

  name   = each.key
  region = each.value
}

data "aws_route53_zone" "this" {
  count = var.zone == null ? 0 : 1

  name         = var.zone
  private_zone = false
}

resource "aws_iam_role" "workload" {
  for_each = var.roles

  name                 = each.key
  path                 = each.value.path
  description          = "Taken by ${join(", ", each.value.subjects)}"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for issuer in local.issuers : {
        Effect    = "Allow"
        Principal = { Federated = "arn:${var.partition}:iam::${var.account}:oidc-provider/${issuer}" }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "${issuer}:aud" = "sts.amazonaws.com"
            "${issuer}:sub" = [for subject in each.value.subjects : "system:serviceaccount:${subject}"]
          }
        }
      }
    ]
  })

  depends_on = [aws_iam_openid_connect_provider.cluster, aws_iam_openid_connect_provider.foreign]
}

resource "aws_iam_role_policy" "workload" {
  for_each = { for name, role in var.roles : name => role.statements if length(role.statements) > 0 }

  name = "workload"
  role = aws_iam_role.workload[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in each.value : {
        Effect   = "Allow"
        Action   = statement.actions
        Resource = [for resource in statement.resources : replace(resource, "{zone}", try(data.aws_route53_zone.this[0].zone_id, "{zone}"))]
      }
    ]
  })
}
