#!/usr/bin/env bash
# Kills daemons and brokers while records stream and holds what was published against what was written: bench/faults/run.sh [KILLS]
# Needs a real broker as ./test.sh does (AEANOMALY_TEST_KAFKA_HOME or a container engine). 1,000 kills take some hours.
#
#   TESTS   part of the tests by name, default KillTests (all); say ClusterKillTests
#   OUT     file of the report; default results/DATE.md beside this script
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
export AEANOMALY_TEST_KILLS=${1:-1000} AEANOMALY_TEST_LONGEST=12h
out=${OUT:-bench/faults/results/$(date -u +%F).md}
AEANOMALY_TEST_KILLS_RESULT=$(mktemp)
export AEANOMALY_TEST_KILLS_RESULT
code=0
./test.sh Integration --filter "FullyQualifiedName~${TESTS:-KillTests}" || code=$?
mkdir -p "$(dirname "$out")"
{
  printf '# Faults, %s\n\n' "$(date -u +%F)"
  [ "$code" = 0 ] || printf 'Not all tests passed: see what they printed. '
  printf 'One row for each test that passed: records that were written, read with read_committed in scores and dead letters, and how many of both were there again; alerts, and repeats of them (with equal ids); of daemons that remember keys only the scores are held, against those of an undisturbed run.\n\n'
  printf '%s\n' '| delivery | disturbed by | records | in scores | dead letters | repeated | alerts | repeated |' '|---|---|---|---|---|---|---|---|'
  cat "$AEANOMALY_TEST_KILLS_RESULT"
} >"$out"
rm -f "$AEANOMALY_TEST_KILLS_RESULT"
cat "$out"
exit "$code"
