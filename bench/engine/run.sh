#!/usr/bin/env bash
# Measures the engine beside the processor's peak and beside libtorch, and writes bench/engine/results/DATE.json and DATE.md: bench/engine/run.sh
# Judges its operations, gradients and variants by libtorch's, and writes bench/engine/results/DATE-judge.md: bench/engine/run.sh judge
#
#   SLICES    slices that a figure is the median of, default 21
#   WIDTH     registers, Bits512, Bits256, Bits128 or Scalar; default the widest of this processor
#   OUT       files of the report without their endings; default results/DATE beside this script
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
. eng/common.sh

need_sdk
out=${OUT:-bench/engine/results/$(date -u +%F)}
program=$root/artifacts/bench/engine
# As the launcher publishes the product.
publish_app "$root/bench/engine" "$program" || fail 'the bench does not build (see above)'
# Brings libtorch into the package folder, where the program finds it.
quiet_dotnet restore "$root/tests/Models.Torch" || fail 'libtorch cannot be restored (see above)'
if [ "${1:-}" = judge ]; then
  exec dotnet "$program/AEAnomaly.Bench.Engine.dll" --judge "$out-judge.md"
fi
# glibc gives large blocks back to the system when they are freed, and the same steps of libtorch took 3 to 13 times ours from run to run; it keeps them.
export MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=4000000000
exec dotnet "$program/AEAnomaly.Bench.Engine.dll" --slices "${SLICES:-21}" ${WIDTH:+--width "$WIDTH"} --out "$out"
