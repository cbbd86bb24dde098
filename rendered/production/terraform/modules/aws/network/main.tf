resource "aws_vpc" "this" {
  cidr_block = var.vpc_cidr

  # Endpoints answer under the services' own names.
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }
}

resource "aws_vpc_ipv4_cidr_block_association" "pods" {
  count = var.pods_cidr == null ? 0 : 1

  vpc_id     = aws_vpc.this.id
  cidr_block = var.pods_cidr
}

# Whatever is not told otherwise reaches nothing.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-default-closed" }
}

resource "aws_subnet" "machines" {
  for_each = var.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value.machines

  tags = {
    Name                              = "${var.name}-machines-${each.key}"
    "kubernetes.io/role/internal-elb" = "1"
  }
}

resource "aws_subnet" "pods" {
  for_each = { for zone, subnets in var.zones : zone => subnets.pods if subnets.pods != null }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = { Name = "${var.name}-pods-${each.key}" }

  # The block must be the VPC's before a subnet lies in it.
  depends_on = [aws_vpc_ipv4_cidr_block_association.pods]
}

resource "aws_subnet" "databases" {
  for_each = var.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value.databases

  tags = { Name = "${var.name}-databases-${each.key}" }
}

resource "aws_subnet" "public" {
  for_each = var.zones

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value.public
  map_public_ip_on_launch = false

  tags = {
    Name                     = "${var.name}-public-${each.key}"
    "kubernetes.io/role/elb" = "1"
  }
}
