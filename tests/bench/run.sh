#!/usr/bin/env bash
# Measures readyctl against floors, and prints ratios. Expects build/release, as tests/run.sh and examples/run.sh make it.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
echo 'int main() { return 0; }' | g++ -x c++ -O2 - -o "$programs/trivial" -Wl,--no-as-needed -lcurl -lgit2 -lzstd -lcrypto -lspdlog -lfmt
g++ -O2 tests/bench/floor.cpp -o "$programs/floor" -lcurl -lzstd -lcrypto
g++ -O2 tests/bench/measure.cpp -o "$programs/measure"
export READYCTL="$PWD/build/release/src/readyctl" TRIVIAL="$programs/trivial" FLOOR="$programs/floor" MEASURE="$programs/measure"
cd tests/localnet
node_modules/.bin/node ../bench/bench.mjs
node_modules/.bin/node ../bench/large.mjs
node_modules/.bin/node ../bench/history.mjs
# Resolvers and addresses that never answer need namespaces, which only root may make.
unshare --net --mount node_modules/.bin/node ../bench/overrun.mjs
