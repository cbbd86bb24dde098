output "hosts" {
  description = "What Azure calls each database and cache: where a zone elsewhere must lead."
  value = merge(
    { for name, server in azurerm_postgresql_flexible_server.databases : name => server.fqdn },
    { for name, cache in azurerm_managed_redis.caches : name => cache.hostname },
  )
}

output "backups" {
  description = "Where backups go; null without backups."
  value       = one(azurerm_storage_account.backups[*].primary_blob_endpoint)
}

output "lock" {
  description = "What locks backups for ever, to be run once, by a person who may; null where they shall stay unlocked."
  value       = try(var.backups.locked, false) ? "az storage account update --ids ${azurerm_storage_account.backups[0].id} --immutability-state Locked" : null
}
