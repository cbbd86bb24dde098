output "name" {
  description = "The cluster's name, for `gcloud container clusters get-credentials`."
  value       = google_container_cluster.this.name
}

output "version" {
  description = "The version of the control plane."
  value       = google_container_cluster.this.master_version
}

output "node_pools" {
  description = "GKE's names of the pools, by the spec's."
  value       = { for name, pool in google_container_node_pool.this : name => pool.name }
}
