# Shared by the scripts of this repository; sourced, never run.

# say TEXT...: progress goes to stderr, so that a program's own output stays alone on stdout.
say() { printf '%s\n' "$*" >&2; }

# fail TEXT...: one line saying what is wrong and what to do, then exit 1.
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# root_run COMMAND...: runs a command as root; fails where this account may not.
root_run() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
  command -v apt-get >/dev/null 2>&1 && root_run true 2>/dev/null
}

# missing_packages NAME...: prints those Debian packages that are not installed.
missing_packages() {
  local name
  for name in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$name" 2>/dev/null) in
      'install ok installed') ;;
      *) printf '%s ' "$name" ;;
    esac
  done
}

# apt_install NAME...: installs Debian packages; the package lists are refreshed only when they turn out to be missing or stale.
apt_install() {
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120)
  can_install || return 1
  root_run "${install[@]}" "$@" </dev/null >/dev/null 2>&1 && return 0
  root_run apt-get update -q </dev/null >/dev/null 2>&1 || return 1
  root_run "${install[@]}" "$@" </dev/null >/dev/null 2>&1
}

# need_sdk: the one thing that is not installed here, because Debian's own packages do not carry it.
need_sdk() {
  command -v dotnet >/dev/null 2>&1 || fail 'the .NET 10 SDK is missing: install it and put "dotnet" on the PATH'
  dotnet --list-sdks 2>/dev/null | grep -q '^10\.' ||
    fail "the .NET 10 SDK is missing; this machine has: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')"
}

# quiet_dotnet ARGS...: runs the SDK and shows what it printed only when it fails. Without the locks of its callers (8, 9): the compiler may stay in memory for
# minutes, and would hold them.
quiet_dotnet() {
  local log code=0
  log=$(mktemp)
  dotnet "$@" -v quiet -nologo </dev/null >"$log" 2>&1 8>&- 9>&- || code=$?
  [ "$code" = 0 ] || awk 'NF && !seen[$0]++' "$log" >&2 # the SDK repeats each error in its summary
  rm -f "$log"
  return "$code"
}

# publish_app PROJECT TARGET [OPTION...]: publishes a program for this machine, without the checks of style that a developer's build makes. Precompiled code starts
# faster; where the registry lacks its compiler, the same program is compiled while it runs.
publish_app() {
  local log target=$2
  local publish=(publish "$1" -c Release --use-current-runtime --no-self-contained --artifacts-path "$root/artifacts/launcher" -o "$target" -p:RunAnalyzers=false "${@:3}")
  log=$(mktemp)
  rm -rf "$target"
  if ! quiet_dotnet "${publish[@]}" -p:PublishReadyToRun=true 2>"$log"; then
    if ! grep -qi 'NU110.*crossgen' "$log"; then
      cat "$log" >&2
      rm -f "$log"
      return 1
    fi
    rm -rf "$target"
    quiet_dotnet "${publish[@]}" || { rm -f "$log"; return 1; }
  fi
  rm -f "$log"
}

# The SDK the same everywhere: no banners, no processes left behind, and no ICU library needed.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
