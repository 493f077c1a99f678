//! What commands print. A reader that is gone, as in `… | head`, is neither a failure nor a panic: the process ends
//! quietly, or goes on without a word where others depend on it. Knows no command.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// The status with which a process ends whose reader is gone: what shells report of any program that SIGPIPE ends.
pub const READER_GONE: i32 = 128 + 13;

static GOES_ON: AtomicBool = AtomicBool::new(false);

/// From here on the process outlives its reader: it serves others, or has processes of its own to end. What it prints
/// goes nowhere then.
pub fn outlive_reader() {
    GOES_ON.store(true, Ordering::Relaxed);
}

/// Standard output. Writing fails only for reasons other than a reader that is gone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outlet;

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().lock().write(bytes).or_else(|error| gone(error, bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().lock().flush().or_else(|error| gone(error, ()))
    }
}

fn gone<T>(error: io::Error, instead: T) -> io::Result<T> {
    match error.kind() {
        ErrorKind::BrokenPipe if GOES_ON.load(Ordering::Relaxed) => Ok(instead),
        ErrorKind::BrokenPipe => std::process::exit(READER_GONE),
        _ => Err(error),
    }
}

/// What [`println!`] and [`print!`] are made of. That a disk is full is said on standard error, once it is.
pub fn print(text: Arguments<'_>, end: &str) {
    if let Err(error) = Outlet.write_all(format!("{text}{end}").as_bytes()) {
        let _ = writeln!(io::stderr(), "error: writing to standard output: {error}");
        std::process::exit(1);
    }
}

/// Prints a line, as the standard library's macro of this name does, but for a reader that is gone. To be in force for
/// a whole crate it is named at the crate's root: `#[macro_use] extern crate outlet;`.
#[macro_export]
macro_rules! println {
    () => { $crate::print(::std::format_args!(""), "\n") };
    ($($text:tt)*) => { $crate::print(::std::format_args!($($text)*), "\n") };
}

/// Prints without ending the line. See [`println!`].
#[macro_export]
macro_rules! print {
    ($($text:tt)*) => { $crate::print(::std::format_args!($($text)*), "") };
}
