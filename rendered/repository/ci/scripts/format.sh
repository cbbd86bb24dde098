#!/usr/bin/env bash
# Whether the sources are as clang-format writes them; it changes nothing.
set -euo pipefail

# By a file: what fails inside <( ) fails nothing, and would leave no sources to look at.
list="$(mktemp)"
trap 'rm -f "$list"' EXIT
git ls-files -z -- '*.cc' '*.cpp' '*.cxx' '*.h' '*.hh' '*.hpp' '*.hxx' '*.ipp' > "$list"
mapfile -d '' -t files < "$list"
if [ "${#files[@]}" -eq 0 ]; then
  echo 'no C++ sources'
  exit 0
fi
clang-format --dry-run --Werror "${files[@]}"
echo "${#files[@]} files are as clang-format writes them"
