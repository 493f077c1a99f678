//! Reads the tracked files and fails on what the house rules forbid.
