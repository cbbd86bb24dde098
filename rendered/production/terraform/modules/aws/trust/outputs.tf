output "roles" {
  description = "ARNs of CI's roles by what they may do: plan, apply, push."
  value       = { for name, role in aws_iam_role.ci : name => role.arn }
}

output "boundary_arn" {
  description = "The boundary of every role that CI makes."
  value       = aws_iam_policy.boundary.arn
}
