#!/usr/bin/env bash
# Decides a release on a machine with nothing but Debian 12: installs, builds, starts a cluster of its own, shows a GO
# and a NO-GO, signs, verifies and replays. No account, no key and no internet but the package registries. What it made
# stays in build/example; with --keep the clusters stay up too, until Enter is pressed.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

say() { printf '\n\033[1m# %s\033[0m\n' "$1" | { [ -t 1 ] && cat || sed 's/\x1b\[[0-9;]*m//g'; }; }
show() { printf '$ readyctl %s\n' "$*"; }

say "Installing what is missing of Debian's packages: a minute or two, the first time"
cmake/packages.sh
say "Installing the localnet's packages from npm, which says nothing until it is done: about a minute"
(cd tests/localnet && npm ci --silent --no-audit --no-fund)
say "Building build/release/src/readyctl: some minutes, the first time"
cmake -S . -B build/release -G Ninja -DREADYCTL_TESTS=OFF >/dev/null
ninja -C build/release
readyctl="$root/build/release/src/readyctl"

say "Starting two clusters in build/example, one healthy and one broken: about half a minute"
work="$root/build/example"
rm -rf "$work"
mkdir -p "$work"
mkfifo "$work/stop"
tests/localnet/node_modules/.bin/node tests/localnet/cluster.mjs --out "$work/healthy" <"$work/stop" >"$work/healthy.ready" &
exec 8>"$work/stop"
mkfifo "$work/stop2"
tests/localnet/node_modules/.bin/node tests/localnet/cluster.mjs --out "$work/broken" --variant authority-deployer \
  <"$work/stop2" >"$work/broken.ready" &
exec 9>"$work/stop2"
trap 'exec 8>&- 9>&-; wait; rm -f "$work"/*.ready "$work"/stop*' EXIT
until [ -s "$work/healthy.ready" ] && [ -s "$work/broken.ready" ]; do
  read -r -t 0.2 <>"$work/stop" || true
done

packs=(gates/*.gates.json examples/vault-program/vault-program.gates.json)

say "A key to sign with"
show keygen operator.pem
"$readyctl" keygen "$work/operator.pem"
public=$(openssl pkey -in "$work/operator.pem" -pubout | awk '{printf "%s\\n", $0}')

say "A release as it should be: GO"
show run "${packs[@]}" --release healthy/release.json --endpoints healthy/endpoints.json --phase post-deploy --key operator.pem --report report.json
"$readyctl" run "${packs[@]}" --release "$work/healthy/release.json" --endpoints "$work/healthy/endpoints.json" \
  --phase post-deploy --key "$work/operator.pem" --report "$work/report.json"

say "The same release, but one key can replace the program: NO-GO"
show run "${packs[@]}" --release broken/release.json --endpoints broken/endpoints.json --phase post-deploy --key operator.pem --report no-go.json
status=0
"$readyctl" run "${packs[@]}" --release "$work/broken/release.json" --endpoints "$work/broken/endpoints.json" \
  --phase post-deploy --key "$work/operator.pem" --report "$work/no-go.json" || status=$?
echo "exit status $status"
[ "$status" -eq 1 ]

say "An auditor who trusts that key, and those packs, verifies the GO"
{
  printf '{"apiVersion":"readyctl.trust/v1","keys":[{"name":"operator","key":"%s","roles":["release"]}],' "$public"
  printf '"report":{"threshold":1,"roles":["release"]},"packs":'
  "$readyctl" lint "${packs[@]}" --packs
  printf '}\n'
} >"$work/trust.json"
show verify report.json --trust trust.json
"$readyctl" verify "$work/report.json" --trust "$work/trust.json"

say "And decides it again from the evidence, with no network"
show replay report.json
"$readyctl" replay "$work/report.json" | tail -n 2

say "With internet access: what is behind an address on mainnet"
echo 'readyctl inspect SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf --rpc public=https://api.mainnet-beta.solana.com'

say "What it made stays in build/example"
echo 'export PATH="$PWD/build/release/src:$PATH"; cd build/example; readyctl show no-go.json'
if [ "${1:-}" = --keep ]; then
  say "The clusters stay up: press Enter here to stop them"
  echo "Releases, endpoints, reports, key and trust file are in $work; healthy/ and broken/ are the two releases."
  echo 'Try them from another terminal. Ctrl-C stops the clusters too; without them, replay and verify still work.'
  read -r _
fi
