#!/usr/bin/env bash
# Holds exactly once against at least once and a Kafka Streams service on a real broker, and times alerts: bench/end-to-end/delivery.sh KAFKA PEER
#
#   KAFKA     unpacked Apache Kafka 4 (its libs/ with Kafka Streams)
#   PEER      StreamsPeer.java, the service to measure beside
#   ROUNDS    rounds of runs, default 7
#   RECORDS   records in the topic, default 2,880,000
#   OUT       file of the report; default results/delivery-DATE.md beside this script
set -euo pipefail
root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..
cd "$root"
root=$PWD
. eng/common.sh
. bench/kafka.sh

[ $# = 2 ] || fail 'name an unpacked Kafka and the source file of the peer: bench/end-to-end/delivery.sh KAFKA PEER'
[ -f "$2" ] || fail "there is no file $2"
need_sdk
program=$root/artifacts/bench/end-to-end
publish_app "$root/bench/end-to-end" "$program" || fail 'the bench does not build (see above)'
trap kafka_stop EXIT
kafka_start "$1"
dotnet "$program/AEAnomaly.Bench.EndToEnd.dll" delivery --bootstrap "$kafka" --kafka "$1" --peer "$2" \
  --rounds "${ROUNDS:-7}" --records "${RECORDS:-2880000}" --out "${OUT:-bench/end-to-end/results/delivery-$(date -u +%F).md}"
