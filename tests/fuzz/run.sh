#!/usr/bin/env bash
# Builds every fuzz target and runs each over its seeds, two at a time: for some seconds (5 unless said), or for a number
# of inputs, which with FUZZ_SEED are the same on a fast machine and on a slow one. Prints what each executed; fails when
# one finds something, and leaves the input that did it in tests/fuzz/findings.
#
#     tests/fuzz/run.sh [SECONDS_PER_TARGET | INPUTS_PER_TARGETx] [TARGET …]
#
# An input is run again by giving it to its target, which is one of its room's program:
# FUZZ_TARGET=json build/sanitized/tests/fuzz/fuzz_base tests/fuzz/findings/json-…
set -euo pipefail
cd "$(dirname "$0")/../.."

case ${1:-5} in
  *x) limit=-runs=${1%x} ;;
  *) limit=-max_total_time=${1:-5} ;;
esac
seed=${FUZZ_SEED:-0}  # 0: another one each time; a change waits for the same inputs as the one before it
shift || true
build=build/sanitized

cmake -S . -B "$build" -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DREADYCTL_SANITIZE=ON -DREADYCTL_FUZZ=ON >/dev/null
ninja -C "$build" fuzz

programs=$build/tests/fuzz/programs.txt
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cut -d' ' -f1 "$programs")

findings=$PWD/tests/fuzz/findings
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$findings"

# What damaged input reaches is no coverage by tests.
export LLVM_PROFILE_FILE=/dev/null

run_target() {
  local name=$1 log=$scratch/$1.log corpus=$scratch/$1 program
  program=$(sed -n "s/^$1 //p" "$programs")
  [ -n "$program" ] || { printf '%-24s is no target\n' "$name"; return 1; }
  mkdir "$corpus"
  # Inputs that reach something new go into the first folder, so that the seeds stay as they are. Naming the functions
  # that are reached (print_funcs) would take longer than reaching them.
  if FUZZ_TARGET=$name "$build/tests/fuzz/$program" -seed="$seed" "$limit" -timeout=10 -rss_limit_mb=1024 -max_len=8192 \
       -print_funcs=0 -print_final_stats=1 -artifact_prefix="$findings/$name-" \
       "$corpus" "tests/fuzz/seeds/$name" >"$log" 2>&1; then
    printf '%-24s %10s executions, %7s a second\n' "$name" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
      "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")"
  else
    printf '%-24s FOUND SOMETHING\n' "$name"
    grep -v '^#' "$log" | tail -n 60
    return 1
  fi
}
export -f run_target
export build programs limit seed findings scratch

printf '%s\n' "${targets[@]}" | xargs -P 2 -I {} bash -c 'run_target {}'
