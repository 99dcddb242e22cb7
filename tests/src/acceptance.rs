//! Says what the project owes, what shows that it is paid, and whether that was seen to run.
//! Does not run tests: it reads the log of a run.

pub mod record;
pub mod rows;

use record::{Outcome, Record};
use rows::{Evidence, Table};
use std::fmt::Write as _;

/// What is wrong with `table` in the light of one run; empty when every named test ran and passed.
///
/// ```
/// use penguiflow_tests::acceptance::{judge, record::Record, rows::Table};
///
/// let table = Table::parse(r#"
///     [sections.chain]
///     title = "Chains"
///     ids = ["chain:1"]
///     complete = true
///     ["chain:1"]
///     says = "An edge moves the value."
///     test = "all::chain::an_edge_moves_the_value"
/// "#).expect("a well-formed table");
/// let log = "Running tests/all/main.rs (target/debug/deps/all-01)\ntest chain::an_edge_moves_the_value ... ok\n";
/// assert!(judge(&table, &Record::read(log)).is_empty());
/// assert_eq!(judge(&table, &Record::default()), ["chain:1: test `all::chain::an_edge_moves_the_value` did not run"]);
/// ```
#[must_use]
pub fn judge(table: &Table, record: &Record) -> Vec<String> {
    let mut faults = Vec::new();
    for (id, row) in &table.rows {
        let (kind, names) = match &row.evidence {
            Evidence::Tests(names) => ("test", names),
            Evidence::UiTests(names) => ("ui-test", names),
            Evidence::Type(_) | Evidence::ReplacedBy { .. } | Evidence::NotApplicable(_) | Evidence::Pending(_) => {
                continue;
            }
        };
        for name in names {
            let fault = match record.outcome(name) {
                Some(Outcome::Passed) => continue,
                Some(Outcome::Failed) => "failed",
                Some(Outcome::Ignored) => "was ignored",
                None => "did not run",
            };
            faults.push(format!("{id}: {kind} `{name}` {fault}"));
        }
    }
    faults
}

/// How many rows rest on what, and what is still owed, section by section.
#[must_use]
pub fn summary(table: &Table) -> String {
    let mut text = format!("acceptance: {} rows", table.rows.len());
    for kind in ["test", "ui-test", "type", "replaced", "not applicable", "pending"] {
        let count = table.rows.values().filter(|row| row.evidence.kind() == kind).count();
        // Writing into a `String` cannot fail.
        let _ = write!(text, ", {count} {kind}");
    }
    for section in &table.sections {
        let pending = table.pending(section);
        if !pending.is_empty() {
            let _ = write!(text, "\n  {}: {} pending of {}", section.title, pending.len(), section.ids.len());
        }
    }
    text
}
