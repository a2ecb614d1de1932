#!/usr/bin/env bash
# Decides a release on a machine with nothing but Debian 12, from before its members approve it until after it is
# deployed: installs, builds, starts a cluster of its own, shows a GO in each phase and a NO-GO, signs, verifies and
# replays. No account, no key and no internet but the package registries.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=build/example

usage() {
  cat <<END
usage: examples/run.sh [--keep]

Installs what is missing of Debian's and npm's packages, builds build/release/src/readyctl, and decides a release on a
cluster of its own. What it makes is left in $work. A later run removes that again if nothing in it was
changed or added, and otherwise moves it aside first.

  --keep   leave the cluster up, so that the commands it showed can be tried, until Enter is pressed or SIGTERM comes
END
}

keep=no
for argument in "$@"; do
  case "$argument" in
    --keep) keep=yes ;;
    -h | --help) usage; exit 0 ;;
    *) printf 'examples/run.sh: "%s" is no option of it\n\n' "$argument" >&2; usage >&2; exit 64 ;;
  esac
done

say() { printf '\n\033[1m# %s\033[0m\n' "$1" | { [ -t 1 ] && cat || sed 's/\x1b\[[0-9;]*m//g'; }; }
# Shows a command and runs just that, here in the folder of the repository.
try() { printf '$ %s\n' "$1"; eval "$1"; }
digests() { (cd "$work" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }

say "Installing what is missing of Debian's packages: a minute or two, the first time"
cmake/packages.sh
say "Installing the localnet's packages from npm, which says nothing until it is done: about a minute"
(cd tests/localnet && npm ci --silent --no-audit --no-fund)
say "Building build/release/src/readyctl: some minutes, the first time"
cmake -S . -B build/release -G Ninja -DREADYCTL_TESTS=OFF >/dev/null
ninja -C build/release

if [ -e "$work" ]; then
  if [ -f "$work.made" ] && [ "$(digests)" = "$(cat "$work.made")" ]; then
    rm -r "$work"
  else
    aside="$work.until-$(date +%Y%m%dT%H%M%S)"
    mv "$work" "$aside"
    say "$work holds what no run of this made: it is now $aside"
  fi
fi
rm -f "$work.made"
mkdir -p "$work"

say "Starting a cluster for each moment of the release: about half a minute"
coproc tests/localnet/node_modules/.bin/node tests/localnet/cluster.mjs --out "$work/pre-approve" --variant upgrade-active \
  --also upgrade-approved="$work/pre-execute" --also healthy="$work/post-deploy" --also authority-deployer="$work/broken"
cluster=$COPROC_PID
exec 8<&"${COPROC[0]}" 9>&"${COPROC[1]}"
eval "exec ${COPROC[0]}<&- ${COPROC[1]}>&-"
trap 'exec 9>&-; wait' EXIT
for folder in pre-approve pre-execute post-deploy broken; do
  read -r _ <&8 || { echo "examples/run.sh: the cluster ended before it could be asked" >&2; exit 70; }
  echo "$work/$folder: release.json, its artifact and checkout, and endpoints.json"
done

say "All commands below run here, in $root, and can be pasted"
try 'export PATH="$PWD/build/release/src:$PATH"'

say "A key to sign with"
try "readyctl keygen $work/operator.pem | tee $work/operator.txt"

packs='gates/*.gates.json examples/vault-program/vault-program.gates.json'
# What lies before the members, and the buffer that it names.
proposed='--set transaction=5 --set buffer=Dy3jGcpUHTMKS7KUgh4RZB2ERaWGGFdngXZ7Mfou96w'

say "The release is frozen. On its pull request files and git are looked at, and nothing else"
try "readyctl run $packs \\
    --release $work/pre-approve/release.json \\
    --phase pull-request --unsigned | sed -n 1,3p"

say "The upgrade is proposed and its buffer staged. May members approve it? (The first lines; the report has them all)"
try "readyctl run $packs \\
    --release $work/pre-approve/release.json --endpoints $work/pre-approve/endpoints.json \\
    --phase pre-approve $proposed \\
    --key $work/operator.pem --report $work/pre-approve.json | sed -n 1,2p"

say "They did, and the time lock of two days is over. May it be executed?"
try "readyctl run $packs \\
    --release $work/pre-execute/release.json --endpoints $work/pre-execute/endpoints.json \\
    --phase pre-execute $proposed --previous $work/pre-approve.json \\
    --key $work/operator.pem --report $work/pre-execute.json | sed -n 1,2p"

say "It was executed. Is what runs now the release? (The whole report)"
try "readyctl run $packs \\
    --release $work/post-deploy/release.json --endpoints $work/post-deploy/endpoints.json \\
    --phase post-deploy --previous $work/pre-execute.json \\
    --key $work/operator.pem --report $work/report.json"

say "The same release, but one key can replace the program: NO-GO"
status=0
try "readyctl run $packs \\
    --release $work/broken/release.json --endpoints $work/broken/endpoints.json \\
    --phase post-deploy --key $work/operator.pem --report $work/no-go.json" || status=$?
echo "exit status $status"
[ "$status" -eq 1 ]

say "An auditor who trusts that key, and those packs, verifies the GO"
try "printf '{\"apiVersion\":\"readyctl.trust/v1\",\"keys\":[%s],\"report\":{\"threshold\":1,\"roles\":[\"release\"]},\"packs\":%s}\\n' \\
    \"\$(tail -n 1 $work/operator.txt)\" \"\$(readyctl lint $packs --packs)\" > $work/trust.json"
try "readyctl verify $work/report.json --trust $work/trust.json --phase post-deploy"

say "And decides it again from the evidence, with no network"
try "readyctl replay $work/report.json | tail -n 2"

digests >"$work.made"
say "What it made stays in $work: releases, endpoints, reports with their evidence, the key and the trust file"
if [ "$keep" = yes ]; then
  echo "The cluster stays up, for commands in another terminal: press Enter here to stop it."
  echo "Without it replay, show and verify still work."
  trap 'exit 0' INT TERM
  if ! read -r _; then
    echo "Standard input has ended: the cluster stays up until SIGTERM comes to process $$."
    wait "$cluster"
  fi
fi
