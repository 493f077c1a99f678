//! A reader that is gone is neither a panic nor an error: a command that is nothing but its output ends quietly, one that
//! others depend on goes on to its own end.

use std::fs::File;
use std::process::{Command, Output, Stdio};

/// As shells report a program that SIGPIPE ended.
const READER_GONE: i32 = 141;

/// Runs the binary with nobody at the other end of its output.
fn unread(words: &str) -> Output {
    let (reader, writer) = std::io::pipe().expect("the system has pipes");
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_sojourn"));
    command.args(words.split(' ')).stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped());
    command.spawn().expect("the binary starts").wait_with_output().expect("it ends")
}

#[test]
fn a_reader_that_is_gone_ends_a_command_quietly() {
    let directory = std::env::temp_dir().join(format!("sojourn-unread-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let new = format!("init {}/new", directory.display());
    let example = format!("advise example {}/example", directory.display());
    let commands = [
        "simulate --seeds 3..4",
        "simulate --seeds 3..4 --trace",
        "qr lint 00020101021226280009com.p2pqr",
        "qr lint --text 00020101021226280009com.p2pqr",
        &new,
        &example,
    ];
    for words in commands {
        let ended = unread(words);
        let said = String::from_utf8_lossy(&ended.stderr);
        let quiet = !said.contains("panicked") && !said.contains("error");
        assert!(ended.status.code() == Some(READER_GONE) && quiet, "{words}: {:?} {said}", ended.status);
    }
    let made = ["new", "example"].map(|name| directory.join(name).is_dir());
    assert_eq!(made, [true, true], "what was to be made was made before anything was said");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn what_cannot_be_written_for_another_reason_is_an_error() {
    // Always full (null(4)).
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let mut command = Command::new(env!("CARGO_BIN_EXE_sojourn"));
    let ended =
        command.args(["simulate", "--seeds", "3..4"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: writing to standard output"), "{said}");
}
