#!/usr/bin/env bash
# Runs every case of a folder of odd input from the field and prints one table: AEANOMALY_CASES=FOLDER tests/Host/Cases/run.sh
# Files are read by the commands (tests/Host/Cases), streams are played on a real broker (tests/Integration/Cases), which AEANOMALY_TEST_KAFKA_HOME may give.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
: "${AEANOMALY_CASES:?names the folder of cases}"
AEANOMALY_CASES=$(realpath "$AEANOMALY_CASES")
export AEANOMALY_CASES
tables=("$root"/tests/{Host,Integration}/bin/Release/net10.0/cases.md)
rm -f "${tables[@]}"
failed=0
"$root/test.sh" Host Integration --filter FullyQualifiedName~Tests.Cases || failed=1
head -qn 2 "${tables[@]}" | head -n 2
tail -qn +3 "${tables[@]}" || failed=1
exit $failed
