output "client_ids" {
  description = "What a job logs in as, by what it may do: plan, apply, push."
  value       = { for name, identity in azurerm_user_assigned_identity.ci : name => identity.client_id }
}
