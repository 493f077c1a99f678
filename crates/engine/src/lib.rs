//! Switch, directory, book and notices as one deterministic whole: turn, record, recover. Does not know the outside.
