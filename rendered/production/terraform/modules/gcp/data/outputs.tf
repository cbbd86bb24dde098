output "databases" {
  description = "Each database's instance and address."
  value       = { for name, instance in google_sql_database_instance.this : name => { instance = instance.connection_name, address = instance.private_ip_address } }
}

output "caches" {
  description = "Each cache's address and port."
  value       = { for name, instance in google_redis_instance.this : name => { address = instance.host, port = instance.port } }
}

output "bucket" {
  description = "The bucket of backups; null where nothing is backed up."
  value       = one(google_storage_bucket.backups[*].name)
}
