#!/usr/bin/env bash
# bench.sh measures bin/ringside on this machine: a server in a temporary
# directory, `ringside simulate load` against its real door, and what the
# server alone spent on it. With --big: how fast it answers at 100,000 and
# 1,000,000 calls.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PORT=${PORT:-18080}
url=http://127.0.0.1:$PORT
dir=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap cleanup EXIT

bin/ringside serve --listen "127.0.0.1:$PORT" --data "$dir" --hold-pipeline >"$dir/log" 2>&1 &
server=$!
ready() { node -e "fetch('$url/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; }
indexed() { node -e "fetch('$url/readyz').then(r => r.json()).then(r => process.exit(r.search_lag_rows === 0 ? 0 : 1))"; }
for _ in $(seq 50); do
  kill -0 "$server" 2>/dev/null || break
  if ready; then break; fi
  sleep 0.1
done
ready || {
  cat "$dir/log" >&2
  exit 1
}
key=$(bin/ringside keys create --data "$dir" --name bench --scope admin)

# cpu_ms: what the server has used so far, in user and kernel mode.
cpu_ms() {
  awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / hz }' "/proc/$server/stat"
}

# load COUNT sends that many calls and prints what each cost.
load() {
  local before after
  before=$(cpu_ms)
  bin/ringside simulate load --url "$url" --key "$key" --calls "$1"
  after=$(cpu_ms)
  awk -v calls="$1" -v cpu="$(awk -v a="$after" -v b="$before" 'BEGIN { print a - b }')" \
    -v rss="$(awk '/^VmRSS/ { print $2 }' "/proc/$server/status")" \
    -v disk="$(du -sk "$dir" | cut -f 1)" -v total="$2" 'BEGIN {
      printf "server CPU  %.3f ms a call\n", cpu / calls
      printf "server RSS  %.0f MB\n", rss / 1024
      printf "disk        %.0f bytes a call\n", disk * 1024 / total
    }'
}

grep -m 1 'model name' /proc/cpuinfo | sed 's/.*: //' || true
echo "$(nproc) cores, $(go env GOVERSION), SQLite"

if [ "${1:-}" != --big ]; then
  printf '\n── ingest, 50,000 calls ──\n'
  load 50000 50000
  exit
fi

have=0
for size in 100000 1000000; do
  printf '\n── %d calls ──\n' "$size"
  load $((size - have)) "$size"
  have=$size
  until indexed; do sleep 1; done
  node scripts/latency.mjs "$url" "$key"
done
