//! A golden file through the changes of a flow.

use super::{GoldenError, compare, take_over};
use crate::graph::topology::{FlowInfo, StepInfo, StepKind, Topology, flow_info, step_info};
use std::fs;
use std::path::PathBuf;

const fn step(place: u32, name: &'static str) -> StepInfo {
    step_info(Some(place), name, StepKind::Node, None)
}

fn flow(steps: &'static [StepInfo]) -> FlowInfo {
    let topology = Topology { mermaid: "", fingerprint: 0, steps, edges: &[], loops: &[], shape: &[] };
    flow_info("support", "here", "", false, topology, None, None)
}

/// A file that is gone when the test is over.
struct Golden(PathBuf);

impl Golden {
    fn new(name: &str) -> Self {
        Golden(std::env::temp_dir().join(format!("penguiflow-{name}-{}.golden", std::process::id())))
    }
}

impl Drop for Golden {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_flow_is_compared_with_what_was_taken_over_and_each_change_is_told() {
    let file = Golden::new("told");
    let before = flow(&const { [step(0, "clean"), step(1, "search")] });
    assert!(matches!(compare(&file.0, &before), Err(GoldenError::Missing { .. })));
    take_over(&file.0, &before).expect("writes");
    compare(&file.0, &before).expect("is as it was");

    let stranding = flow(&const { [step(0, "search"), step(1, "rank")] });
    let told = compare(&file.0, &stranding).expect_err("strands").to_string();
    let lines: Vec<&str> = told.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "  - `clean` at place 0 is gone, and runs may wait there: keep it until they have ended",
            "  - `search` stood at place 1 and stands at 0 now: keep the order of the steps, and put new ones behind it or into a flow that is one step",
            "where no run of an earlier build is stored any more, take it over: `PENGUIFLOW_GOLDEN=overwrite cargo test`",
        ]
    );
    let more = flow(&const { [step(0, "clean"), step(1, "search"), step(2, "rank")] });
    let told = compare(&file.0, &more).expect_err("is not known").to_string();
    assert!(told.starts_with("no stored run of `support` is stranded, but"), "{told}");
    assert!(told.contains("\n  + place 2, node `rank`\n"), "{told}");
    take_over(&file.0, &more).expect("writes");
    compare(&file.0, &more).expect("is taken over");
}

#[test]
fn what_is_no_golden_file_is_told_by_its_line() {
    let file = Golden::new("none");
    fs::write(&file.0, "a -> b\n").expect("writes");
    let told = compare(&file.0, &flow(&[])).expect_err("is none").to_string();
    assert!(told.contains(".golden is no golden file: line 1 tells no step: "), "{told}");
}
