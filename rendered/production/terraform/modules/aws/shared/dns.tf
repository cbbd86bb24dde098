# The zone of exposed hosts, and of databases by name. Its name servers are written into the parent zone by hand, once.

resource "aws_route53_zone" "this" {
  count = var.zone == null ? 0 : 1

  name    = var.zone
  comment = "Made by ${var.prefix}"

  lifecycle {
    prevent_destroy = true
  }
}
