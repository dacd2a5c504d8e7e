#!/usr/bin/env bash
# Runs every test from nothing: ./test.sh [PROJECT...] [--filter EXPRESSION]
#
#   PROJECT       a folder of tests/, say Models; without one, all of them
#   --filter      passed to "dotnet test", say FullyQualifiedName~Tape
#
# What tests use of this machine, by environment variable:
#   DOCKER_HOST                  the container engine that brokers run in (else the usual sockets); TESTCONTAINERS_* variables work as documented there
#   AEANOMALY_TEST_KAFKA_IMAGE   the image of those brokers, apache/kafka:4.1.1 by default; "none": no containers
#   AEANOMALY_TEST_KAFKA_HOME    an unpacked Apache Kafka, from which brokers are started where there are no containers
#   AEANOMALY_TEST_KAFKA         a running cluster (host:port,...) for the tests that need no control over brokers
#   AEANOMALY_DATA               the folder of the public data sets
#   AEANOMALY_TEST_IMAGE         an image built from the Containerfile, which is then run by podman or docker
#   AEANOMALY_TEST_SCHEMAS       the folder where the packages of tests/Deployment/Schemas are installed; dashboards are held to them, and the chart where helm is on the PATH
#   AEANOMALY_TEST_LONGEST       the time after which a test hangs, 10m by default
#   AEANOMALY_TEST_FUZZ_WHOLE    1: ten times as much damaged input
#   AEANOMALY_CASES              a folder of odd input from the field; tests/Host/Cases/run.sh runs its cases alone and prints a table
# Without any of them, tests run on the cluster inside the process. Which brokers it was is said, and what is skipped is listed with its reason. The last
# line is "N passed, N failed, N skipped".
set -euo pipefail
root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "$root"
. eng/common.sh

projects=() filter=()
while [ $# -gt 0 ]; do
  case $1 in
    --filter) [ $# -gt 1 ] || fail '--filter needs an expression'; filter=(--filter "$2"); shift 2 ;;
    -h | --help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) fail "unknown option $1; see ./test.sh --help" ;;
    *) [ -d "tests/$1" ] || fail "there is no folder tests/$1; there are: $(ls tests | tr '\n' ' ')"; projects+=("$1"); shift ;;
  esac
done
if [ ${#projects[@]} = 0 ]; then
  for path in tests/*/AEAnomaly.*.Tests.csproj; do projects+=("$(basename "$(dirname "$path")")"); done
fi

passed=0 failed=0 skipped=0
finish() {
  # Again at the end: nobody should have to look for it among what two projects printed at a time.
  local results
  for results in artifacts/tests/*/results.trx; do [ ! -f "$results" ] || tests_that failed Failed "$results"; done
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ] && [ $((passed + failed)) -gt 0 ]
  exit
}

# attribute NAME: the first value of an XML attribute on standard input.
attribute() { sed -n "s/.*[[:space:]]$1=\"\([^\"]*\)\".*/\1/p" | head -n 1; }

# tests_that WORD OUTCOME FILE: "WORD name: reason" for each test with that outcome, the reason in one line of bounded length.
tests_that() {
  awk -v word="$1" -v outcome="outcome=\"$2\"" 'BEGIN { RS = "<UnitTestResult " }
    NR > 1 && index(substr($0, 1, index($0, ">")), outcome) {
      name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name)
      reason = $0
      if (!sub(/.*<Message>/, "", reason)) reason = "no reason given"
      sub(/<\/Message>.*/, "", reason); gsub(/[\r\n]+/, " ", reason)
      line = name ": " substr(reason, 1, 800)
      gsub(/&quot;/, "\"", line); gsub(/&apos;/, "\x27", line); gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line); gsub(/&amp;/, "\\&", line)
      print "  " word " " line
    }' "$3"
}

# brokers_of FILE: what the tests' fixture said about its brokers.
brokers_of() { sed -n 's/.*: brokers: \(.*\)<\/Text>.*/\1/p' "$1" 2>/dev/null | head -n 1; }

