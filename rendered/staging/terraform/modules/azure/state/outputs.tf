output "storage_account_id" {
  description = "The storage account that holds states."
  value       = azurerm_storage_account.state.id
}

output "container_ids" {
  description = "The containers' ids by name."
  value       = { for name, container in azurerm_storage_container.state : name => container.id }
}
