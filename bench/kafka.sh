# A real broker for a bench, from an unpacked Apache Kafka 4; sourced, never run.

# kafka_start HOME: starts one broker on loopback with an empty log; leaves its address in $kafka. Whoever calls it calls kafka_stop at the end.
kafka_start() {
  local home=$1 port controller waited=0
  [ -d "$home/libs" ] || fail "$home is no unpacked Apache Kafka: it has no folder libs/"
  command -v java >/dev/null 2>&1 || fail 'a broker needs a Java 17 runtime (Debian: openjdk-17-jre-headless)'
  kafka_folder=$(mktemp -d)
  # Two that are free now.
  read -r port controller < <(python3 -c '
import socket
held = [socket.socket() for _ in range(2)]
for one in held: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in held])')
  kafka=127.0.0.1:$port
  cat >"$kafka_folder/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://$kafka,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://$kafka
controller.listener.names=CONTROLLER
log.dirs=$kafka_folder/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
log.retention.hours=-1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
END
  printf '%s\n' 'appender.out.type=Console' 'appender.out.name=out' 'appender.out.layout.type=PatternLayout' 'rootLogger.level=warn' 'rootLogger.appenderRef.out.ref=out' >"$kafka_folder/log4j2.properties"
  local java=(java "-Dlog4j2.configurationFile=file:$kafka_folder/log4j2.properties" -cp "$home/libs/*")
  "${java[@]}" -Xmx128m kafka.tools.StorageTool format --cluster-id="$(head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | cut -c1-22)" --config "$kafka_folder/server.properties" \
    >"$kafka_folder/format.log" 2>&1 || { cat "$kafka_folder/format.log" >&2; fail "the broker's storage cannot be formatted (see above)"; }
  "${java[@]}" -Xmx1g kafka.Kafka "$kafka_folder/server.properties" >"$kafka_folder/broker.log" 2>&1 &
  kafka_process=$!
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 "$kafka_process" 2>/dev/null && [ $((waited += 1)) -lt 300 ] || { tail -n 20 "$kafka_folder/broker.log" >&2; fail 'the broker does not start (see above)'; }
    sleep 0.2
  done
}

# kafka_topic HOME NAME PARTITIONS [SETTING=VALUE...]: creates a topic.
kafka_topic() {
  local home=$1 name=$2 partitions=$3 setting settings=()
  for setting in "${@:4}"; do settings+=(--config "$setting"); done
  java "-Dlog4j2.configurationFile=file:$kafka_folder/log4j2.properties" -Xmx128m -cp "$home/libs/*" org.apache.kafka.tools.TopicCommand --bootstrap-server "$kafka" --create \
    --topic "$name" --partitions "$partitions" "${settings[@]+"${settings[@]}"}" >"$kafka_folder/topic.log" 2>&1 || { cat "$kafka_folder/topic.log" >&2; fail "topic $name cannot be created (see above)"; }
}

kafka_stop() {
  [ -n "${kafka_process:-}" ] || return 0
  kill "$kafka_process" 2>/dev/null || true
  wait "$kafka_process" 2>/dev/null || true
  rm -rf "$kafka_folder"
}
