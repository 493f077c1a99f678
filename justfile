# The same as continuous integration.
ci:
    .ci/run

# Every test.
test:
    cargo test --workspace

# Formatting and lints.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# The whole network on this machine.
demo:
    cargo run --release -- demo

# More seeds than the tests run.
simulate seeds="0..10000":
    cargo run --release -- simulate --seeds {{seeds}}

# Figures, to be read as ratios on one machine.
bench:
    cargo bench -p engine
    cargo bench -p ledger
    cargo bench -p journal
    cargo bench -p wire

# Licences, advisories and sources of every dependency (needs cargo-deny).
deny:
    cargo deny check
