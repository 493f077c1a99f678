#!/bin/sh
# The same bits from any number of threads, from the dev and the release build, and with wider registers:
#   benches/advice/bits.sh
# Prints one digest a line and fails if two differ.
set -eu
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
digests=$(mktemp)
trap 'rm -f "$digests"' EXIT
say() {
    digest=$("$2" "$3")
    echo "$1, $3 threads: $digest"
    echo "$digest" >>"$digests"
}
cargo build -q -p advice --example bits
for threads in 1 2 5; do say "dev" "$target/debug/examples/bits" $threads; done
cargo build -q --release -p advice --example bits
for threads in 1 2 5; do say "release" "$target/release/examples/bits" $threads; done
if grep -q avx2 /proc/cpuinfo 2>/dev/null; then
    RUSTFLAGS="-C target-cpu=x86-64-v3" cargo build -q --release -p advice --example bits --target-dir "$target/wide"
    say "release with AVX2" "$target/wide/release/examples/bits" 2
fi
test "$(sort -u "$digests" | wc -l)" -eq 1 || { echo "digests differ"; exit 1; }
echo "equal bit for bit"
