#!/usr/bin/env bash
# Hands damaged input to every decoder and every reader of files for a time: bench/fuzz/run.sh [SECONDS] [SEED]
# Each of the runs that the test suite does with a fixed number lasts SECONDS here (60 by default, 540 at most: a test that takes ten minutes is taken for hung), from SEED
# (the clock's by default); bench/fuzz/README.md lists them. ROUNDS: so often, each from the next seed (1 by default). TESTS: only those whose name holds this.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
. eng/common.sh
seconds=${1:-60} seed=${2:-$(date +%s)}
[ "$seconds" -le 540 ] || fail "SECONDS: found $seconds; expected 540 at most, and ROUNDS for longer"
export AEANOMALY_TEST_FUZZ_SECONDS=$seconds AEANOMALY_TEST_FUZZ_RESULT=$PWD/artifacts/fuzz.txt
mkdir -p artifacts
: > "$AEANOMALY_TEST_FUZZ_RESULT"
code=0
for ((round = 0; round < ${ROUNDS:-1} && code == 0; round++)); do
  AEANOMALY_TEST_FUZZ_SEED=$((seed + round)) ./test.sh Ingest Detection Host --filter "FullyQualifiedName~.Fuzz.${TESTS:+&FullyQualifiedName~$TESTS}" || code=$?
done
echo
cat "$AEANOMALY_TEST_FUZZ_RESULT"
exit $code
