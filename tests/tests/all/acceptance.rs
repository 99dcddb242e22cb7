//! Holds the acceptance table to its form; that its tests ran is checked against the log, once they have.

use penguiflow_tests::acceptance::rows::Table;
use penguiflow_tests::metadata::root;
use std::fs;

#[test]
fn every_statement_has_its_row() {
    let text = fs::read_to_string(root().join("tests/acceptance.toml")).expect("the acceptance table");
    let faults = Table::parse(&text).err().unwrap_or_default();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
