//! Judges one payment from facts. Does not know how payments live.
