#!/usr/bin/env bash
# gen.sh writes what is generated and kept: the OpenAPI document from the
# routes, and the page's types from the document. With --check it fails when
# that changes anything; the new files stay, to be looked at and committed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

generated=(internal/api/openapi.json ui/src/api/schema.gen.ts)

old=$(mktemp -d)
trap 'rm -rf "$old"' EXIT
for f in "${generated[@]}"; do
  mkdir -p "$old/$(dirname "$f")"
  if [ -f "$f" ]; then cp -p "$f" "$old/$f"; else : >"$old/$f"; fi
done

go run ./cmd/ringside openapi >"$old/openapi.new"
cmp -s "$old/openapi.new" "${generated[0]}" || cp "$old/openapi.new" "${generated[0]}"
npm --prefix ui run --silent gen:api >/dev/null

status=0
for f in "${generated[@]}"; do
  if cmp -s "$old/$f" "$f"; then
    # The same bytes keep their old time, so that nothing is built again.
    touch -r "$old/$f" "$f"
    continue
  fi
  echo "changed: $f"
  status=1
  if [ "${1:-}" = --check ]; then diff -u "$old/$f" "$f" | head -n 60 || true; fi
done
if [ "${1:-}" = --check ] && [ "$status" = 1 ]; then
  echo "Generated files were stale. They are written now: read them and commit them." >&2
  exit 1
fi
