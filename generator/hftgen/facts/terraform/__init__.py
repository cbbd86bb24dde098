"""What Terraform is told: the variables of each root module, its backend and its providers. One module a cloud."""
