#!/usr/bin/env bash
# Configure and build one preset, PRESET, as CMakePresets.json says it; build/PRESET is the build tree.
set -euo pipefail
: "${PRESET:?}"

if [ -f "profiles/$PRESET" ]; then
  # The lock file, where the repository has one, keeps packages from changing between two builds.
  lock=()
  if [ -f conan.lock ]; then
    lock=(--lockfile conan.lock)
  fi
  conan install . --profile:host "profiles/$PRESET" --profile:build profiles/build --build missing ${lock[@]+"${lock[@]}"}
fi
cmake --preset "$PRESET"
cmake --build --preset "$PRESET"
if command -v ccache >/dev/null; then
  ccache --show-stats
fi
