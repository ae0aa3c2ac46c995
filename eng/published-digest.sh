#!/usr/bin/env bash
# Publishes the program as README says, and runs the quickstart from an empty folder: its digest must
# be the committed one. Ends with 0 and a sentence, or with 1 and the cause.
set -uo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d) || exit 1
trap 'rm -rf --one-file-system "$work"' EXIT

if ! timeout 900 dotnet publish src/Host -c Release -o "$work/published" >"$work/log" 2>&1; then
  tail -n 20 "$work/log"
  echo "failed: dotnet publish src/Host -c Release"
  exit 1
fi

expected=$(awk '$2 == "quickstart.json" { print $1 }' pipelines/digests.txt)
mkdir "$work/empty" && cd "$work/empty" || exit 1
timeout 600 "$work/published/orchestrator" run quickstart --quiet --json >"$work/summary" 2>"$work/errors"
if [ -z "$expected" ] || ! grep -q "\"digest\":\"$expected\"" "$work/summary"; then
  cat "$work/summary" "$work/errors"
  echo "failed: the published program's quickstart has not the digest $expected"
  exit 1
fi

echo "The published program's quickstart has the committed digest."
