#!/bin/sh
# Known vulnerabilities, secrets and misconfigurations, by Trivy; POSIX shell, since its own image has no other.
#   scan.sh sources            the repository with its lock files; reports/sources.cdx.json is its SBOM
#   scan.sh NAME REFERENCE     one image, by digest; reports/NAME.cdx.json and NAME.spdx.json are its SBOMs
# What nobody has mended yet is told and does not fail; .trivyignore.yaml accepts a finding, with a reason and an end.
set -eu
name="${1:?sources, or NAME REFERENCE}"
mkdir -p reports
ignored=/dev/null
if [ -f .trivyignore.yaml ]; then
  ignored=.trivyignore.yaml
fi

# Trivy where it is installed, else its image. Only what is scanned is shown to it.
trivy_run() {
  if command -v trivy >/dev/null; then
    trivy --quiet "$@"
  else
    docker run --rm --volume "$PWD:/work" --volume "${DOCKER_CONFIG:-$HOME/.docker}:/root/.docker:ro" --workdir /work \
      "${TRIVY_IMAGE:?}" --quiet "$@"
  fi
}

# By their number: a service may be called `sources`.
if [ $# -eq 1 ] && [ "$name" = sources ]; then
  trivy_run fs --format cyclonedx --output reports/sources.cdx.json .
  trivy_run fs --scanners vuln,secret,misconfig --ignore-unfixed --severity HIGH,CRITICAL --exit-code 1 \
    --ignorefile "$ignored" .
else
  reference="${2:?an image by digest}"
  trivy_run image --format cyclonedx --output "reports/$name.cdx.json" "$reference"
  trivy_run image --format spdx-json --output "reports/$name.spdx.json" "$reference"
  trivy_run image --scanners vuln,secret --ignore-unfixed --severity HIGH,CRITICAL --exit-code 1 \
    --ignorefile "$ignored" "$reference"
fi
