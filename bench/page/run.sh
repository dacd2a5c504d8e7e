#!/usr/bin/env bash
# Measures what a viewer of the page costs scoring, with one and without in turn, and writes bench/page/results/DATE.md.
#
#   PAIRS     pairs of slices, default 12
#   VIEWERS   viewers at a time, default 1
#   OUT       file of the report; default results/DATE.md beside this script
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
. eng/common.sh

for tool in python3 curl; do command -v "$tool" >/dev/null 2>&1 || fail "there is no $tool: install it"; done
need_sdk
program=$root/artifacts/bench/page
publish_app "$root/src/Host" "$program" || fail 'the program does not build (see above)'
exec python3 bench/page/measure.py --program "$program/aeanomaly.dll" --pairs "${PAIRS:-12}" --viewers "${VIEWERS:-1}" --out "${OUT:-bench/page/results/$(date -u +%F).md}"
