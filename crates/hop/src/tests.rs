//! One hop over a real socket.
