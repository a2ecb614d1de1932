#!/usr/bin/env bash
# Builds what is committed twice, in two folders of different names and without a compiler cache, and compares the
# binaries byte for byte. Takes as long as two builds.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export CCACHE_DISABLE=1

for folder in "$scratch/one" "$scratch/another/further/down"; do
  mkdir -p "$folder"
  git archive HEAD | tar -x -C "$folder"
  cmake -S "$folder" -B "$folder/build" -G Ninja -DCMAKE_CXX_COMPILER=g++ -DREADYCTL_TESTS=OFF >/dev/null
  ninja -C "$folder/build" readyctl
done

sha256sum "$scratch/one/build/src/readyctl" "$scratch/another/further/down/build/src/readyctl"
cmp "$scratch/one/build/src/readyctl" "$scratch/another/further/down/build/src/readyctl"
echo "The two are the same."
