#!/usr/bin/env bash
# Runs every case of a folder of odd input from the field and prints the table: AEANOMALY_CASES=FOLDER tests/Host/Cases/run.sh
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
: "${AEANOMALY_CASES:?names the folder of cases}"
AEANOMALY_CASES=$(realpath "$AEANOMALY_CASES")
export AEANOMALY_CASES
failed=0
"$root/test.sh" Host --filter FullyQualifiedName~Cases || failed=1
cat "$root/tests/Host/bin/Release/net10.0/cases.md"
exit $failed
