#!/usr/bin/env bash
# clang-tidy over all that one preset, PRESET, compiles; its checks stand in .clang-tidy. A finding fails the job.
set -euo pipefail
: "${PRESET:?}"

# Generated headers must be there before they are read.
bash "$(dirname "$0")/build.sh"
if [ ! -f "build/$PRESET/compile_commands.json" ]; then
  echo "tidy: the preset $PRESET wrote no build/$PRESET/compile_commands.json" >&2
  exit 1
fi
run-clang-tidy -quiet -p "build/$PRESET" -warnings-as-errors='*'
