output "name_servers" {
  description = "What the parent zone delegates to; empty without a zone."
  value       = try(one(azurerm_dns_zone.public[*].name_servers), [])
}

output "client_ids" {
  description = "Client ids by identity: the spec's identity.azure."
  value       = { for name, identity in azurerm_user_assigned_identity.services : name => identity.client_id }
}

output "registry" {
  description = "Where images are pushed; null without a registry."
  value       = one(azurerm_container_registry.images[*].login_server)
}
