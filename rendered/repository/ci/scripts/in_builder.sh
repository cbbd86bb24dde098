#!/usr/bin/env bash
# Run a command in the image that compiles, made here from ci/builder.Dockerfile: for runners that bring only Docker.
#   in_builder.sh COMMAND...
# Layers are kept in .cache/builder. The checkout has the same path inside, and files belong to who runs this.
set -euo pipefail

docker buildx build --quiet --load --tag ci-builder --file ci/builder.Dockerfile \
  --cache-from type=local,src=.cache/builder --cache-to type=local,dest=.cache/builder-new,mode=max ci
# The old cache is replaced, not added to: it would grow for ever.
rm -rf .cache/builder
mv .cache/builder-new .cache/builder

# Names only: the values come from this environment, and stand in no list of processes.
passed=()
for name in PRESET THRESHOLD BASELINE REVISION CCACHE_DIR CCACHE_BASEDIR CCACHE_MAXSIZE SCCACHE_DIR CONAN_HOME \
  VCPKG_DEFAULT_BINARY_CACHE; do
  passed+=(--env "$name")
done
exec docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:$PWD" --workdir "$PWD" --env HOME=/tmp "${passed[@]}" \
  ci-builder "$@"
