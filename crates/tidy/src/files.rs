//! The tracked files of this checkout.

use std::path::PathBuf;
use std::process::Command;

/// A tracked text file.
pub(crate) struct File {
    /// Relative to the root, with slashes.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

impl File {
    /// Whether it is code that only tests run.
    pub(crate) fn is_test(&self) -> bool {
        let test_folder =
            |part: &str| matches!(part, "tests" | "tests.rs" | "benches" | "fuzz" | "fuzz_targets");
        self.path.split('/').any(test_folder)
    }
}

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every tracked or new file with one of these endings that is text. Empty outside a git checkout, as in an unpacked
/// archive: then the rules have nothing to say.
pub(crate) fn tracked(endings: &[&str]) -> Vec<File> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let Ok(listed) = listed else { return Vec::new() };
    let paths = String::from_utf8_lossy(&listed.stdout).into_owned();
    let wanted = paths.split('\0').filter(|path| endings.iter().any(|ending| path.ends_with(ending)));
    let read = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some(File { path: path.to_owned(), text })
    };
    wanted.filter_map(read).collect()
}
