#!/usr/bin/env bash
# Images by digest.
#   image.sh build      build docker/IMAGE/Dockerfile for one platform, and push it without a tag
#   image.sh publish    join the platforms, scan the whole, sign it, and attest its SBOMs
#   image.sh release    give the image of this commit, which passed its gate, the version as a tag
# IMAGE, REPOSITORY   the image's folder below docker/, and its name in the registry
# PLATFORM            what it is built for, such as linux/amd64
# REVISION, VERSION   the commit (left out: the one that is checked out), and the tag that is released
# SIGNER, ISSUER      whose signatures count: the identity as a regular expression, and who vouches for it
# GATE                the environment whose tests an image must have passed to be released, or empty
# images/ holds what was made: IMAGE.ARCH.digest, then IMAGE.ref, the reference that is delivered.
set -euo pipefail
: "${IMAGE:?}" "${REPOSITORY:?}" "${REVISION:=$(git rev-parse HEAD)}"
verb="${1:?build, publish or release}"
here="$(dirname "$0")"
mkdir -p images reports

digest_of() { # the digest in the metadata that buildx writes
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["containerimage.digest"])' "$1"
}

verify() { # whether a reference has our signature
  cosign verify --certificate-identity-regexp "${SIGNER:?}" --certificate-oidc-issuer "${ISSUER:?}" "$1" >/dev/null
}

case "$verb" in
  build)
    architecture="${PLATFORM##*/}"
    made="images/$IMAGE.$architecture"
    # A cache that cannot be kept, as where tags are immutable, makes the next build slower and fails none.
    # Pushed by digest alone: nothing can be deployed before all platforms are there and the whole is signed.
    docker buildx build --file "docker/$IMAGE/Dockerfile" --platform "$PLATFORM" --provenance=mode=max \
      --label "org.opencontainers.image.revision=$REVISION" \
      --cache-from "type=registry,ref=$REPOSITORY:cache-$architecture" \
      --cache-to "type=registry,ref=$REPOSITORY:cache-$architecture,mode=max,ignore-error=true" \
      --output "type=image,name=$REPOSITORY,push-by-digest=true,name-canonical=true,push=true" \
      --metadata-file "$made.json" .
    digest_of "$made.json" > "$made.digest"
    ;;
  publish)
    parts=()
    for file in "images/$IMAGE".*.digest; do
      parts+=("$REPOSITORY@$(cat "$file")")
    done
    again=
    docker buildx imagetools create --tag "$REPOSITORY:$REVISION" "${parts[@]}" || again=yes
    digest="$(docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$REPOSITORY:$REVISION" | tr -d '"')"
    if [ -n "$again" ]; then
      # Where tags are immutable, a pipeline that runs again goes on with what it signed before, and with nothing else.
      verify "$REPOSITORY@$digest"
    fi
    reference="$REPOSITORY:$REVISION@$digest"
    sh "$here/scan.sh" "$IMAGE" "$reference"
    # The signature is for the digest and all that it holds; the key lives as long as the job's own identity.
    cosign sign --yes --recursive "$REPOSITORY@$digest"
    cosign attest --yes --type cyclonedx --predicate "reports/$IMAGE.cdx.json" "$REPOSITORY@$digest"
    cosign attest --yes --type spdxjson --predicate "reports/$IMAGE.spdx.json" "$REPOSITORY@$digest"
    echo "$reference" > "images/$IMAGE.ref"
    ;;
  release)
    : "${VERSION:?}"
    # Nothing is built again: what was tested is what is released.
    digest="$(docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$REPOSITORY:$REVISION" | tr -d '"')"
    verify "$REPOSITORY@$digest"
    if [ -n "${GATE:-}" ]; then
      cosign verify-attestation --type "https://hftgen.io/gate/$GATE" --certificate-identity-regexp "$SIGNER" \
        --certificate-oidc-issuer "$ISSUER" "$REPOSITORY@$digest" >/dev/null
    fi
    docker buildx imagetools create --tag "$REPOSITORY:$VERSION" "$REPOSITORY@$digest"
    echo "$REPOSITORY:$VERSION@$digest" > "images/$IMAGE.ref"
    ;;
  *)
    echo "image: $verb is none of build, publish, release" >&2
    exit 2
    ;;
esac
