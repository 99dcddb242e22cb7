//! Holds the house rules: what may import what, how long things get, which calls and crates stay out.
//! Knows nothing about what penguiflow does. Every rule has a test that shows it refusing something.

mod attributes;
mod calls;
mod circles;
mod erasure;
mod facades;
mod files;
mod functions;
mod layers;
mod pages;
mod paths;
mod quotes;
mod source;
mod table;
mod tokens;
mod top_level;

use source::Source;
use std::fmt;

/// One place that breaks a rule, as an editor understands it.
#[derive(Debug, PartialEq)]
struct Finding {
    path: String,
    line: usize,
    text: String,
}

impl Finding {
    fn new(source: &Source, line: usize, text: impl Into<String>) -> Self {
        Finding { path: source.path.clone(), line, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// Fails with every finding at once, so that one run shows all there is to mend.
#[track_caller]
fn assert_clean(findings: &[Finding]) {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(lines.is_empty(), "{} house rules broken:\n{}", lines.len(), lines.join("\n"));
}

/// The findings of a fixture as `line: text`, for tests of the rules themselves.
fn rows(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}: {}", finding.line, finding.text)).collect()
}
