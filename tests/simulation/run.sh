#!/usr/bin/env bash
# Simulation as ctest runs it, after every seed that ever failed: the same 1,500 seeds every time, or, when
# ONYX_SIMULATION_SECONDS is set, fresh ones for so long on every core. 480 s have to be enough for 30,000 seeds.
#
#   [ONYX_SIMULATION_SECONDS=480] tests/simulation/run.sh [BINARY]      default: build/release/tests/onyx_simulation
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
simulation=(${1:-../../build/release/tests/onyx_simulation} --failed failed)

if [ -z "${ONYX_SIMULATION_SECONDS:-}" ]; then exec "${simulation[@]}" --seeds 1500 --coverage 1; fi
at_least=$((ONYX_SIMULATION_SECONDS * 30000 / 480))
exec "${simulation[@]}" --seconds "$ONYX_SIMULATION_SECONDS" --from fresh --at-least "$at_least" --coverage $((at_least / 300))
