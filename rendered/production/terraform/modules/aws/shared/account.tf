# A disk that nobody asked to encrypt is encrypted all the same.

resource "aws_ebs_encryption_by_default" "this" {
  for_each = toset(var.regions)

  region  = each.value
  enabled = true
}
