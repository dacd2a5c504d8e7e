#!/bin/bash
# Starts one Kafka node, as the image apache/kafka does: KAFKA_A_B=v becomes a.b=v in server.properties ("__" is "_", "___" is "-"), the storage is
# formatted once with CLUSTER_ID, and the broker takes over this process, so that signals reach it.
set -euo pipefail
data=/var/lib/kafka/data settings=/opt/kafka/config/server.properties
java_options=(-Dlog4j2.configurationFile=file:/opt/kafka/config/log4j2.yaml -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*')

{
  echo "log.dirs=$data"
  for name in "${!KAFKA_@}"; do
    case $name in KAFKA_HEAP_OPTS | KAFKA_OPTS) continue ;; esac
    key=${name#KAFKA_}
    key=${key,,}
    key=${key//_/.}     # a_b -> a.b
    key=${key//.../-}   # a___b -> a-b
    key=${key//../_}    # a__b -> a_b
    value=${!name}
    echo "$key=${value%,}" # Testcontainers ends the advertised listeners with a comma
  done
} >"$settings"

if [ ! -f "$data/meta.properties" ]; then
  java "${java_options[@]}" kafka.tools.StorageTool format --cluster-id="$CLUSTER_ID" --config "$settings"
fi
# shellcheck disable=SC2086 # options are several words
exec java ${KAFKA_HEAP_OPTS:--Xmx384m} ${KAFKA_OPTS:-} "${java_options[@]}" kafka.Kafka "$settings"
