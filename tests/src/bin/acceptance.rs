//! Reads the log of a test run and says whether every test that the acceptance table names ran and passed.

use penguiflow_tests::acceptance::{judge, record::Record, rows::Table, summary};
use penguiflow_tests::metadata::root;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::{env, fs};

fn main() -> io::Result<ExitCode> {
    let log = env::args().nth(1).ok_or_else(|| io::Error::other("usage: acceptance <log of cargo test>"))?;
    let record = Record::read(&fs::read_to_string(&log)?);
    let text = fs::read_to_string(root().join("tests/acceptance.toml"))?;
    let (mut faults, told) = match Table::parse(&text) {
        Ok(table) => (judge(&table, &record), summary(&table)),
        Err(faults) => (faults, "acceptance: the table cannot be read".to_owned()),
    };
    if record.passed == 0 {
        faults.push(format!("{log} shows no test that passed"));
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{told}")?;
    for fault in &faults {
        writeln!(out, "  not shown: {fault}")?;
    }
    writeln!(out, "\n{} passed, {} failed, {} skipped", record.passed, record.failed, record.ignored)?;
    let content = faults.is_empty() && record.failed == 0;
    Ok(if content { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
