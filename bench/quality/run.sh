#!/usr/bin/env bash
# Compares every variant with independent detectors on labelled sets; writes the tables to bench/quality/results. README.md beside this script says more.
#
#   run.sh DATA [OPTION ...]
#
#   DATA                  folder with tabular/, telemetry/ and transactions/
#   --suite NAME          tabular, telemetry, transactions, payments or missing; may be repeated; default: tabular and telemetry
#   --split NAME          tabular: ordered, random or both; default ordered
#   --seeds LIST          default 1; the published protocol is 1,2,3,4,5
#   --variants WORDS      "all" and VARIANT[:KEY=VALUE,...], separated by spaces; default all
#   --sets LIST           only these sets
#   --jobs N              runs side by side; default: the number of processors
#   --more DIR            missing: folder of further tables of normal records, NAME-train.csv.gz
#   --results DIR         default bench/quality/results; use another one to try something out
#   --rcf DIR             folder with RcfPeer.java and randomcutforest-core-*.jar; without it Random Cut Forest is not measured
#   --kafka DIR           transactions: an unpacked Apache Kafka 4, from which a broker is started
#   --peers WHICH         reuse: measure only what results/peers.ndjson lacks (default); refresh: all anew; none
#   PYTHON                interpreter with scikit-learn and PyTorch (environment); default: python3, or /usr/bin/python3 where that one has scikit-learn
#
# What is already there for the same sources is not run again: after an interruption the same command goes on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/eng/common.sh"

usage() { sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed '$d; s/^# \{0,1\}//'; }
case ${1:-} in -h | --help) usage; exit 0 ;; '' | --*) usage >&2; fail 'name the folder of the data first' ;; esac
data=$1; shift
[ -d "$data" ] || fail "there is no folder $data"

suites=() split=ordered seeds=1 variants=all results=$root/bench/quality/results rcf='' kafka_home='' peers=reuse words=() peer_words=()
while [ $# -gt 0 ]; do
  [ $# -gt 1 ] || { usage >&2; fail "$1 is not an option with a value"; }
  case $1 in
    --suite) suites+=("$2") ;;
    --split) split=$2 ;;
    --seeds) seeds=$2 ;;
    --variants) variants=$2 ;;
    --sets) words+=(--sets "$2"); peer_words+=(--sets "$2") ;;
    --jobs) words+=(--jobs "$2") ;;
    --more) words+=(--more "$2") ;;
    --results) results=$2 ;;
    --rcf) rcf=$2 ;;
    --kafka) kafka_home=$2 ;;
    --peers) peers=$2 ;;
    *) usage >&2; fail "$1 is an unknown option" ;;
  esac
  shift 2
done
[ ${#suites[@]} -gt 0 ] || suites=(tabular telemetry)
case $split in both) splits=(ordered random) ;; ordered | random) splits=("$split") ;; *) fail "--split: found '$split'; expected ordered, random or both" ;; esac
case $peers in reuse | refresh | none) ;; *) fail "--peers: found '$peers'; expected reuse, refresh or none" ;; esac
mkdir -p "$results"
cd "$root"

# What the program is made of: the committed sources, and a digest of what has changed since.
sources=$(git rev-parse --short=12 HEAD:src)
changes=$( (git diff HEAD -- src; git ls-files -z --others --exclude-standard src | xargs -0r cat) | sha256sum | cut -c1-8)
[ -z "$(git status --porcelain src)" ] || sources=$sources+$changes

need_sdk
# A copy of its own: the sources may be edited while the bench runs.
built=$root/artifacts/bench/quality
if [ "$(cat "$built/sources" 2>/dev/null)" != "$sources" ]; then
  say 'bench/quality: building the program'
  rm -f "$built/sources"
  publish_app "$root/src/Host" "$built/product" || fail 'the program does not build (see above)'
  mkdir -p "$built"
  printf '%s\n' "$sources" >"$built/sources"
fi
publish_app "$here" "$built/bench" || fail 'the bench does not build (see above)'

# Nearest neighbours on wide rows cost most of the peers' time; their figures do not change with our sources.
measure_peers() { # suite split [folder of the data] [file of the results]
  [ "$peers" != none ] || return 0
  local python=${PYTHON:-python3}
  [ -n "${PYTHON:-}" ] || "$python" -c 'import sklearn' 2>/dev/null || ! /usr/bin/python3 -c 'import sklearn' 2>/dev/null || python=/usr/bin/python3
  command -v "$python" >/dev/null 2>&1 || { say "skipped: the independent detectors: there is no $python"; return 0; }
  local more=(--suite "$1" --split "$2" --seeds "$seeds" "${peer_words[@]}")
  [ "$peers" = reuse ] || more+=(--refresh)
  [ -z "$rcf" ] || more+=(--rcf "$rcf")
  "$python" "$here/peers.py" --data "${3:-$data}" --out "$results/${4:-peers.ndjson}" "${more[@]}"
}

features=''
at_end() {
  [ -z "$features" ] || rm -rf "$features"
  if declare -F kafka_stop >/dev/null; then kafka_stop; fi
}
trap at_end EXIT

code=0
compare() { # suite split [option ...]
  dotnet "$built/bench/AEAnomaly.Bench.Quality.dll" --suite "$1" --split "$2" --data "$data" --program "$built/product/aeanomaly.dll" \
    --sources "$sources" --seeds "$seeds" --variants "$variants" --results "$results" "${words[@]}" "${@:3}" >/dev/null || code=$?
}

for suite in "${suites[@]}"; do
  case $suite in
    tabular) for one in "${splits[@]}"; do measure_peers tabular "$one"; compare tabular "$one"; done ;;
    telemetry) measure_peers telemetry ordered; compare telemetry ordered ;;
    missing) compare missing ordered ;;
    payments)
      features=$(mktemp -d)
      compare payments ordered --export "$features"
      measure_peers payments ordered "$features" payments-peers.ndjson
      compare payments ordered
      ;;
    transactions)
      [ -n "$kafka_home" ] || fail 'transactions are replayed through a real broker: name an unpacked Kafka with --kafka'
      . bench/kafka.sh
      kafka_start "$kafka_home"
      words+=(--bootstrap "$kafka")
      compare transactions ordered
      ;;
    *) fail "--suite: found '$suite'; expected tabular, telemetry, transactions, payments or missing" ;;
  esac
done
say "the tables are in $results"
exit "$code"
