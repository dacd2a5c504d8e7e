# Podman as the tests' container engine, with an image of Kafka that is built here; sourced by .ci/run.

podman_folder='' podman_service=''

# podman_start KAFKA_HOME: installs what is missing, builds the image, starts the engine and names both to the tests by environment variables.
# Where that is not to be had, says why in one line and returns 1.
podman_start() {
  local kafka=$1 started=$SECONDS image log version
  [ "$(id -u)" = 0 ] || { say 'ci: no containers: Podman is set up here for root only'; return 1; }
  podman_install || { say 'ci: no containers: podman, runc, conmon, netavark, aardvark-dns, iptables or a JDK with jlink cannot be installed'; return 1; }

  podman_folder=$(mktemp -d)
  log=$podman_folder/log
  # The runtime that is installed; no systemd for cgroups and events; and limits that a machine in a sandbox may set: Podman's own are higher.
  cat >"$podman_folder/containers.conf" <<'EOF'
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
EOF
  export CONTAINERS_CONF=$podman_folder/containers.conf
  # Held while a run lasts: who cleans up must know whether another run has containers.
  exec 9>"${TMPDIR:-/tmp}/aeanomaly-podman.lock"
  flock -s 9

  version=$(basename "$kafka"/libs/kafka-server-[0-9]*.jar .jar)
  image=localhost/aeanomaly/apache-kafka:${version#kafka-server-}
  "$root/eng/kafka-image/build.sh" "$kafka" "$image" >"$log" 2>&1 || { say "ci: no containers: the image cannot be built: $(tail -n 1 "$log")"; return 1; }
  podman run --rm "$image" /bin/sh -c 'exit 0' >"$log" 2>&1 9>&- || { say "ci: no containers: none can be run: $(tail -n 1 "$log")"; return 1; }

  local socket=unix://$podman_folder/podman.sock
  # Nothing of it may hold this script's output open: whoever reads that would wait for it.
  podman system service --time=0 "$socket" </dev/null >"$podman_folder/service.log" 2>&1 9>&- &
  podman_service=$!
  until podman --url "$socket" version >/dev/null 2>&1; do
    kill -0 "$podman_service" 2>/dev/null || { say "ci: no containers: the engine ended: $(tail -n 1 "$podman_folder/service.log")"; return 1; }
    sleep 0.2
  done

  export DOCKER_HOST=$socket AEANOMALY_TEST_KAFKA_IMAGE=$image
  # The engine is on this machine, even if this machine is a container itself; and Testcontainers' cleaner is an image that cannot be pulled.
  export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 TESTCONTAINERS_RYUK_DISABLED=true
  say "ci: $(podman --version) with $image set up in $((SECONDS - started)) s"
}

podman_install() {
  local missing
  missing=$(missing_packages podman runc conmon netavark aardvark-dns iptables)
  command -v jlink >/dev/null 2>&1 || missing="$missing openjdk-17-jdk-headless"
  [ -n "$missing" ] || return 0
  say "ci: installing $missing"
  # shellcheck disable=SC2086 # names are several words
  apt_install $missing
}

# podman_stop: removes what a test run that was killed left behind, and ends the engine.
podman_stop() {
  [ -n "$podman_folder" ] || return 0
  if flock -n -x 9; then
    podman ps --all --quiet --filter label=org.testcontainers=true | xargs -r podman rm --force --time 0 >/dev/null 2>&1 || true
    podman network ls --quiet --filter label=org.testcontainers=true | xargs -r podman network rm --force >/dev/null 2>&1 || true
  fi
  if [ -n "$podman_service" ]; then
    kill "$podman_service" 2>/dev/null || true
    wait "$podman_service" 2>/dev/null || true
  fi
  rm -rf "$podman_folder"
  podman_folder=''
}
