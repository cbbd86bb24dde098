terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 8.0" # the root module pins one
    }
  }
}
