"""Terraform's own judgement of what is rendered for it, by the providers' schemas."""
