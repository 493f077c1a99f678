#!/usr/bin/env bash
# Compares decoding and encoding of the same payloads with libraries from npm, in one run on this machine.
#
#   benches/qr/compare.sh                  nanoseconds
#   benches/qr/compare.sh --instructions   also instructions, counted by valgrind (some minutes)
#
# Needs cargo, node and npm, and for instructions valgrind. The libraries are installed into a temporary directory.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
payloads=$here/payloads.txt
libraries=(promptparse@1.6.0 emv-qrcps@0.0.7 steplix-emv-qrcps@0.0.8)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm init --yes >/dev/null 2>&1 && npm install --silent --no-audit --no-fund "${libraries[@]}" 2>/dev/null)
cargo build --quiet --release --manifest-path "$root/Cargo.toml" --package qr --example measure
ours=${CARGO_TARGET_DIR:-$root/target}/release/examples/measure

# Lines "library operation payload number" on standard input become a table with our number beside each.
table() {
  awk -v unit="$1" '
    { number[$1, $2, $3] = $4; if ($1 != "ours") order[++rows] = $0 }
    END {
      printf "%-20s %-8s %-8s %12s %12s %8s\n", "library", "work", "payload", "its " unit, "our " unit, "times"
      for (row = 1; row <= rows; row++) {
        split(order[row], cell, " ")
        own = number["ours", cell[2], cell[3]]
        if (own == "") continue
        times = cell[4] / own
        printf "%-20s %-8s %-8s %12.0f %12.0f %8.1f\n", cell[1], cell[2], cell[3], cell[4], own, times
        sum[cell[1] " " cell[2]] += log(times); count[cell[1] " " cell[2]]++
      }
      print ""
      for (row = 1; row <= rows; row++) {
        split(order[row], cell, " "); key = cell[1] " " cell[2]
        if (key in count) { printf "%-29s %.1f times on the geometric mean\n", key, exp(sum[key] / count[key]); delete count[key] }
      }
    }'
}

echo "Payloads: 0 order code, 1 SGQR label, 2 the example of EMVCo's annex, 3 PromptPay transfer"
echo "$(rustc --version), node $(node --version), $(uname -m), load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown)"
echo
{ "$ours" time "$payloads"; (cd "$work" && node "$here/libraries.mjs" time "$payloads"); } | table ns

[ "${1:-}" = --instructions ] || exit 0

# Instructions of one round: the difference of two numbers of rounds, so that starting and warming up cancel out.
count() {
  local few=$1 many=$2 low high
  shift 2
  low=$(collected "${@/ROUNDS/$few}")
  high=$(collected "${@/ROUNDS/$many}")
  echo $(((high - low) / (many - few)))
}
collected() {
  (cd "$work" && valgrind --tool=callgrind --smc-check=all-non-file --callgrind-out-file=/dev/null "$@" 2>&1) |
    awk '/Collected/ { print $4 }'
}
echo
for operation in decode encode; do
  for payload in 0 3; do
    echo ours $operation $payload "$(count 100 1100 "$ours" count $operation $payload ROUNDS "$payloads")"
    for library in "${libraries[@]%@*}"; do
      echo "$library" $operation $payload \
        "$(count 10000 20000 node --single-threaded "$here/libraries.mjs" count "$library" $operation $payload ROUNDS "$payloads")"
    done
  done
done | table instr
