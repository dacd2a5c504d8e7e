#!/usr/bin/env bash
# Makes sure that the package librdkafka.redist, the native half of Confluent.Kafka, can be restored.
#
# Where the package registry carries it, this only looks. Where it does not, it builds the same version once, from the source that
# Confluent ships inside its own JavaScript client (npm package @confluentinc/kafka-javascript, BSD-2-Clause), and packs it into
# eng/feed, which nuget.config names as a package source. The build then is the ordinary one: no special reference, no resolver.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$eng")
. "$eng/common.sh"

source_package=@confluentinc/kafka-javascript@1.10.1
source_sha256=ada7d703bb1d3237e2292bfabf438d663b6160c9f1ac2a2406b5dc4257c81b66
compile_packages=(gcc make libc6-dev libssl-dev zlib1g-dev)
# zstd compression, Kerberos and OAuth/OIDC; without them the library builds and lacks that one feature.
feature_packages=(libzstd-dev libsasl2-dev libcurl4-openssl-dev)

version=$(sed -n 's/.*Include="Confluent.Kafka" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
[ -n "$version" ] || fail "Directory.Packages.props names no version of Confluent.Kafka"
case $(uname -m) in
  x86_64) rid=linux-x64 ;;
  aarch64) rid=linux-arm64 ;;
  *) fail "no build of librdkafka for $(uname -s) $(uname -m): use linux-x64 or linux-arm64" ;;
esac
package=$eng/feed/librdkafka.redist.$version.nupkg
global=${NUGET_PACKAGES:-$HOME/.nuget/packages}/librdkafka.redist/$version

# NuGet writes .nupkg.metadata last, so its presence means the package was extracted in full.
available() { [ -s "$package" ] || [ -f "$global/.nupkg.metadata" ]; }

# carried_by_registry: 0 when the configured package sources have it, 1 when they answer that they do not.
carried_by_registry() {
  local probe=$work/probe
  mkdir -p "$probe"
  cat >"$probe/probe.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="librdkafka.redist" Version="[$version]" /></ItemGroup>
</Project>
PROJECT
  dotnet restore "$probe/probe.csproj" -v q >"$probe/log" 2>&1 && return 0
  grep -qE 'NU110[0-3]' "$probe/log" && return 1
  cat "$probe/log" >&2
  fail "the package sources could not be asked for librdkafka.redist $version (see above): check the network or the NuGet configuration"
}

install_tools() {
  local missing features
  command -v npm >/dev/null 2>&1 || compile_packages+=(npm)
  missing=$(missing_packages "${compile_packages[@]}")
  features=$(missing_packages "${feature_packages[@]}")
  [ -z "$missing$features" ] && return
  say "librdkafka: installing $missing$features"
  # shellcheck disable=SC2086 # a list of package names
  apt_install $missing $features && return
  [ -z "$missing" ] || apt_install $missing || fail "cannot install what building librdkafka needs; run as root: apt-get install $missing"
  [ -z "$features" ] || say "librdkafka: building without: $features(zstd, Kerberos or OAuth will be missing)"
}

fetch_source() {
  say "librdkafka: fetching the source of $version"
  (cd "$work" && npm pack --silent --ignore-scripts "$source_package" >/dev/null 2>npm.log </dev/null) ||
    { cat "$work/npm.log" >&2; fail "npm could not fetch $source_package (see above): check the network or the npm configuration"; }
  mv "$work"/*.tgz "$work/source.tgz"
  echo "$source_sha256  $work/source.tgz" | sha256sum --check --quiet - >&2 ||
    fail "$source_package is not the file this script was written for: its SHA-256 differs"
  tar -xzf "$work/source.tgz" -C "$work" package/deps/librdkafka
  mv "$work/package/deps/librdkafka" "$work/librdkafka"
}

compile() {
  local source=$work/librdkafka log=$work/compile.log
  say "librdkafka: compiling on $(nproc) cores (half a minute on two)"
  (cd "$source" && ./configure --disable-lz4-ext && make -j"$(nproc)" -C src librdkafka.so.1) >"$log" 2>&1 </dev/null ||
    { tail -30 "$log" >&2; fail "librdkafka $version did not compile (see above)"; }
  grep -q '^#define WITH_SSL 1' "$source/config.h" || fail 'librdkafka was configured without TLS: install libssl-dev'
  mkdir -p "$work/pack/runtimes/$rid/native"
  cp "$source/src/librdkafka.so.1" "$work/pack/runtimes/$rid/native/librdkafka.so"
  ! command -v strip >/dev/null 2>&1 || strip --strip-unneeded "$work/pack/runtimes/$rid/native/librdkafka.so"
}

pack() {
  cp "$work/librdkafka/LICENSES.txt" "$work/pack/LICENSES.txt"
  cat >"$work/pack/librdkafka.redist.nuspec" <<NUSPEC
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>librdkafka.redist</id>
    <version>$version</version>
    <authors>Magnus Edenhill, Confluent Inc. and contributors</authors>
    <license type="expression">BSD-2-Clause</license>
    <description>librdkafka $version for $rid, built on this machine from the source in $source_package.</description>
    <copyright>Copyright 2012-2026 Magnus Edenhill, Confluent Inc.</copyright>
  </metadata>
  <files>
    <file src="runtimes/$rid/native/librdkafka.so" target="runtimes/$rid/native/librdkafka.so" />
    <file src="LICENSES.txt" target="LICENSES.txt" />
  </files>
</package>
NUSPEC
  cat >"$work/pack/pack.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <NuspecFile>librdkafka.redist.nuspec</NuspecFile>
    <IncludeBuildOutput>false</IncludeBuildOutput>
    <NoBuild>true</NoBuild>
    <!-- A package that only carries a native library: no lib folder, no dependency group. -->
    <NoWarn>$(NoWarn);NU5127;NU5128</NoWarn>
  </PropertyGroup>
</Project>
PROJECT
  dotnet pack "$work/pack/pack.csproj" -v q -o "$work/out" >"$work/pack.log" 2>&1 ||
    { cat "$work/pack.log" >&2; fail "librdkafka.redist $version could not be packed (see above)"; }
  # A rename within the folder is atomic: a concurrent restore sees the whole package or none.
  cp "$work/out/librdkafka.redist.$version.nupkg" "$package.part"
  mv "$package.part" "$package"
}

if available; then exit 0; fi
need_sdk
mkdir -p "$eng/feed"
exec 9>"$eng/feed/.lock"
flock 9
if available; then exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if carried_by_registry; then exit 0; fi
say "librdkafka: the package registry lacks librdkafka.redist $version; building it once"
install_tools
fetch_source
compile
pack
say "librdkafka: packed $(basename "$package") ($(du -h "$package" | cut -f1))"
