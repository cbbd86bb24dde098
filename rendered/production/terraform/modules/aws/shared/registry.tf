# Images. A tag means the same for ever: what was scanned and signed is what runs. Signatures are tags that begin with
# `sha256-`, and a second signature replaces the first; each build replaces what the one before it kept in `cache-`.

resource "aws_ecr_repository" "this" {
  for_each = try(var.repositories.names, toset([]))

  region               = var.repositories.region
  name                 = each.value
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"

  dynamic "image_tag_mutability_exclusion_filter" {
    for_each = ["sha256-*", "cache-*"]

    content {
      filter      = image_tag_mutability_exclusion_filter.value
      filter_type = "WILDCARD"
    }
  }

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  region     = var.repositories.region
  repository = each.value.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Layers that no tag names. Tagged images stay: any of them may be rolled back to."
      selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = var.repositories.keep_untagged_days }
      action       = { type = "expire" }
    }]
  })
}
