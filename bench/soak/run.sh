#!/usr/bin/env bash
# Lets the daemon score at its full rate on a real broker, retraining all the while, and holds what it takes of the machine at the end against the beginning: bench/soak/run.sh KAFKA
#
#   KAFKA     unpacked Apache Kafka 4
#   MINUTES   how long, default 60
#   EVERY     how often it retrains, default 2m
#   HISTORY   1: the detector remembers keys, as the demo's does (default); 0: it does not
#   DELIVERY  at_least_once (default) or exactly_once
#   OUT       file of the report; default results/DATE.md beside this script
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
. eng/common.sh
. bench/kafka.sh

[ $# = 1 ] || fail 'name an unpacked Kafka: bench/soak/run.sh KAFKA'
command -v python3 >/dev/null 2>&1 || fail 'there is no python3: install it'
need_sdk
program=$root/artifacts/bench/soak
publish_app "$root/src/Host" "$program" || fail 'the program does not build (see above)'
trap kafka_stop EXIT
kafka_start "$1"
# A log that does not fill the disk: what is deleted was read long before, since no more is written than what the daemon has room to take.
kafka_topic "$1" payments 4 retention.bytes=268435456 segment.bytes=33554432
for topic in payments.alerts payments.dead-letters; do kafka_topic "$1" "$topic" 2 retention.bytes=67108864 segment.bytes=16777216; done
python3 bench/soak/soak.py --program "$program/aeanomaly.dll" --bootstrap "$kafka" --minutes "${MINUTES:-60}" --every "${EVERY:-2m}" --history "${HISTORY:-1}" \
  --delivery "${DELIVERY:-at_least_once}" --out "${OUT:-bench/soak/results/$(date -u +%F).md}"
