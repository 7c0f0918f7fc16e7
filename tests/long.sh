#!/usr/bin/env bash
# What takes too long for every change: more random cases, many seeds, repeats. Needs a release build (tests/run.sh release).
#
#   tests/long.sh [SEEDS]      default 1000
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seeds=${1:-1000}
bin=$PWD/build/release/bin
areas=(validation workflow functions grouping flow-conditions lifecycles)

echo "== properties, 20 times as many cases"
RC_PARAMS="max_success=2000" ctest --test-dir build/release -R '^property_' --output-on-failure

echo "== conformance in one thread, $seeds seeds"
run=$(mktemp -d)
"$bin/onyxd" --dev --log-level error --listen "unix:$run/api.sock" >"$run/ready" &
daemon=$!
trap 'kill $daemon 2>/dev/null; wait $daemon 2>/dev/null || true; rm -rf "$run"' EXIT
until grep -q '^onyxd ready' "$run/ready"; do kill -0 $daemon; sleep 0.02; done
export ONYX_ADDR="unix:$run/api.sock"
failed=0
reference=$("$bin/onyxctl" test --local --seed 0 -o json "${areas[@]/#/tests/conformance/onyx/}" | jq -c '[.cases[] | [.file, .passed]]' || true)
for seed in $(seq 1 "$seeds"); do
  result=$("$bin/onyxctl" test --local --seed "$seed" -o json "${areas[@]/#/tests/conformance/onyx/}" | jq -c '[.cases[] | [.file, .passed]]' || true)
  [ "$result" = "$reference" ] || { failed=$((failed + 1)); echo "seed $seed differs"; }
done
echo "$seeds seeds, $failed differ from seed 0"

echo "== system tests, 10 times"
for _ in $(seq 10); do ctest --test-dir build/release -L system --output-on-failure; done
[ "$failed" -eq 0 ]
