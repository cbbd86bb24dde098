# The VPC: private by zone, closed by default, with the venues behind their connections and nowhere else.

mock_provider "aws" {}

variables {
  name                 = "shop-production-one"
  account              = "111122223333"
  partition            = "aws"
  region               = "us-east-1"
  permissions_boundary = "arn:aws:iam::111122223333:policy/shop-production-boundary"
  vpc_cidr             = "10.20.0.0/16"
  pods_cidr            = "100.64.0.0/16"
  nat_zones            = ["us-east-1a", "us-east-1b"]
  endpoints            = ["ecr.api", "sts"]
  venues               = { nyse = "198.51.100.0/28", cme = "203.0.113.0/28" }
  asn                  = 64512
  flow_log_days        = 365
  encryption_at_rest   = true

  zones = {
    us-east-1a = { machines = "10.20.0.0/19", pods = "100.64.0.0/19", databases = "10.20.192.0/22", public = "10.20.224.0/22" }
    us-east-1b = { machines = "10.20.32.0/19", pods = "100.64.32.0/19", databases = "10.20.196.0/22", public = "10.20.228.0/22" }
  }

  connections = {
    dxcon-fexample1 = { kind = "directConnect", asn = 65000, vlan = 100 }
    dxcon-fexample2 = { kind = "directConnect", asn = 65000, vlan = null }
  }
}

run "plan" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 2 && length(aws_route.private) == 2
    error_message = "Each zone goes out by its own NAT gateway."
  }

  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.machines), values(aws_subnet.pods), values(aws_subnet.databases), values(aws_subnet.public)) : subnet.map_public_ip_on_launch != true])
    error_message = "Nothing gets a public address by itself."
  }

  assert {
    condition     = aws_subnet.machines["us-east-1a"].tags.Name == "shop-production-one-machines-us-east-1a" && aws_subnet.pods["us-east-1b"].tags.Name == "shop-production-one-pods-us-east-1b"
    error_message = "Other root modules find subnets by name."
  }

  assert {
    condition     = toset(keys(aws_route.venue)) == toset(["us-east-1a/nyse", "us-east-1a/cme", "us-east-1b/nyse", "us-east-1b/cme"])
    error_message = "Every private route table leads to every venue."
  }

  assert {
    condition     = length(aws_vpn_gateway.this) == 1 && length(aws_dx_gateway.this) == 1 && toset(keys(aws_dx_private_virtual_interface.this)) == toset(["dxcon-fexample1"])
    error_message = "A virtual interface is made where its VLAN is said."
  }

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_cloudwatch_log_group.flow.retention_in_days == 365
    error_message = "Everything that flows is written down."
  }

  assert {
    condition     = aws_vpc_endpoint.interface["ecr.api"].service_name == "com.amazonaws.us-east-1.ecr.api" && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "AWS is reached inside the VPC."
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.endpoints : rule.cidr_ipv4]) == toset(["10.20.0.0/16", "100.64.0.0/16"])
    error_message = "Machines and pods ask the endpoints, nobody else."
  }
}

run "by_vpn" {
  command = plan

  variables {
    connections = { vpn-0123456789abcdef0 = { kind = "vpn", asn = 65000, vlan = null } }
    pods_cidr   = null
  }

  assert {
    condition     = length(aws_vpn_gateway.this) == 0 && length(aws_vpn_gateway_attachment.this) == 1 && length(aws_dx_gateway.this) == 0
    error_message = "The VPN's own gateway becomes the VPC's."
  }

  assert {
    condition     = length(aws_route.venue) == 4
    error_message = "The venues lie behind it."
  }

  assert {
    condition     = length(aws_vpc_ipv4_cidr_block_association.pods) == 0
    error_message = "Pods without a range of their own need no block."
  }
}

run "development" {
  command = plan

  variables {
    connections        = {}
    nat_zones          = ["us-east-1b"]
    endpoints          = []
    encryption_at_rest = false
  }

  assert {
    condition     = length(aws_route.venue) + length(aws_vpn_gateway_attachment.this) + length(aws_vpc_endpoint.interface) + length(aws_kms_key.logs) == 0
    error_message = "What is not asked for is not made."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.private) == 2
    error_message = "One NAT gateway serves all zones."
  }
}
