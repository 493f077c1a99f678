//! The engine, as data.
