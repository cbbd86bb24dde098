# The network's root module made these; names find them.

data "aws_vpc" "this" {
  tags = { Name = var.name }
}

data "aws_subnet" "machines" {
  for_each = toset(var.zones)

  vpc_id = data.aws_vpc.this.id
  tags   = { Name = "${var.name}-machines-${each.key}" }
}

data "aws_subnet" "pods" {
  for_each = var.pods_apart ? toset(var.zones) : toset([])

  vpc_id = data.aws_vpc.this.id
  tags   = { Name = "${var.name}-pods-${each.key}" }
}
