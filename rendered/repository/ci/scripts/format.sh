#!/usr/bin/env bash
# Whether the sources are as clang-format writes them; it changes nothing.
set -euo pipefail

mapfile -d '' -t files < <(git ls-files -z -- '*.cc' '*.cpp' '*.cxx' '*.h' '*.hh' '*.hpp' '*.hxx' '*.ipp')
if [ "${#files[@]}" -eq 0 ]; then
  echo 'no C++ sources'
  exit 0
fi
clang-format --dry-run --Werror "${files[@]}"
echo "${#files[@]} files are as clang-format writes them"
