#!/usr/bin/env bash
# Kills the daemon while records stream and holds what it published against what was written: bench/faults/run.sh [KILLS]
# Needs a real broker as ./test.sh does (AEANOMALY_TEST_KAFKA_HOME, a container engine, or AEANOMALY_TEST_KAFKA). 1,000 kills take about an hour.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
export AEANOMALY_TEST_KILLS=${1:-1000}
exec ./test.sh Integration --filter FullyQualifiedName~KillTests
