#!/usr/bin/env bash
# Measures the engine beside the processor's peak and beside PyTorch, and writes bench/engine/results/DATE.json and DATE.md: bench/engine/run.sh
# Judges its operations, gradients and variants by libtorch's, and writes bench/engine/results/DATE-judge.md: bench/engine/run.sh judge
#
#   PYTHON    interpreter with torch (Debian: python3-torch libopenblas0-pthread); default python3, or Debian's own where that has no torch;
#             without torch the comparison is left out, and the report says so
#   SLICES    pairs of slices, default 21
#   WIDTH     registers, Bits512, Bits256, Bits128 or Scalar; default the widest of this processor
#   OUT       files of the report without their endings; default results/DATE beside this script
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
. eng/common.sh

need_sdk
python=${PYTHON:-python3}
if [ -z "${PYTHON:-}" ] && ! python3 -c 'import torch' 2>/dev/null && /usr/bin/python3 -c 'import torch' 2>/dev/null; then python=/usr/bin/python3; fi
out=${OUT:-bench/engine/results/$(date -u +%F)}
program=$root/artifacts/bench/engine
# As the launcher publishes the product.
publish_app "$root/bench/engine" "$program" || fail 'the bench does not build (see above)'
if [ "${1:-}" = judge ]; then
  # Brings libtorch into the package folder, where the program finds it.
  quiet_dotnet restore "$root/tests/Models.Torch" || fail 'libtorch cannot be restored (see above)'
  exec dotnet "$program/AEAnomaly.Bench.Engine.dll" --judge "$out-judge.md"
fi
exec dotnet "$program/AEAnomaly.Bench.Engine.dll" \
  --python "$python" --peer bench/engine/torch_peer.py --slices "${SLICES:-21}" ${WIDTH:+--width "$WIDTH"} --out "$out"
