#!/usr/bin/env bash
# with-postgres.sh COMMAND… runs a command beside a PostgreSQL of its own, and
# throws that away afterwards, however the command ends. The command finds the
# server's address in RINGSIDE_TEST_POSTGRES; when that is set already, the
# command runs as it is.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

[ -z "${RINGSIDE_TEST_POSTGRES:-}" ] || exec "$@"

if ! bin=$("$here/find.sh" postgres); then
  if [ "${CI:-}" = true ]; then
    echo "with-postgres: no PostgreSQL server found, and CI=true allows no test to be left out" >&2
    exit 1
  fi
  echo "with-postgres: no PostgreSQL server found: the tests that need one are left out" >&2
  exec "$@"
fi

# The server refuses to run as root: then it runs as postgres, or as nobody.
user=
if [ "$(id -u)" = 0 ]; then
  user=nobody
  if id postgres >/dev/null 2>&1; then user=postgres; fi
fi
as_user() {
  if [ -n "$user" ]; then
    (cd / && runuser -u "$user" -- "$@")
  else
    "$@"
  fi
}

# Not TMPDIR: it may be a folder that the other user cannot enter, and a path to
# a Unix socket has to be short.
dir=$(mktemp -d /tmp/ringside-pg.XXXXXX)
child=
cleanup() {
  trap '' INT TERM HUP
  if [ -n "$child" ]; then kill -TERM -- "-$child" 2>/dev/null || true; fi
  as_user "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$dir/password"
if [ -n "$user" ]; then chown -R "$user" "$dir"; fi

init() {
  as_user "$bin/initdb" -D "$dir/data" -U ringside --pwfile="$dir/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale="$1" --no-sync >"$dir/initdb.log" 2>&1
}
init C.UTF-8 || init en_US.UTF-8 || {
  cat "$dir/initdb.log" >&2
  exit 1
}

# What makes it safe across a power cut makes it slow, and nobody wants this
# data back.
start() {
  as_user "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start -o "\
    -p $1 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
    -c max_connections=300 -c shared_buffers=128MB" >/dev/null 2>&1
}
port=
for _ in 1 2 3 4 5 6 7 8; do
  port=$((20000 + RANDOM % 12000))
  if start "$port"; then break; fi
  port= # most likely taken: try another
done
if [ -z "$port" ]; then
  cat "$dir/server.log" >&2
  exit 1
fi
export RINGSIDE_TEST_POSTGRES="postgres://ringside:$password@127.0.0.1:$port/postgres?sslmode=disable"

# The command gets a process group, so that a signal to this script ends all of
# it and not only its first process.
set -m
"$@" &
child=$!
set +m
status=0
wait "$child" || status=$?
child=
exit "$status"
