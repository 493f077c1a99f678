//! What appending and committing costs.
fn main() {}
