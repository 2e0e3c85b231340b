#!/usr/bin/env bash
# need.sh go|node… — one line and a failure for each tool that is missing or too
# old, so that the first thing a newcomer reads is what to install.
set -euo pipefail

GO_MIN=1.26
NODE_MIN=20.19

# at_least HAVE WANT compares dotted versions.
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# check NAME HAVE WANT WHERE
check() {
  if [ -z "$2" ]; then
    echo "Ringside needs $1 $3 or newer, and there is none: get it from $4." >&2
    return 1
  fi
  if ! at_least "$2" "$3"; then
    echo "Ringside needs $1 $3 or newer, and this is $2: get it from $4." >&2
    return 1
  fi
}

status=0
for tool in "$@"; do
  case "$tool" in
  go)
    have=$(go env GOVERSION 2>/dev/null || true)
    # A Go that is too old and may not fetch a newer one fails above; ask again
    # outside the module for what it is.
    [ -n "$have" ] || have=$(cd / && go env GOVERSION 2>/dev/null || true)
    check Go "${have#go}" "$GO_MIN" https://go.dev/dl || status=1
    ;;
  node)
    have=$(node --version 2>/dev/null || true)
    check Node "${have#v}" "$NODE_MIN" https://nodejs.org || status=1
    if [ -n "$have" ] && ! command -v npm >/dev/null; then
      echo "Ringside needs npm, which comes with Node from https://nodejs.org." >&2
      status=1
    fi
    ;;
  *)
    echo "need.sh: unknown tool $tool" >&2
    status=2
    ;;
  esac
done
exit "$status"
