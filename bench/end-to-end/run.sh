#!/usr/bin/env bash
# Compares AEAnomaly with a Python service on the embedded cluster, the two in turn, and writes bench/end-to-end/results/DATE.md.
#
#   PYTHON    interpreter with confluent_kafka, numpy and torch (Debian: python3-confluent-kafka python3-numpy python3-torch); default python3
#   PAIRS     pairs of runs, default 7
#   RECORDS   records written to the topic, default 960,000
#   OUT       file of the report; default results/DATE.md beside this script
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
. eng/common.sh

python=${PYTHON:-python3}
out=${OUT:-bench/end-to-end/results/$(date -u +%F).md}
python_path=$(command -v "$python") || fail "there is no $python: name an interpreter with PYTHON"
"$python_path" -c 'import confluent_kafka, numpy, torch' 2>/dev/null ||
  fail "$python cannot import confluent_kafka, numpy and torch: install them (Debian: python3-confluent-kafka python3-numpy python3-torch) or name another interpreter with PYTHON"
need_sdk
program=$root/artifacts/bench/end-to-end
# As the launcher publishes the product.
publish_app "$root/bench/end-to-end" "$program" || fail 'the bench does not build (see above)'
exec dotnet "$program/AEAnomaly.Bench.EndToEnd.dll" compare \
  --python "$python_path" --peer bench/end-to-end/python_peer.py --pairs "${PAIRS:-7}" --records "${RECORDS:-960000}" --out "$out"
