output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "nat_addresses" {
  description = "The public addresses behind which all machines stand, by zone: for others' allow lists."
  value       = { for zone, address in aws_eip.nat : zone => address.public_ip }
}

output "direct_connect_gateway" {
  description = "Whoever owns a connection lets its virtual interface end here; null without Direct Connect."
  value       = one(aws_dx_gateway.this[*].id)
}
