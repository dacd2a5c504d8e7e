#!/usr/bin/env bash
# Builds an image of an Apache Kafka broker from what this machine has: eng/kafka-image/build.sh KAFKA_HOME IMAGE
#
#   KAFKA_HOME    an unpacked Apache Kafka (with libs/*.jar)
#   IMAGE         the name it gets in Podman's store
#
# It takes the place of apache/kafka where no registry of images is reached: environment variables, paths and the lines it prints are the same, as far as
# Testcontainers relies on them. There is no distribution in it, only a Java runtime of the modules that Kafka loads, bash, sleep and their libraries.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/../common.sh"
[ $# = 2 ] || fail 'usage: eng/kafka-image/build.sh KAFKA_HOME IMAGE'
kafka=$1 image=$2
ls "$kafka"/libs/kafka-server-[0-9]*.jar >/dev/null 2>&1 || fail "'$kafka' is no unpacked Apache Kafka: it has no libs/kafka-server-*.jar"
for tool in podman jlink; do command -v $tool >/dev/null 2>&1 || fail "the program '$tool' is not on the PATH"; done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{bin,etc/kafka/docker,opt/kafka/config,tmp,usr/bin,var/lib/kafka/data}

# What Kafka loads. java.desktop is for log4j, which wants java.beans; of its native half, and of what that needs, nothing is loaded.
modules=java.base,java.desktop,java.logging,java.management,java.naming,java.rmi,java.security.jgss,java.security.sasl,java.sql,java.xml
modules=$modules,jdk.crypto.ec,jdk.management,jdk.management.agent,jdk.unsupported,jdk.zipfs
jlink --add-modules "$modules" --no-header-files --no-man-pages --output "$root/opt/java"
rm -f "$root"/opt/java/lib/lib{awt,awt_headless,awt_xawt,fontmanager,freetype,javajpeg,jawt,jsound,lcms,mlib_image,splashscreen}.so

cp /bin/bash /bin/sleep "$root/bin/"
ln -s bash "$root/bin/sh"
ln -s /opt/java/bin/java "$root/usr/bin/java"
# Every shared library that these need, at the path where the loader looks for it.
find "$root/bin" "$root/opt/java" -type f \( -perm -u+x -o -name '*.so' \) -exec ldd {} + 2>/dev/null \
  | awk '/=> \// { print $3 } /^\t\/lib/ { print $1 }' | grep -v "^$root" | sort -u \
  | while read -r library; do install -D "$library" "$root$library"; done

echo 'kafka:x:1000:1000::/tmp:/bin/bash' >"$root/etc/passwd"
cp "$here/log4j2.yaml" "$root/opt/kafka/config/"
install "$here/run.sh" "$root/etc/kafka/docker/run"
cp -r "$kafka/libs" "$root/opt/kafka/libs"
chmod -R u+w,a+rX "$root"
chmod 1777 "$root/tmp"
chown -R 1000:1000 "$root/var/lib/kafka" "$root/opt/kafka/config"
# A broker starts sooner where the runtime's own classes need no parsing; jlink leaves that archive out.
"$root/opt/java/bin/java" -Xshare:dump >/dev/null 2>&1

# What was under this name would stay behind without one.
podman image rm --force "$image" >/dev/null 2>&1 || true
tar -C "$root" -cf - . | podman import --quiet --change USER=1000 --change 'ENV PATH=/usr/bin:/bin' --change 'CMD ["/etc/kafka/docker/run"]' - "$image" >/dev/null
