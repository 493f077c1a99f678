//! Rules about single files: their length, their opening words, and words that must not be in them.

use crate::files::{File, root, tracked};

/// Lines of a source file. The aim is 300; beyond this there is surely a seam.
const FILE_LINES_MAX: usize = 600;
/// Lines of a function, its signature and last brace included. The aim is 70.
const FUNCTION_LINES_MAX: usize = 90;
/// Functions that are tables: long because there is much to list, not because much happens.
const TABLES: &[&str] = &["crates/advice/src/profile/questions.rs"];

fn sources() -> Vec<File> {
    let mut files = tracked(&[".rs"]);
    files.retain(|file| !file.path.starts_with("crates/tidy/"));
    files
}

fn report(broken: Vec<String>) {
    assert!(broken.is_empty(), "{} places break a house rule:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn source_files_are_short_and_say_what_they_are_for() {
    let mut broken = Vec::new();
    for file in sources().iter().filter(|file| !file.path.contains("fuzz")) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX && !file.is_test() {
            broken.push(format!("{}: {lines} lines, more than {FILE_LINES_MAX}", file.path));
        }
        if !file.text.starts_with("//!") && !file.is_test() {
            broken.push(format!("{}: does not open with a sentence on what it is for", file.path));
        }
    }
    report(broken);
}

#[test]
fn functions_are_short() {
    let mut broken = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test() && !TABLES.contains(&file.path.as_str())) {
        for (name, line, lines) in functions(&file.text) {
            if lines > FUNCTION_LINES_MAX {
                broken.push(format!(
                    "{}:{line}: {name} has {lines} lines, more than {FUNCTION_LINES_MAX}",
                    file.path
                ));
            }
        }
    }
    report(broken);
}

/// Name, first line and length of each function, as formatted code shows them: from `fn` to the brace that closes at
/// the same indentation.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let indentation = line.len() - line.trim_start().len();
        let words = line.trim_start();
        let begins =
            ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "async fn ", "pub async fn ", "const fn "];
        let Some(begin) = begins.iter().find(|begin| words.starts_with(**begin)) else { continue };
        let name: String = words[begin.len()..]
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect();
        let closes = |line: &&str| line.starts_with('}') || line.ends_with(" }") || line.ends_with(';');
        let ends = |line: &&str| {
            let own = line.len() > indentation && line.len() - line.trim_start().len() == indentation;
            own && closes(&&line[indentation..])
        };
        let end = lines[number..].iter().position(ends);
        if let Some(end) = end {
            found.push((name, number + 1, end + 1));
        }
    }
    found
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TODO", "FIXME", "unimplemented!", "todo!", "dbg!", "#[ignore]"];
    let mut broken = Vec::new();
    for file in sources().iter().chain(&tracked(&[".toml", ".py", ".js", ".html", ".css", ".sh"])) {
        for (number, line) in file.text.lines().enumerate().filter(|_| !file.path.starts_with("crates/tidy/"))
        {
            broken.extend(
                words
                    .iter()
                    .filter(|word| line.contains(**word))
                    .filter(|_| !line.contains("todo = "))
                    .map(|word| format!("{}:{}: {word}", file.path, number + 1)),
            );
        }
    }
    report(broken);
}

#[test]
fn modules_are_named_after_something() {
    let nobodys = ["utils", "util", "helpers", "helper", "common", "types", "manager", "misc"];
    let named_so = |file: &File| file.path.split(['/', '.']).any(|part| nobodys.contains(&part));
    report(sources().iter().filter(|file| named_so(file)).map(|file| file.path.clone()).collect());
}

#[test]
fn every_crate_is_on_the_map() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap_or_default();
    let crates = std::fs::read_dir(root().join("crates")).expect("the crates are where they are");
    let names = crates.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let missing = names.filter(|name| !map.contains(&format!("`{name}`")));
    report(missing.map(|name| format!("ARCHITECTURE.md does not say what `{name}` is for")).collect());
}

#[test]
fn functions_are_measured() {
    let text = "fn a() {\n    x();\n}\n\nimpl B {\n    pub fn b(\n        &self,\n    ) -> u8 {\n        1\n    }\n}\n";
    assert_eq!(functions(text), [("a".to_owned(), 1, 3), ("b".to_owned(), 6, 5)]);
}
