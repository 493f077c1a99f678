//! The loop with real storage in memory.
