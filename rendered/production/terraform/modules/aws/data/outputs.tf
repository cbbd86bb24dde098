output "addresses" {
  description = "Where the databases answer, by the spec's names."
  value = merge(
    { for key, database in aws_db_instance.this : key => database.address },
    { for key, cache in aws_elasticache_replication_group.this : key => cache.primary_endpoint_address },
  )
}

output "buckets" {
  description = "The buckets of backups."
  value       = { for key, bucket in aws_s3_bucket.this : key => bucket.id }
}
