output "cluster_id" {
  description = "The cluster; `az aks get-credentials` reads it."
  value       = azurerm_kubernetes_cluster.main.id
}

output "oidc_issuer" {
  description = "Who signs the tokens of service accounts."
  value       = azurerm_kubernetes_cluster.main.oidc_issuer_url
}

output "kubelet_identity" {
  description = "The object id as which nodes pull images: a registry elsewhere must know it."
  value       = azurerm_user_assigned_identity.kubelet.principal_id
}
