#!/usr/bin/env bash
# terraform.sh where Terraform is not installed: its program comes out of its image, TERRAFORM_IMAGE, pinned by digest.
#   in_terraform.sh plan|apply|drift
set -euo pipefail
: "${TERRAFORM_IMAGE:?}"

folder="$(mktemp -d)"
container="$(docker create "$TERRAFORM_IMAGE")"
docker cp "$container:/bin/terraform" "$folder/terraform"
docker rm "$container" >/dev/null
TERRAFORM="$folder/terraform" exec bash "$(dirname "$0")/terraform.sh" "$@"
