#!/usr/bin/env bash
# The integration tests against an environment: the gate before the next one.
#   gate.sh ENVIRONMENT COMMAND...
# What passes is attested on each image that was delivered (images/*.ref), with the job's own identity: a release later
# asks for that attestation, so that nobody goes round the gate.
set -euo pipefail
environment="${1:?an environment}"
shift
mkdir -p reports

TARGET="$environment" "$@"
printf '{"environment": "%s", "revision": "%s"}\n' "$environment" "${REVISION:-$(git rev-parse HEAD)}" > reports/gate.json
for file in images/*.ref; do
  reference="$(cat "$file")"
  name="${reference%%@*}"
  cosign attest --yes --type "https://hftgen.io/gate/$environment" --predicate reports/gate.json \
    "${name%:*}@${reference##*@}"
done
