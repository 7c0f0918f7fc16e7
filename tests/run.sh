#!/usr/bin/env bash
# Installs packages, builds, and runs everything that CI runs; closes with ctest's line.
#
#   tests/run.sh                     release: every test
#   tests/run.sh asan tsan release   any of these, in this order (tsan: what does not link gRPC)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/install-packages.sh
jobs=${ONYX_JOBS:-$(nproc)}
export ONYX_SIMULATION_SECONDS=${ONYX_SIMULATION_SECONDS:-480}  # clusters in simulation, by the clock

# A second clone on the same machine finds what was compiled in the first.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

run() {
  local preset=$1
  echo "== $preset: build" >&2
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" -j "$jobs"
  echo "== $preset: tests" >&2
  ctest --preset "$preset" -j "$jobs" "${@:2}"
}

# Leaks are reported; two-thread runs under sanitizers are slow, so their time limits are the tests' own hang guards.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:detect_stack_use_after_return=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}

if [ $# -gt 0 ]; then
  for preset in "$@"; do run "$preset"; done
else
  run release
fi
