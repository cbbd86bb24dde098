output "name_servers" {
  description = "What the parent zone must name; empty where the zone is not made here."
  value       = try(aws_route53_zone.this[0].name_servers, [])
}

output "repositories" {
  description = "Addresses of the repositories by name."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "budget_topic" {
  description = "Whoever wants to be told of the budget subscribes here; null where nothing is watched."
  value       = one(aws_sns_topic.budget[*].arn)
}
