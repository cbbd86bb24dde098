output "bucket" {
  description = "The bucket, as the backends of the other root modules name it."
  value       = aws_s3_bucket.state.id
}

output "key_arn" {
  description = "The key that encrypts the states."
  value       = aws_kms_key.state.arn
}
