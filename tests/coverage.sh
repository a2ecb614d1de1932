#!/usr/bin/env bash
# Prints which share of each room's lines the tests ran, and fails where it is below what the room must reach. Adds up
# what the programs of build/sanitized left in build/sanitized/coverage while LLVM_PROFILE_FILE named that folder, as
# tests/run.sh does.
#
#     tests/coverage.sh [FILE …]     with files of src: their lines that no test ran, too
set -euo pipefail
cd "$(dirname "$0")/.."
build=$PWD/build/sanitized

llvm-profdata-19 merge --sparse -o "$build/coverage/all.profdata" "$build"/coverage/*.profraw
programs=("$build/src/readyctl")
for program in "$build"/tests/*/test_*; do [ -f "$program" ] && [ -x "$program" ] && programs+=(-object "$program"); done

status=0
llvm-cov-19 export -summary-only -instr-profile "$build/coverage/all.profdata" "${programs[@]}" -ignore-filename-regex '/tests/|/usr/' 2>/dev/null |
  jq -r --arg root "$PWD/src/" '
    [.data[0].files[] | select(.filename | startswith($root))
      | {room: (.filename[($root | length):] | split("/") | if length > 1 then .[0] else "main" end), of: .summary.lines}]
    | group_by(.room)[]
    | {room: .[0].room, all: (map(.of.count) | add), run: (map(.of.covered) | add)}
    | [.room, .run, .all] | @tsv' |
  awk -F '\t' '
    BEGIN { least["solana"] = least["attest"] = least["engine"] = 95 }
    {
      must = ($1 in least) ? least[$1] : 85
      share = 100 * $2 / $3
      printf "%-8s %6.2f %% of %5d lines, at least %d %%%s\n", $1, share, $3, must, share < must ? "   TOO FEW" : ""
      if (share < must) failed = 1
    }
    END { exit failed || NR == 0 }' || status=1

for file in "$@"; do
  llvm-cov-19 show -instr-profile "$build/coverage/all.profdata" "${programs[@]}" "$PWD/$file" 2>/dev/null |
    awk -F '|' -v file="$file" '$2 ~ /^ *0$/ { printf "%s:%d:%s\n", file, $1, substr($0, index($0, $3)) }'
done
exit "$status"
