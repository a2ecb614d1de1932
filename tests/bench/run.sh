#!/usr/bin/env bash
# Measures readyctl against floors, and prints ratios. Expects build/release, as tests/run.sh and examples/run.sh make it.
set -euo pipefail
cd "$(dirname "$0")/../.."
trivial=$(mktemp)
trap 'rm -f "$trivial"' EXIT
echo 'int main() { return 0; }' | g++ -x c++ -O2 - -o "$trivial" -Wl,--no-as-needed -lcurl -lgit2 -lzstd -lcrypto -lspdlog -lfmt
cd tests/localnet
READYCTL="$OLDPWD/build/release/src/readyctl" TRIVIAL="$trivial" node_modules/.bin/node ../bench/bench.mjs
