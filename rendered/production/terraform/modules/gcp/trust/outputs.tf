output "provider" {
  description = "The full name of the identity provider: the audience of CI's tokens is https://iam.googleapis.com/ and it."
  value       = google_iam_workload_identity_pool_provider.ci.name
}

output "planner" {
  description = "As whom CI plans."
  value       = google_service_account.planner.email
}

output "applier" {
  description = "As whom CI applies."
  value       = google_service_account.applier.email
}
