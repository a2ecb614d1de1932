#!/usr/bin/env bash
# Installs what the tests need, builds readyctl twice (GCC, optimised; Clang, with ASan and UBSan), and runs
# everything, a few seconds of fuzzing included.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$1"; }

say "Installing what is missing of Debian's packages: some minutes, the first time"
cmake/packages.sh tests

say "Installing the localnet's packages from npm, which says nothing until it is done: about a minute"
(cd tests/localnet && npm ci --silent --no-audit --no-fund)

say "Format, and the rules of clang-tidy"
git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 --dry-run --Werror
# Where it cannot read its rules, clang-tidy goes on with its own, and ends with 0.
rules=$(clang-tidy-19 --verify-config 2>&1 || true)
[ "$rules" = "No config errors detected." ] || { echo "$rules" >&2; exit 1; }

say "GCC, optimised: the binary that people use, and random mixes of faults"
cmake -S . -B build/release -G Ninja -DCMAKE_CXX_COMPILER=g++ -DREADYCTL_TESTS=properties >/dev/null
ninja -C build/release
ctest --test-dir build/release --output-on-failure --no-tests=error -j 2

say "Clang, with sanitizers"
cmake -S . -B build/sanitized -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DREADYCTL_SANITIZE=ON \
      -DREADYCTL_FUZZ=ON -DREADYCTL_COVERAGE=ON -DREADYCTL_BINARY="$PWD/build/release/src/readyctl" >/dev/null
ninja -C build/sanitized

say "Clang, with sanitizers: every parser on damaged input"
FUZZ_SEED=1 tests/fuzz/run.sh 4000x

say "Clang, with sanitizers: every test"
rm -rf build/sanitized/coverage
export LLVM_PROFILE_FILE="$PWD/build/sanitized/coverage/%4m.profraw"
ctest --test-dir build/sanitized --output-on-failure --no-tests=error -j 2

say "Lines that the tests ran"
tests/coverage.sh
