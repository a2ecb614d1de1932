#!/usr/bin/env bash
# Installs what readyctl is built with and what its example runs on, from Debian 12's packages; with "build" the first
# alone, and with "tests" also what it is tested with.
# Does nothing where everything is there already, so that it can be run without root then.
set -euo pipefail

build=(g++ cmake ninja-build ccache pkg-config libcurl4-openssl-dev libssl-dev libgit2-dev libpsl-dev libzstd-dev libwslay-dev zlib1g-dev libspdlog-dev
       nlohmann-json3-dev libcli11-dev libexpected-dev ca-certificates)
# The localnet of the example and the tests runs on Node; Debian's npm brings the newer Node that it needs.
localnet=(npm nodejs git)
tests=(catch2 clang-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev lld-19 llvm-19 openssl curl jq iproute2 util-linux strace locales)

case "${1:-}" in
  build) wanted=("${build[@]}") ;;
  "") wanted=("${build[@]}" "${localnet[@]}") ;;
  tests) wanted=("${build[@]}" "${localnet[@]}" "${tests[@]}") ;;
  *) echo "usage: cmake/packages.sh [build|tests]" >&2; exit 64 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  case "$package" in
    npm) command -v npm >/dev/null && continue ;;
    nodejs) command -v node >/dev/null && continue ;;
  esac
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

sudo=""
[ "$(id -u)" -eq 0 ] || sudo="sudo"
echo "Installing: ${missing[*]}"
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
