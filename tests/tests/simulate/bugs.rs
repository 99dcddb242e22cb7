//! Faults that are planted in the runtime, one at a time, and that the simulation has to find. Each is looked for in a process of
//! its own, since a process asks once which one is there.

use crate::flows;
use crate::proof::flows::FLOWS;
use crate::seeds::under_seeds;
use penguiflow::testkit::SimulationError;
use penguiflow_tests::metadata::root;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Within how many seeds each has to be found.
const SEEDS: u64 = 2_000;

/// The names of all faults, as the runtime's own sources write them.
fn names(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            self::names(&path, names);
        } else {
            let text = std::fs::read_to_string(path).expect("a source");
            let found = text.split("bug(\"").skip(1).filter_map(|rest| rest.split('"').next());
            names.extend(found.map(str::to_owned));
        }
    }
}

/// What one process finds: nothing, or what broke.
#[test]
fn what_is_planted() {
    let found = under_seeds(flows::FLOWS, SEEDS).and_then(|_| under_seeds(FLOWS, 400));
    let bug = std::env::var("PENGUIFLOW_BUG").unwrap_or_default();
    match found {
        Ok(seen) => assert!(bug.is_empty(), "`{bug}` was not found: {seen:?}"),
        Err(SimulationError::Broken(broken)) if !bug.is_empty() => {
            say(&format!("{bug}: found after {} seeds, by the rule `{}`", broken.seed + 1, broken.rule));
        }
        Err(why) => panic!("{why}"),
    }
}

/// Past what catches the output of tests, since this is what the run is for.
fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").expect("somebody listens");
}

#[test]
fn each_planted_fault_is_found() {
    let mut all = BTreeSet::new();
    names(&root().join("penguiflow/src"), &mut all);
    assert!(all.len() >= 12, "{all:?}");
    let missed: Vec<String> = all.into_iter().filter(|bug| !is_found(bug)).collect();
    assert_eq!(missed, Vec::<String>::new());
}

fn is_found(bug: &str) -> bool {
    let program = std::env::current_exe().expect("this program");
    let looks = Command::new(program).args(["--exact", "bugs::what_is_planted"]).env("PENGUIFLOW_BUG", bug).output();
    let looks = looks.expect("runs");
    let text = String::from_utf8_lossy(&looks.stdout);
    text.lines().filter(|line| line.contains("found after")).for_each(say);
    looks.status.success()
}
