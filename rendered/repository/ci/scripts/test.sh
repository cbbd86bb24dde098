#!/usr/bin/env bash
# Run the tests of one preset, PRESET; reports/PRESET.xml is their JUnit report.
set -euo pipefail
: "${PRESET:?}"

mkdir -p reports
ctest --preset "$PRESET" --no-tests=error --output-on-failure --output-junit "$PWD/reports/$PRESET.xml"
