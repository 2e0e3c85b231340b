#!/usr/bin/env bash
# deps.sh sees to what the tests need besides Go and Node: a C compiler (the
# race detector), a PostgreSQL server, Chromium, what makes recordings of calls
# (voices, noise, encoders), and what the documents' examples
# call. As root on Debian it installs what is missing. Elsewhere it says what to
# install; then the tests that need it are left out, but under CI=true nothing
# may be.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

missing() {
  command -v gcc >/dev/null || command -v clang >/dev/null || echo gcc libc6-dev
  "$here/find.sh" postgres >/dev/null || echo postgresql
  "$here/find.sh" chromium >/dev/null || echo chromium
  command -v curl >/dev/null || echo curl
  command -v openssl >/dev/null || echo openssl
  command -v python3 >/dev/null || echo python3
  for program in espeak-ng flite sox lame flac; do
    command -v "$program" >/dev/null || echo "$program"
  done
  command -v opusenc >/dev/null || echo opus-tools
}

install_on_debian() {
  echo "installing with apt: $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

want=$(missing | xargs)
[ -n "$want" ] || exit 0

if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; then
  # shellcheck disable=SC2086 # a list of package names
  install_on_debian $want
  want=$(missing | xargs)
  [ -n "$want" ] || exit 0
fi

echo "make test also needs: $want. On Debian or Ubuntu: sudo apt-get install -y $want" >&2
case "$want" in
*gcc*) exit 1 ;; # nothing runs under the race detector without a C compiler
esac
[ "${CI:-}" != true ]
