#!/usr/bin/env bash
# e2e.sh runs the browser journeys on bin/ringside with the Chromium of this
# machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! RINGSIDE_CHROMIUM=$(scripts/find.sh chromium); then
  echo "e2e: no Chromium found; on Debian or Ubuntu: sudo apt-get install -y chromium" >&2
  [ "${CI:-}" != true ]
  exit
fi
export RINGSIDE_CHROMIUM RINGSIDE_BIN="$PWD/bin/ringside"
cd e2e
exec node run.mjs "$@"