run_project() { # folder under tests/; leaves "passed failed skipped" in its results folder
  local name=$1 started=$SECONDS code=0 brokers counters total executed succeeded broken
  local results=$root/artifacts/tests/$name
  say "== $name"
  dotnet test "tests/$name/bin/Release/net10.0/AEAnomaly.$name.Tests.dll" --results-directory "$results" --logger 'trx;LogFileName=results.trx' \
    --logger 'console;verbosity=minimal' --blame-hang-timeout ${AEANOMALY_TEST_LONGEST:-10m} --blame-hang-dump-type none "${filter[@]+"${filter[@]}"}" -- xUnit.DiagnosticMessages=true </dev/null 2>&1 \
    | sed -u -e '/^\(VSTest version\|Starting test execution\|A total of 1 test files\|Results File:\|Data collector .Blame.\|No test is available\|Additionally, path to test\|\[xUnit\)/d' -e '/^$/d' || code=$?
  counters=$(grep -o '<Counters [^>]*>' "$results/results.trx" 2>/dev/null || true)
  total=$(attribute total <<<"$counters"); executed=$(attribute executed <<<"$counters")
  succeeded=$(attribute passed <<<"$counters")
  total=${total:-0} executed=${executed:-0} succeeded=${succeeded:-0}
  broken=$((executed - succeeded))
  if [ "$code" != 0 ] && [ "$broken" = 0 ]; then
    # The run itself broke (a crash, a hang): that must not read as success.
    say "   the test run of $name ended with exit code $code"
    broken=1
  fi
  echo "$succeeded $broken $((total - executed))" >"$results/counts"
  [ "$total" = 0 ] || tests_that skipped NotExecuted "$results/results.trx"
  brokers=$(brokers_of "$results/results.trx" || true)
  [ -z "$brokers" ] || say "   $name: ran $brokers"
  say "   $name: $succeeded passed, $broken failed, $((total - executed)) skipped in $((SECONDS - started)) s"
}

need_sdk
if [ -n "${AEANOMALY_TEST_KAFKA_HOME:-}" ] && ! command -v java >/dev/null 2>&1; then
  say 'tests: installing a Java runtime for the real broker'
  apt_install openjdk-17-jre-headless || fail 'AEANOMALY_TEST_KAFKA_HOME needs a Java 17 runtime; run as root: apt-get install openjdk-17-jre-headless'
fi
mkdir -p artifacts
exec 8>artifacts/.test.lock
flock 8
rm -rf artifacts/tests
started=$SECONDS
say 'tests: building'
target=AEAnomaly.sln
[ ${#projects[@]} -gt 1 ] || target=tests/${projects[0]}
# Without the checks of style that "dotnet build" makes: they take as long as the rest of it.
if ! quiet_dotnet build "$target" -c Release -p:RunAnalyzers=false; then
  say 'tests: the build failed (see above)'
  failed=1
  finish
fi
say "tests: built in $((SECONDS - started)) s"

# Two at a time, the longest first: each takes the next that nobody has taken.
mkdir -p artifacts/tests
ordered=()
for project in Integration Ingest Host Models "${projects[@]}"; do
  case " ${projects[*]} " in *" $project "*) ;; *) continue ;; esac
  case " ${ordered[*]-} " in *" $project "*) ;; *) ordered+=("$project") ;; esac
done
run_lane() {
  local project
  for project in "${ordered[@]}"; do
    mkdir "artifacts/tests/$project" 2>/dev/null || continue
    run_project "$project" >"artifacts/tests/$project.log" 2>&1
    cat "artifacts/tests/$project.log"
  done
}
run_lane &
run_lane
wait
for project in "${projects[@]}"; do
  counts=
  read -r -a counts <"artifacts/tests/$project/counts" || true
  # No counts: the lane itself broke.
  passed=$((passed + ${counts[0]:-0})) failed=$((failed + ${counts[1]:-1})) skipped=$((skipped + ${counts[2]:-0}))
done
if grep -qs 'testName="[^"]*MainPathTests[^"]*kind: Real[^>]* outcome="Passed"' artifacts/tests/Integration/results.trx; then
  say "tests: the main path ran $(brokers_of artifacts/tests/Integration/results.trx)"
fi
finish
