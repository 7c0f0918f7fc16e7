#!/usr/bin/env bash
# Installs packages, builds, and runs everything that CI runs; closes with ctest's line.
#
#   tests/run.sh               release, every test; then what does not link gRPC under TSan, and all under ASan and UBSan
#   tests/run.sh tsan release  any of release, asan, tsan, in this order
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/install-packages.sh
jobs=${ONYX_JOBS:-$(nproc)}
simulation_seconds=${ONYX_SIMULATION_SECONDS:-480}  # clusters in simulation, by the clock; in release only
unset ONYX_SIMULATION_SECONDS

# A second clone on the same machine finds what was compiled in the first.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

run() {
  local preset=$1
  echo "== $preset: build" >&2
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" -j "$jobs"
  echo "== $preset: tests" >&2
  if [ "$preset" = release ]; then
    ONYX_SIMULATION_SECONDS=$simulation_seconds ctest --preset "$preset" -j "$jobs"
  else
    ctest --preset "$preset" -j "$jobs"
  fi
}

# Leaks are reported; two-thread runs under sanitizers are slow, so their time limits are the tests' own hang guards.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:detect_stack_use_after_return=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/tests/tsan_suppressions.txt}

[ $# -gt 0 ] || set -- release tsan asan
for preset in "$@"; do run "$preset"; done
