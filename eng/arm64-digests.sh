#!/usr/bin/env bash
# Runs shipped pipelines as a 64-bit Arm program under emulation and compares their digests with
# pipelines/digests.txt, which is where those of x64 are checked. Debian or Ubuntu, as root: the
# emulator (qemu-user) is installed, the libraries that .NET needs are unpacked into a folder of their
# own, .NET for Arm comes with the published program. Minutes per pipeline; not part of the suite.
#   eng/arm64-digests.sh [PIPELINE...]     as in digests.txt; default: all that need no files
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v qemu-aarch64 >/dev/null; then
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends qemu-user; } >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; echo "qemu-user could not be installed; it is needed." >&2; exit 1; }
fi

mkdir -p "$work"/{root,debs,runs,state/lists/partial,cache/archives/partial}
touch "$work/state/status"
apt=(apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root
  -o Dir::State="$work/state" -o Dir::State::status="$work/state/status" -o Dir::Cache="$work/cache")
{ "${apt[@]}" update && (cd "$work/debs" && "${apt[@]}" download libc6 libstdc++6 libgcc-s1 zlib1g libssl3); } >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; echo "The Arm libraries could not be fetched." >&2; exit 1; }
for package in "$work"/debs/*.deb; do
  dpkg-deb -x "$package" "$work/root"
done

dotnet publish src/Host -c Release -r linux-arm64 --self-contained -p:Torch=false -o "$work/host" >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; exit 1; }

failed=0
while read -r expected pipeline; do
  if [ $# -eq 0 ]; then
    case "$pipeline" in seeds/epfl/*) continue ;; esac
  else
    case " $* " in *" $pipeline "*) ;; *) continue ;; esac
  fi

  summary=$(qemu-aarch64 -L "$work/root" "$work/host/orchestrator" run "pipelines/$pipeline" --json --quiet --output "$work/runs")
  digest=$(sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p' <<<"$summary")
  if [ "$digest" = "$expected" ]; then
    echo "same       $pipeline"
  else
    echo "different  $pipeline: $digest, not $expected"
    failed=1
  fi
done <pipelines/digests.txt
exit "$failed"
