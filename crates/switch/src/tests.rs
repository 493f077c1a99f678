//! The switch over a small network, as data.
