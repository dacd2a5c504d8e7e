#!/usr/bin/env bash
# Hands damaged input to every decoder and every reader of files for a time: bench/fuzz/run.sh [SECONDS] [SEED]
# Each of the runs that the test suite does with a fixed number lasts SECONDS here (60 by default), from SEED (the clock's by default); bench/fuzz/README.md lists them.
# TESTS: only those whose name holds this.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
export AEANOMALY_TEST_FUZZ_SECONDS=${1:-60} AEANOMALY_TEST_FUZZ_SEED=${2:-$(date +%s)}
export AEANOMALY_TEST_FUZZ_RESULT=$PWD/artifacts/fuzz.txt
# A test that takes longer than this is taken for hung.
export AEANOMALY_TEST_LONGEST=$((AEANOMALY_TEST_FUZZ_SECONDS / 60 + 10))m
mkdir -p artifacts
: > "$AEANOMALY_TEST_FUZZ_RESULT"
code=0
./test.sh Ingest Detection Host --filter "FullyQualifiedName~.Fuzz.${TESTS:+&FullyQualifiedName~$TESTS}" || code=$?
echo
cat "$AEANOMALY_TEST_FUZZ_RESULT"
exit $code
