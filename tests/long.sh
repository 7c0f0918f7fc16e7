#!/usr/bin/env bash
# What takes too long for every change: more random cases, many seeds, repeats. Needs a release build (tests/run.sh release).
#
#   tests/long.sh [SEEDS]      default 1000
#   FUZZ_SECONDS=600 tests/long.sh      for each fuzz target; default 60; needs clang
#   tests/long.sh upgrade ONYXD         only a cluster of this build and the one ONYXD is of: rolling upgrade, and back
#   tests/long.sh simulation            only clusters in simulation: SIMULATION_SEEDS=200000 of them, and every planted defect
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
simulation=$PWD/build/release/tests/onyx_simulation

if [ "${1:-}" = upgrade ]; then
  ONYX_SOURCE_DIR=$PWD ONYX_BIN_DIR=$PWD/build/release/bin ONYX_OTHER_ONYXD=$(realpath "$2") \
    exec python3 -B tests/system/upgrade_test.py -v
fi

echo "== simulation, ${SIMULATION_SEEDS:=200000} seeds and every plant"
"$simulation" --seeds "$SIMULATION_SEEDS" --from fresh --coverage 100 --failed tests/simulation/failed
"${simulation}_plants"
if [ "${1:-}" = simulation ]; then exit; fi

seeds=${1:-1000}
bin=$PWD/build/release/bin
areas=(validation workflow functions grouping flow-conditions lifecycles)

echo "== every file compiled alone"  # what ONYX_UNITY hides: an include forgotten beside a neighbour that has it
cmake --preset dev >/dev/null
cmake --build --preset dev

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

if command -v clang++ >/dev/null; then
  echo "== fuzz targets, ${FUZZ_SECONDS:=60} s each"
  cmake --preset fuzz >/dev/null
  cmake --build --preset fuzz
  mkdir -p build/fuzz/found
  while read -r name corpus; do
    mkdir -p "$run/$corpus"
    "build/fuzz/bin/$name" -max_total_time="$FUZZ_SECONDS" -timeout=20 -rss_limit_mb=2048 -close_fd_mask=1 -print_final_stats=1 \
      -artifact_prefix="build/fuzz/found/$name-" "$run/$corpus" "tests/fuzz/corpus/$corpus" 2>"$run/$name.log" \
      || { failed=$((failed + 1)); tail -40 "$run/$name.log"; }
    echo "$name: $(grep -o 'number_of_executed_units: .*' "$run/$name.log" || true)"
  done < <(sed -n 's/^onyx_fuzz(\([a-z_]*\) .* CORPUS \([a-z]*\))/\1 \2/p' tests/fuzz/CMakeLists.txt)
fi

echo "== system tests, 10 times"
for _ in $(seq 10); do ctest --test-dir build/release -L system --output-on-failure; done

echo "== faults for minutes, with their targets; wants a quiet machine"
for test in five_daemons ensemble partition log_edges; do
  ONYX_SOURCE_DIR=$PWD ONYX_BIN_DIR=$bin ONYX_TARGETS=strict ONYX_LONG_S=300 ONYX_LEADERS=20 ONYX_JOBS_AT_ONCE=300 \
    ONYX_PEERS_AT_ONCE=1000 python3 -B "tests/system/${test}_test.py" -v || failed=$((failed + 1))
done
[ "$failed" -eq 0 ]
