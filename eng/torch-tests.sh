#!/usr/bin/env bash
# Runs the tests of the torch backend, which must be built: on this system where its libstdc++ is new
# enough for TorchSharp, else in a Debian 13 root that is made for the purpose (root and debootstrap are
# needed). With Debian's python3-torch, on the system and in the root, the tests beside PyTorch run too.
#   eng/torch-tests.sh RESULTS.trx
# Exit code: that of the tests; 3 when they cannot run here, with the reason.
set -uo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
results=$(realpath -m "${1:?usage: eng/torch-tests.sh RESULTS.trx}")
tests=tests/Models.TorchSharp.Tests/bin/Release/net10.0/Orchestrator.Models.TorchSharp.Tests.dll
[ -f "$tests" ] || { echo "torch: $tests is not built (no libtorch for this system, or -p:Torch=false)"; exit 3; }

# A folder for each version of PyTorch there is.
scripts=$(mktemp -d)
vectors=$(mktemp -d)
export ORCHESTRATOR_TORCH_SCRIPTS=$scripts
if /usr/bin/python3 -c 'import torch' 2>/dev/null; then
  /usr/bin/python3 tests/Models.TorchSharp.Tests/scripts.py "$scripts" || exit 1
else
  echo "torch: python3-torch is not installed; the tests beside this system's PyTorch are skipped"
fi

mkdir -p "$(dirname "$results")"
bridge=$(dirname "$tests")/runtimes/linux-x64/native/libLibTorchSharp.so
libstdcxx=$(ldconfig -p | awk '/libstdc\+\+\.so\.6 .*x86-64/ { print $NF; exit }')
newest() { grep -ao 'GLIBCXX_3\.4\.[0-9]*' "$1" | sort -Vu | tail -1; }
wanted=$(newest "$bridge")
if [ -n "$libstdcxx" ] && grep -qa "$wanted" "$libstdcxx"; then
  dotnet "$tests" -noColor -trx "$results"
  code=$?
  rm -rf "$scripts" "$vectors"
  exit $code
fi

if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
  echo "torch: this system's libstdc++ lacks $wanted, and a Debian 13 root cannot be made (root and debootstrap are needed)"
  rm -rf "$scripts" "$vectors"
  exit 3
fi

root=$(mktemp -d)
sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
mounted=()
unmount() {
  for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do umount "${mounted[$i]}"; done
  # The root goes only when nothing is mounted in it any more: what is bound there is somebody else's.
  mountpoint -q "$root/proc" || grep -q " $root/" /proc/mounts || rm -rf --one-file-system "$root"
  rm -rf "$scripts" "$vectors"
}
trap unmount EXIT
debootstrap --variant=minbase --include=libstdc++6,libgomp1,ca-certificates trixie "$root" >"$root.log" 2>&1 ||
  { tail -n 3 "$root.log"; echo "torch: a Debian 13 root could not be made"; exit 3; }
rm -f "$root.log"
for folder in /proc /dev "$sdk" "$packages" "$repository" "$scripts" "$vectors"; do
  mkdir -p "$root$folder" && mount --bind "$folder" "$root$folder" && mounted+=("$root$folder") ||
    { echo "torch: $folder could not be bound into a Debian 13 root"; exit 3; }
done
# Another PyTorch, whose scripts are read too, and the one that replays runs (198 MB to fetch).
if chroot "$root" /bin/sh -c 'export DEBIAN_FRONTEND=noninteractive; apt-get update && apt-get install -y --no-install-recommends python3-torch python3-numpy' >/dev/null 2>&1; then
  chroot "$root" /usr/bin/python3 "$repository/tests/Models.TorchSharp.Tests/scripts.py" "$scripts" || exit 1
  # What update rules do is what this PyTorch computes too; this system's is asked by a test of the program.
  if [ -f src/Host/bin/Release/net10.0/orchestrator.dll ]; then
    dotnet src/Host/bin/Release/net10.0/orchestrator.dll vectors "$vectors" >/dev/null && chroot "$root" /usr/bin/python3 "$vectors/check_torch.py" "$vectors" || exit 1
  else
    echo "torch: the program is not built; update rules are not compared with the PyTorch of the Debian 13 root"
  fi
else
  echo "torch: python3-torch could not be installed in the Debian 13 root; the tests that replay a run in PyTorch are skipped"
fi

chroot "$root" /usr/bin/env HOME=/root DOTNET_ROOT="$sdk" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 ORCHESTRATOR_TORCH_SCRIPTS="$scripts" \
  /bin/sh -c "cd '$repository' && '$sdk/dotnet' '$tests' -noColor -trx '$results'"
