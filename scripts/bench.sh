#!/usr/bin/env bash
# bench.sh measures bin/ringside on this machine: a server in a temporary
# directory, `ringside simulate load` against its real door, and how long it
# then takes to answer what people ask. With --big: how fast it answers at
# 100,000 and 1,000,000 calls, and takes more of them. With --live: how soon
# what happens in 2,000 calls is with 500 readers, what 10,000 calls take, and
# what readers that have stalled do to others; a second word picks one of the
# parts readers, memory, stalled.
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

# start DATA starts a server on a free port and makes a key. Without a second
# word, nothing works on calls that have ended.
start() {
  local hold=--hold-pipeline
  [ "${2:-}" != working ] || hold=
  # shellcheck disable=SC2086 # no word when it is empty
  "$bin" serve --listen 127.0.0.1:0 --data "$1" $hold --rate-per-key 1000000 --burst-per-key 1000000 >"$dir/out" 2>"$dir/log" &
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

# stalled takes ended calls in at an even pace while 200 calls are told of, in
# turn without and with 200 readers of these that read nothing. Such a reader
# is written to until its socket is full, waited for in vain and dropped.
stalled() {
  start "$dir/stalled"
  load --for 3s >/dev/null # warm up
  watch --calls 200 --rate 400 --subscribers 5 --for "$((runs * (2 * each + 10) + 10))s" >"$dir/watched" &
  local watcher=$! readers count
  printf '\n| stalled readers | calls/s | p50 ms | p90 ms | p99 ms | server CPU ms/call | load average |\n|---|---|---|---|---|---|---|\n'
  for count in $(for n in $(seq "$runs"); do echo 0 200; done); do
    readers=
    if [ "$count" != 0 ]; then
      watch --calls 0 --rate 0 --subscribers 0 --stalled "$count" --for "$((each + 1))s" >/dev/null &
      readers=$!
      sleep 3
    fi
    load --rate 200 --for "${each}s" --json >"$dir/result"
    awk -v count="$count" -v average="$(cut -d ' ' -f 1 /proc/loadavg)" -F '[:,]' '
      { gsub(/[" ]/, "", $1); v[$1] = $2 + 0 }
      END {
        printf "| %d | %.0f | %.1f | %.1f | %.1f | %.3f | %s |\n", count, v["calls_per_second"], v["p50_ms"], v["p90_ms"], v["p99_ms"],
          v["server_cpu_ms_per_call"], average
      }' "$dir/result"
    [ -z "$readers" ] || wait "$readers"
  done
  wait "$watcher"
  printf '\nbeside them\n'
  cat "$dir/watched"
  stop
  rm -rf "${dir:?}/stalled"
}

if [ "${1:-}" = --live ]; then
  echo "$(nproc) cores, $(go env GOVERSION), SQLite, load average $(cut -d ' ' -f 1 /proc/loadavg)"
  for part in ${2:-readers memory stalled}; do
    case $part in
    readers)
      printf '\n── 2,000 calls, 2,000 turns a second, 500 readers of 20 calls each ──\n'
      live --each 20
      printf '\n── The same, and every reader follows every call ──\n'
      live
      printf '\n── The same, but 8 of 10 events are what is being said ──\n'
      live --partials 0.8
      ;;
    memory)
      printf '\n── 10,000 calls of 12 turns, 1,000 turns a second, 5 readers of every call ──\n'
      runs=1 live --calls 10000 --turns 12 --rate 1000 --subscribers 5
      ;;
    stalled)
      printf '\n── Ended calls taken in, beside readers that read nothing ──\n'
      stalled
      ;;
    esac
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
  printf '\n── Analysis: 20 calls a second, then as many as come in ──\n'
  start "$dir/worked" working
  load --rate 20 --for "${each}s" --analysed
  load --for "${each}s" --analysed
  stop
  rm -rf "${dir:?}/worked"
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
