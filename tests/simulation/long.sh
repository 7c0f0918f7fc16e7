#!/usr/bin/env bash
# Simulation by the clock, with fresh seeds, after every seed that ever failed. Needs a release build.
#
#   tests/simulation/long.sh [SECONDS [AT_LEAST [BUILD]]]      default: 480 30000 build/release
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec "${3:-build/release}/tests/onyx_simulation" --seconds "${1:-480}" --at-least "${2:-30000}" --from fresh --coverage \
  --failed tests/simulation/failed_seeds.txt
