//! A framed, checksummed, hash-chained append-only log over a Storage trait. Does not know what the bytes mean.
