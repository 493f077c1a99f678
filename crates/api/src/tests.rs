//! The API over a real engine.
