#!/usr/bin/env bash
# Run the benchmarks of one preset, PRESET, and hold them against the default branch's.
#   THRESHOLD   how much slower one may be, in percent
#   BASELINE    the default branch's result; a file that is absent is no baseline yet
# reports/benchmark.json is the result. CMake's target `benchmark` runs all of them and writes BENCHMARK_OUT.
set -euo pipefail
: "${PRESET:?}" "${THRESHOLD:?}" "${BASELINE:?}"
here="$(dirname "$0")"

bash "$here/build.sh"
mkdir -p reports
BENCHMARK_OUT="$PWD/reports/benchmark.json" BENCHMARK_OUT_FORMAT=json BENCHMARK_REPETITIONS=9 \
  cmake --build --preset "$PRESET" --target benchmark
python3 "$here/benchmark.py" reports/benchmark.json "$BASELINE" --threshold "$THRESHOLD"
