output "name_servers" {
  description = "What the parent zone must name: NS records of the zone."
  value       = flatten(google_dns_managed_zone.this[*].name_servers)
}

output "publisher" {
  description = "As whom CI pushes images; null where it logs in by other means."
  value       = one(google_service_account.publisher[*].email)
}
