output "name" {
  description = "The cluster, as `aws eks update-kubeconfig --name` wants it."
  value       = aws_eks_cluster.this.name
}

output "endpoint" {
  description = "The API server, which answers in the private network."
  value       = aws_eks_cluster.this.endpoint
}

output "roles" {
  description = "ARNs of the roles that service accounts take, by name."
  value       = { for name, role in aws_iam_role.workload : name => role.arn }
}

output "node_groups" {
  description = "The node group of each pool."
  value       = { for key, pool in var.node_pools : key => pool.name }
}
