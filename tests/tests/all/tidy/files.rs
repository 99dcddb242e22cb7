//! How a file looks: its first line, its name, its length, its line ends.

use super::source::{Source, repository};
use super::{Finding, assert_clean, rows};

const LINES_MAX: usize = 600;

fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines: Vec<&str> = source.text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    for (at, line) in lines.iter().enumerate() {
        if line.ends_with([' ', '\t']) {
            findings.push(Finding::new(source, at + 1, "blanks at the end of the line"));
        }
    }
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        findings.push(Finding::new(source, lines.len(), "no line break at the end of the file"));
    }
    if source.path.ends_with(".rs") && !source.is_fixture() {
        findings.extend(rust(source, &lines));
    }
    findings
}

fn rust(source: &Source, lines: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if lines[0].strip_prefix("//!").is_none_or(|rest| rest.trim().is_empty()) {
        findings.push(Finding::new(
            source,
            1,
            "the first line says with `//!` what the file owns and what it must not know",
        ));
    }
    if source.path.ends_with("/mod.rs") {
        findings.push(Finding::new(source, 1, "no `mod.rs`: `foo.rs` stands beside the folder `foo/`"));
    }
    let count = source.text.lines().count();
    if count > LINES_MAX && !source.may_be_long() {
        findings.push(Finding::new(source, LINES_MAX, format!("{count} lines; past {LINES_MAX} it is two files")));
    }
    findings
}

#[test]
fn files_look_alike() {
    assert_clean(&repository().iter().flat_map(check).collect::<Vec<_>>());
}

#[cfg(test)]
fn found(path: &str, text: &str) -> Vec<String> {
    rows(&check(&Source::fixture(path, text)))
}

#[test]
fn each_fault_of_a_file_is_told() {
    assert_eq!(found("a/src/b.rs", "//! Owns b.\nfn f() {}\n"), Vec::<String>::new());
    assert_eq!(found("a/src/b.rs", "//!\nfn f() {} \n").len(), 2);
    assert_eq!(found("a/src/b.rs", "fn f() {}\n").len(), 1);
    assert_eq!(found("a/src/b/mod.rs", "//! Owns b.\n").len(), 1);
    assert_eq!(found("a/src/b.rs", "//! Owns b.").len(), 1);
    assert_eq!(found("docs/a.md", "blank \nends\n"), ["1: blanks at the end of the line"]);
    let long = format!("//! Owns b.\n{}", "// x\n".repeat(LINES_MAX));
    assert_eq!(found("a/src/b.rs", &long), ["600: 601 lines; past 600 it is two files"]);
    assert_eq!(found("a/src/b.rs", &long[..long.len() - 5]), Vec::<String>::new());
}

#[test]
fn a_program_for_the_compiler_may_begin_as_it_likes() {
    assert_eq!(found("ui-tests/fail/typo.rs", "fn main() { let = }\n"), Vec::<String>::new());
}
