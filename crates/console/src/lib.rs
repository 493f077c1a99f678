//! HTML for people: one page a file.
