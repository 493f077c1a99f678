//! The one binary `sojourn`: configuration and commands. It decides nothing about money.

fn main() {}
