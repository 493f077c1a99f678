# The same as continuous integration.
ci:
    .ci/run

# Every test.
test:
    cargo test --workspace --exclude chain --exclude consensus

# Formatting and lints.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --exclude chain --exclude consensus --all-targets -- -D warnings

# The whole network on this machine.
demo:
    cargo run --release -- demo

# Four validators and a payment network on this machine, and the life of a certificate; builds the consensus engine first.
chain:
    cargo run --release -p node --features chain -- chain demo

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
