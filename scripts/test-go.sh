#!/usr/bin/env bash
# test-go.sh runs the Go tests: all of them under the race detector, then
# those that need the program at its real speed, in files that say
# "//go:build !race", without it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One call for all packages, and no more of them at a time than there are
# cores: SQLite is compiled for the race detector once, and a test that has
# two of its own is not starved by ten others.
printf '\n── Go tests, with the race detector ──\n'
go test -race -shuffle=on -timeout 20m -p 2 ./...

plain=$(grep -rlE --include='*_test.go' --exclude-dir=node_modules '^//go:build .*!race' . |
  xargs -r -n 1 dirname | sort -u)
if [ -n "$plain" ]; then
  printf '\n── Go tests at real speed ──\n'
  # shellcheck disable=SC2086 # a list of folders
  go test -shuffle=on -timeout 20m -p 1 $plain
fi
