#!/usr/bin/env bash
# Builds stand-ins for the two base images of the Containerfile from what this machine has: eng/base-images/build.sh SDK_IMAGE RUNTIME_IMAGE
#
# They take their place where no registry of images is reached. RUNTIME_IMAGE is shell-less, as the vendor's chiseled images are: the .NET runtime and the
# libraries that it loads. SDK_IMAGE is empty but for links: the folders of this machine are mounted into it (see image_build in eng/deployment-tools.sh).
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/../common.sh"
[ $# = 2 ] || fail 'usage: eng/base-images/build.sh SDK_IMAGE RUNTIME_IMAGE'
sdk=$1 runtime=$2
command -v podman >/dev/null 2>&1 || fail "the program 'podman' is not on the PATH"
need_sdk
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# import FOLDER IMAGE [CHANGE...]: makes an image of one layer; what was under its name does not stay behind.
import() {
  podman image rm --force "$2" >/dev/null 2>&1 || true
  tar -C "$1" -cf - . | podman import --quiet "${@:3}" - "$2" >/dev/null
}

root=$work/runtime
mkdir -p "$root"/{etc/ssl/certs,home/app,tmp,usr/bin,usr/share/dotnet}
cp -a "$dotnet"/{dotnet,host,shared,LICENSE.txt,ThirdPartyNotices.txt} "$root/usr/share/dotnet/"
ln -s ../share/dotnet/dotnet "$root/usr/bin/dotnet"
# What the loader finds for the runtime's own files, and what .NET and its users ask for by name while they run.
{
  find "$root/usr/share/dotnet" -type f \( -name '*.so' -o -name dotnet \) -exec ldd {} + 2>/dev/null | awk '/=> \// { print $3 } /^\t\/lib/ { print $1 }'
  ldconfig -p | awk '/lib(ssl|crypto)\.so\.3|libz\.so\.1 |lib(dl|pthread|rt|resolv|nss_dns|nss_files|stdc\+\+|gcc_s)\.so/ { print $NF }' | grep "$(uname -m)"
} | grep -v "^$root" | sort -u | while read -r library; do install -D "$library" "$root$library"; done
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
printf 'root:x:0:0::/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\napp:x:1654:\n' >"$root/etc/group"
chmod 1777 "$root/tmp"
chown 1654:1654 "$root/home/app"
# As the vendor's images set them.
import "$root" "$runtime" --change ENV=PATH=/usr/bin --change ENV=APP_UID=1654 --change ENV=DOTNET_RUNNING_IN_CONTAINER=true \
  --change ENV=ASPNETCORE_HTTP_PORTS=8080 --change ENV=DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

root=$work/sdk
mkdir -p "$root"/{etc/ssl/certs,nuget,root,tmp,usr}
for name in bin lib lib64 sbin; do ln -s "usr/$name" "$root/$name"; done
printf 'root:x:0:0::/root:/bin/bash\n' >"$root/etc/passwd"
import "$root" "$sdk" --change ENV=PATH=/usr/bin:/usr/sbin --change ENV=DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 --change ENV=DOTNET_CLI_TELEMETRY_OPTOUT=1 \
  --change ENV=DOTNET_NOLOGO=1 --change ENV=HOME=/root
