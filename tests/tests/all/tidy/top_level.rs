//! The top of the repository holds the members and the usual files, nothing else.

use super::table::TOP_LEVEL;
use penguiflow_tests::metadata::root;
use std::fs;

/// Names that stand there but are no part of the repository.
const NOT_OURS: &[&str] = &[".git", "target"];

fn strangers(names: &[String]) -> Vec<&String> {
    let known = |name: &str| TOP_LEVEL.contains(&name) || NOT_OURS.contains(&name);
    names.iter().filter(|name| !known(name)).collect()
}

#[test]
fn nothing_else_lies_at_the_top() {
    let entries = fs::read_dir(root()).expect("a readable root");
    let names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(strangers(&names), Vec::<&String>::new(), "the tidy table lists what may lie at the top");
}

#[test]
fn a_stranger_at_the_top_is_refused() {
    let names = ["penguiflow", "notes.txt", "src", "Cargo.toml"].map(str::to_owned);
    assert_eq!(strangers(&names), ["notes.txt", "src"]);
}
