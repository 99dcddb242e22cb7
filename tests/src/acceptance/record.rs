//! Reads which tests ran, and how they ended, from what `cargo test` printed. Knows no rows.

use std::collections::BTreeMap;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It ran and was content.
    Passed,
    /// It was there and did not run.
    Ignored,
    /// It ran and was not content.
    Failed,
}

/// One run of the workspace's tests.
#[derive(Debug, Default)]
pub struct Record {
    /// By `binary::path::name`, for programs of the ui-tests by their path; the worst where a name ran twice.
    outcomes: BTreeMap<String, Outcome>,
    /// The sums of all binaries, doc-tests included.
    pub passed: usize,
    /// As `passed`.
    pub failed: usize,
    /// As `passed`.
    pub ignored: usize,
}

impl Record {
    /// Reads the whole output, standard error included: the names of the binaries stand there.
    #[must_use]
    pub fn read(log: &str) -> Self {
        let mut record = Record::default();
        let mut binary = String::new();
        // A program of the ui-tests whose line another test has broken: its end stands alone, on a later one.
        let mut broken: Option<String> = None;
        for line in log.lines().map(without_colours) {
            let mut line = line.trim();
            while let Some((name, rest)) = broken_off(line) {
                broken = Some(name.to_owned());
                line = rest;
            }
            if let Some(name) = broken.take_if(|_| !line.is_empty() && !line.starts_with("test ")) {
                record.note(name, outcome_of(line));
            } else if let Some(name) = binary_of(line) {
                binary = name;
            } else if let Some(sums) = line.strip_prefix("test result: ") {
                record.add(sums);
            } else if let Some((name, outcome)) = test_of(line) {
                let name = if name.ends_with(".rs") { name.to_owned() } else { format!("{binary}::{name}") };
                record.note(name, outcome);
            }
        }
        record
    }

    /// How the test of that name ended, if it was there at all.
    #[must_use]
    pub fn outcome(&self, name: &str) -> Option<Outcome> {
        self.outcomes.get(name).copied()
    }

    fn note(&mut self, name: String, outcome: Outcome) {
        let worst = self.outcomes.entry(name).or_insert(outcome);
        *worst = outcome.max(*worst);
    }

    /// `ok. 3 passed; 0 failed; 1 ignored; …`
    fn add(&mut self, sums: &str) {
        for sum in sums.split(['.', ';']) {
            let Some((count, word)) = sum.trim().split_once(' ') else { continue };
            let Ok(count) = count.parse::<usize>() else { continue };
            match word {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

/// `Running tests/all/main.rs (target/debug/deps/all-0123456789abcdef)`
fn binary_of(line: &str) -> Option<String> {
    if let Some(package) = line.strip_prefix("Doc-tests ") {
        return Some(format!("doc {package}"));
    }
    let path = line.strip_prefix("Running ")?.strip_suffix(')')?.rsplit_once('(')?.1;
    let file = path.rsplit(['/', '\\']).next()?;
    Some(file.rsplit_once('-')?.0.to_owned())
}

/// `test join::waits_for_all ... ok`, `test fail/typo.rs [should fail to compile] ... ok`
fn test_of(line: &str) -> Option<(&str, Outcome)> {
    let (name, end) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    Some((without_hint(name), outcome_of(end)))
}

/// `test pass/loops.rs ... test all::slow has been running for over 60 seconds`: the program, and what has broken its line.
fn broken_off(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let name = without_hint(name);
    (name.ends_with(".rs") && rest.starts_with("test ")).then_some((name, rest))
}

fn without_hint(name: &str) -> &str {
    name.split(" [should ").next().unwrap_or(name)
}

fn outcome_of(end: &str) -> Outcome {
    match end.split([' ', ',']).next() {
        Some("ok") => Outcome::Passed,
        Some("ignored") => Outcome::Ignored,
        _ => Outcome::Failed,
    }
}

/// The line without the escape sequences that some runners print even into a file.
fn without_colours(line: &str) -> String {
    let mut pieces = line.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Record};

    const LOG: &str = "\
   Compiling penguiflow v0.1.0
     Running unittests src/lib.rs (target/debug/deps/penguiflow-62389760f7d5e180)
running 1 test
test id::ids_are_sorted_by_time ... ok
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
     Running tests/all/main.rs (target/debug/deps/all-0e932b0ba02e3492)
test id::ids_are_sorted_by_time ... FAILED
test join::slow ... ignored, takes a minute
test \u{1b}[1mfail/typo.rs\u{1b}[0m [should fail to compile] ... \u{1b}[32mok\u{1b}[0m
test fail/cycle.rs ... mismatch
test result: FAILED. 0 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
   Doc-tests penguiflow
test penguiflow/src/id.rs - id::TraceId (line 12) ... ok
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn a_name_belongs_to_the_binary_that_ran_it() {
        let record = Record::read(LOG);
        assert_eq!(record.outcome("penguiflow::id::ids_are_sorted_by_time"), Some(Outcome::Passed));
        assert_eq!(record.outcome("all::id::ids_are_sorted_by_time"), Some(Outcome::Failed));
        assert_eq!(record.outcome("all::join::slow"), Some(Outcome::Ignored));
        assert_eq!(record.outcome("join::slow"), None);
    }

    #[test]
    fn a_program_of_the_ui_tests_goes_by_its_path() {
        let record = Record::read(LOG);
        assert_eq!(record.outcome("fail/typo.rs"), Some(Outcome::Passed));
        assert_eq!(record.outcome("fail/cycle.rs"), Some(Outcome::Failed));
    }

    #[test]
    fn a_name_that_failed_once_has_failed() {
        let twice = "test a.rs ... ok\ntest a.rs ... mismatch\ntest a.rs ... ok\n";
        assert_eq!(Record::read(twice).outcome("a.rs"), Some(Outcome::Failed));
    }

    #[test]
    fn a_line_that_another_test_has_broken_ends_on_a_later_one() {
        let broken = "test pass/a.rs ... test b::c ... ok\nok\ntest fail/d.rs [should fail to compile] ... test e has been running \
                      for over 60 seconds\n\nmismatch\ntest pass/f.rs ... test g ... FAILED\ntest h ... ok\nok\n";
        let record = Record::read(broken);
        let outcomes = ["pass/a.rs", "::b::c", "fail/d.rs", "pass/f.rs", "::g", "::h"].map(|name| record.outcome(name));
        use Outcome::{Failed, Passed};
        let expected = [Passed, Passed, Failed, Passed, Failed, Passed].map(Some);
        assert_eq!(outcomes, expected);
    }

    #[test]
    fn sums_run_over_all_binaries() {
        let record = Record::read(LOG);
        assert_eq!((record.passed, record.failed, record.ignored), (2, 1, 1));
    }
}
