#!/usr/bin/env bash
# fuzz.sh TIME runs every fuzz target of the repository for TIME each. A
# crasher is kept by Go under testdata/fuzz of its package: commit it. Inputs are
# minimised only a little: payloads of 50 KB would take all the time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

time=${1:-60s}
failed=()
count=0
targets=$(grep -roE --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]*' . | sort)
for target in ${targets//:func /:}; do
  dir=$(dirname "${target%%:*}")
  name=${target##*:}
  count=$((count + 1))
  printf '\n── %s %s, %s ──\n' "$dir" "$name" "$time"
  go test "$dir" -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 10x || failed+=("$dir $name")
done

if [ ${#failed[@]} -gt 0 ]; then
  printf '\n%d of %d fuzz targets failed:\n' "${#failed[@]}" "$count" >&2
  printf '  %s\n' "${failed[@]}" >&2
  exit 1
fi
printf '\n%d fuzz targets, none failed\n' "$count"
[ "$count" -gt 0 ]
