output "bucket" {
  description = "The bucket of states."
  value       = google_storage_bucket.state.name
}
