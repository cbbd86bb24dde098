#!/usr/bin/env bash
# One root module of Terraform, as the pipeline of this repository handles it.
#   terraform.sh plan     save a plan below plans/, with the commit that it is for, and tell what it would change
#   terraform.sh apply    apply that very plan: of this commit, untouched, and not where a freeze would begin amid it
#   terraform.sh drift    exit code 1 where what runs differs from what is merged
# ROOT, TARGET            the root module's folder; its environment
# CLOUDS                  the clouds that it logs in to: aws, gcp, azure
# AWS_ROLE_ARN            the role for this verb; likewise GOOGLE_PROVIDER with GOOGLE_ACCOUNT, ARM_TENANT_ID with ARM_CLIENT_ID
# ID_TOKEN_AWS, ...       the job's tokens by cloud; GitHub gives them on demand
# TERRAFORM               terraform, or tofu
set -euo pipefail
: "${ROOT:?}" "${TARGET:?}"
verb="${1:?plan, apply or drift}"
tool="${TERRAFORM:-terraform}"
saved="$PWD/plans/${ROOT//\//_}"
here="$(cd "$(dirname "$0")" && pwd)"
private="$(mktemp -d)"
trap 'rm -rf "$private"' EXIT
export TF_IN_AUTOMATION=1 TF_INPUT=0

token() { # a token of this job for one reader, into a file that only this job reads
  local variable="$1" audience="$2" file="$private/$1"
  if [ -n "${!variable:-}" ]; then
    printf '%s' "${!variable}" > "$file"
  elif [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
    # The header comes by standard input: an argument could be read by every process of the machine.
    printf 'header = "Authorization: Bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
      curl --config - --silent --show-error --fail --get --data-urlencode "audience=$audience" \
        "$ACTIONS_ID_TOKEN_REQUEST_URL" | python3 -c 'import json, sys; print(json.load(sys.stdin)["value"], end="")' > "$file"
  else
    echo "terraform: this job has no identity for $audience; docs/ci.md says how it gets one" >&2
    exit 1
  fi
  unset "$variable"
  printf '%s' "$file"
}

log_in() {
  local cloud file
  for cloud in ${CLOUDS:-}; do
    case "$cloud" in
      aws)
        AWS_WEB_IDENTITY_TOKEN_FILE="$(token ID_TOKEN_AWS sts.amazonaws.com)"
        export AWS_ROLE_ARN="${AWS_ROLE_ARN:?}" AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_SESSION_NAME="pipeline-$verb"
        ;;
      gcp)
        file="$(token ID_TOKEN_GCP "https://iam.googleapis.com/${GOOGLE_PROVIDER:?}")"
        python3 - "$file" > "$private/google.json" <<'PYTHON'
import json, os, sys

account = os.environ["GOOGLE_ACCOUNT"]
print(json.dumps({
    "type": "external_account",
    "audience": f"//iam.googleapis.com/{os.environ['GOOGLE_PROVIDER']}",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "token_url": "https://sts.googleapis.com/v1/token",
    "credential_source": {"file": sys.argv[1]},
    "service_account_impersonation_url":
        f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{account}:generateAccessToken",
}))
PYTHON
        export GOOGLE_APPLICATION_CREDENTIALS="$private/google.json"
        ;;
      azure)
        ARM_OIDC_TOKEN_FILE_PATH="$(token ID_TOKEN_AZURE api://AzureADTokenExchange)"
        export ARM_USE_OIDC=true ARM_OIDC_TOKEN_FILE_PATH ARM_TENANT_ID="${ARM_TENANT_ID:?}" ARM_CLIENT_ID="${ARM_CLIENT_ID:?}"
        # A lock is a lease on the state, which only whoever may write it gets; a plan that is overtaken is refused anyway.
        export TF_CLI_ARGS_plan="-lock=false"
        ;;
      *)
        echo "terraform: nobody knows how to log in to $cloud" >&2
        exit 2
        ;;
    esac
  done
}

run() { "$tool" -chdir="$ROOT" "$@"; }

case "$verb" in
  plan)
    log_in
    run init -reconfigure >/dev/null
    mkdir -p "$saved"
    run plan -lock-timeout=5m -out="$saved/plan.tfplan"
    git rev-parse HEAD > "$saved/commit"
    (cd "$saved" && sha256sum plan.tfplan commit > sums)
    # GitLab shows these counts in the merge request.
    run show -json "$saved/plan.tfplan" | python3 "$here/count.py" > "$saved/report.json"
    cat "$saved/report.json"
    ;;
  apply)
    if [ ! -f "$saved/plan.tfplan" ]; then
      echo "terraform: there is no saved plan for $ROOT: its job ended, or its artifact has expired. Plan again." >&2
      exit 1
    fi
    (cd "$saved" && sha256sum --check --quiet sums)
    if [ "$(cat "$saved/commit")" != "$(git rev-parse HEAD)" ]; then
      echo "terraform: the plan is for $(cat "$saved/commit"), and this is $(git rev-parse HEAD). Plan again." >&2
      exit 1
    fi
    # Nodes and networks carry what trades: no change in a session, nor one that lasts into it. Exit code 75 says so.
    python3 "$here/../../scripts/frozen.py" "$TARGET" --for 120
    log_in
    run init -reconfigure >/dev/null
    # Terraform itself refuses a plan when the state has changed since.
    run apply -lock-timeout=5m "$saved/plan.tfplan"
    ;;
  drift)
    log_in
    run init -reconfigure >/dev/null
    result=0
    run plan -lock=false -detailed-exitcode || result=$?
    if [ "$result" -eq 2 ]; then
      echo "terraform: $ROOT differs from what is merged: somebody changed it by hand, or a merge was never applied." >&2
      exit 1
    fi
    exit "$result"
    ;;
  *)
    echo "terraform: $verb is none of plan, apply, drift" >&2
    exit 2
    ;;
esac
