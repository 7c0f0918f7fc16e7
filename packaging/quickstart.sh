#!/usr/bin/env bash
# From a fresh Debian 12 to a result: installs packages, builds, starts a development daemon, runs the flights job on its
# 20,000 real flights, shows what came out, and stops the daemon.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/install-packages.sh
if [ ! -f build/release/build.ninja ]; then cmake --preset release >/dev/null; fi
cmake --build --preset release --target onyxd onyxctl

bin=build/release/bin
run=$(mktemp -d)
daemon=
stop() {
  [ -z "$daemon" ] || { kill "$daemon" 2>/dev/null && wait "$daemon"; } || true
  rm -rf "$run"
}
trap stop EXIT

$bin/onyxd --dev --listen 127.0.0.1:0 >"$run/ready" 2>"$run/log" &
daemon=$!
until grep -q '^onyxd ready' "$run/ready" 2>/dev/null; do
  kill -0 "$daemon" 2>/dev/null || { echo "onyxd did not start:" >&2; cat "$run/log" >&2; exit 1; }
  sleep 0.02
done
ONYX_ADDR=$(sed -n 's/^onyxd ready api=\([^ ,]*\).*/\1/p' "$run/ready")
export ONYX_ADDR

echo
echo "\$ onyxctl submit examples/flights/job.edn --wait"
$bin/onyxctl submit examples/flights/job.edn --wait
echo
echo "\$ onyxctl job status flights"
$bin/onyxctl job status flights
for file in late on-time early; do
  echo
  echo "\$ head -n 2 examples/flights/out/$file.jsonl      # $(wc -l < examples/flights/out/$file.jsonl) flights"
  head -n 2 "examples/flights/out/$file.jsonl"
done
