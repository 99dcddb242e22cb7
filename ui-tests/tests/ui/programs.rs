//! Finds the programs on disk. Reads none of them.

use std::fs;
use std::path::{Path, PathBuf};

/// The programs of `folder`, in the order of their names.
pub(crate) fn of(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{} cannot be read: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "rs"));
    paths.sort();
    paths
}

/// The file's name without its end: the mistake.
pub(crate) fn name(path: &Path) -> String {
    path.file_stem().expect("a file's name").to_string_lossy().into_owned()
}

#[test]
fn there_are_enough_of_them() {
    assert!(of("fail").len() >= 40, "mistakes");
    assert!(of("pass").len() >= 30, "programs that are right");
}

#[test]
fn each_one_is_as_strict_as_a_careful_user() {
    for path in of("fail").into_iter().chain(of("pass")) {
        let text = fs::read_to_string(&path).expect("a readable program");
        assert!(text.contains("#![deny(warnings, missing_docs, unreachable_pub)]"), "{}", path.display());
        assert!(!text.contains("allow("), "{} allows something", path.display());
    }
}
