#!/usr/bin/env bash
# Measures what the history of 1, 10,000 and 1,000,000 keys costs a record, and writes bench/history/results/DATE.md: bench/history/run.sh
#
#   SLICES    slices that a figure is the median of, default 21
#   OUT       file of the report; default results/DATE.md beside this script
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
root=$PWD
. eng/common.sh

need_sdk
program=$root/artifacts/bench/history
publish_app "$root/bench/history" "$program" || fail 'the bench does not build (see above)'
exec dotnet "$program/AEAnomaly.Bench.History.dll" "${SLICES:-21}" "${OUT:-bench/history/results/$(date -u +%F).md}"
