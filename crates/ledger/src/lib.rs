//! The double-entry book: accounts, reserve, post, void, linked batches. Does not know why money moves.
