#!/usr/bin/env bash
# bench.sh measures bin/ringside on this machine: a server in a temporary
# directory, `ringside simulate load` against its real door, and how long it
# then takes to answer what people ask. With --big: how fast it answers at
# 100,000 and 1,000,000 calls, and takes more of them. With --live: how soon
# what happens in 2,000 calls is with 500 readers.
#
# SECONDS_EACH (20) and RUNS (3) say how long, SIZES which archives, BIN which
# program, BENCH_DIR where the data goes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

each=${SECONDS_EACH:-20}
runs=${RUNS:-3}
bin=${BIN:-bin/ringside}
dir=$(mktemp -d -p "${BENCH_DIR:-${TMPDIR:-/tmp}}")
server=
stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}
trap 'stop; rm -rf "$dir"' EXIT

# start DATA starts a server on a free port and makes a key.
start() {
  "$bin" serve --listen 127.0.0.1:0 --data "$1" --hold-pipeline --rate-per-key 1000000 --burst-per-key 1000000 >"$dir/out" 2>"$dir/log" &
  server=$!
  url=
  for _ in $(seq 100); do
    kill -0 "$server" 2>/dev/null || break
    url=$(sed -n 's/^Ringside is at //p' "$dir/out")
    [ -z "$url" ] || break
    sleep 0.1
  done
  if [ -z "$url" ]; then
    cat "$dir/out" "$dir/log" >&2
    exit 1
  fi
  key=$("$bin" keys create --data "$1" --name bench --scope admin)
}

load() { "$bin" simulate load --url "$url" --key "$key" --pid "$server" "$@"; }

# ingest DATA runs the load and prints a table.
ingest() {
  load --for 3s >/dev/null # warm up
  printf '\n| run | calls/s | p50 ms | p90 ms | p99 ms | max ms | server CPU ms/call | client CPU ms/call | server MB | disk bytes/call | errors |\n'
  printf '|---|---|---|---|---|---|---|---|---|---|---|\n'
  local n
  for n in $(seq "$runs"); do
    load --for "${each}s" --data "$1" --json >"$dir/result"
    awk -v run="$n" -F '[:,]' '
      { gsub(/[" ]/, "", $1); v[$1] = $2 + 0 }
      END {
        printf "| %d | %.0f | %.1f | %.1f | %.1f | %.1f | %.3f | %.3f | %.0f | %.0f | %d |\n", run, v["calls_per_second"], v["p50_ms"], v["p90_ms"],
          v["p99_ms"], v["max_ms"], v["server_cpu_ms_per_call"], v["client_cpu_ms_per_call"], v["server_rss_mb"], v["disk_bytes_per_call"], v["errors"]
      }' "$dir/result"
  done
}

questions() {
  printf '\n| question | p50 ms | p99 ms | max ms |\n|---|---|---|---|\n'
  "$bin" simulate ask --wait --url "$url" --key "$key"
}

watch() { "$bin" simulate live-load --url "$url" --key "$key" --pid "$server" "$@"; }

# live says how soon what is told is read, RUNS times, each on a server of its
# own.
live() {
  local n
  for n in $(seq "$runs"); do
    printf '\nrun %s, load average %s\n' "$n" "$(cut -d ' ' -f 1 /proc/loadavg)"
    start "$dir/live$n"
    watch --for "${each}s" "$@"
    stop
    rm -rf "${dir:?}/live$n"
  done
}

# stalled COUNT takes calls in while 200 calls are told of and COUNT readers of
# theirs read nothing.
stalled() {
  start "$dir/stalled"
  load --for 3s >/dev/null # warm up
  watch --calls 200 --rate 400 --subscribers 5 --stalled "$1" --for "$((each + 10))s" >"$dir/watched" &
  local watcher=$!
  sleep 6
  printf '\n%s stalled readers, load average %s\n' "$1" "$(cut -d ' ' -f 1 /proc/loadavg)"
  load --for "${each}s" | sed -n 1,2p
  wait "$watcher"
  sed -n 2,4p "$dir/watched"
  stop
  rm -rf "${dir:?}/stalled"
}

if [ "${1:-}" = --live ]; then
  echo "$(nproc) cores, $(go env GOVERSION), SQLite, load average $(cut -d ' ' -f 1 /proc/loadavg)"
  printf '\n── 2,000 calls, 2,000 turns a second, 500 readers of 20 calls each ──\n'
  live --each 20
  printf '\n── The same, and every reader follows every call ──\n'
  live
  printf '\n── The same, but 8 of 10 events are what is being said ──\n'
  live --partials 0.8
  printf '\n── 10,000 calls of 12 turns, 1,000 turns a second, 5 readers of every call ──\n'
  runs=1 live --calls 10000 --turns 12 --rate 1000 --subscribers 5
  printf '\n── Ended calls taken in, beside readers that read nothing ──\n'
  for n in $(seq "$runs"); do
    stalled 0
    stalled 200
  done
  exit
fi

grep -m 1 'model name' /proc/cpuinfo | sed 's/.*: //' || true
echo "$(nproc) cores, $(go env GOVERSION), SQLite, load average $(cut -d ' ' -f 1 /proc/loadavg)"

if [ "${1:-}" != --big ]; then
  printf '\n── Ingest: 64 connections, bodies of about 6 KB, %s s each ──\n' "$each"
  start "$dir/data"
  ingest "$dir/data"
  stop
  printf '\n── Questions at 20,000 calls ──\n'
  "$bin" simulate fill --data "$dir/small" --calls 20000 2>/dev/null
  start "$dir/small"
  questions
  exit
fi

for size in ${SIZES:-100000 1000000}; do
  printf '\n── %s calls ──\n' "$size"
  "$bin" simulate fill --data "$dir/$size" --calls "$size" 2>/dev/null
  printf '%s bytes on disk a call\n' "$(($(du -sb "$dir/$size" | cut -f 1) / size))"
  start "$dir/$size"
  questions
  ingest "$dir/$size"
  stop
  rm -rf "${dir:?}/$size"
done
