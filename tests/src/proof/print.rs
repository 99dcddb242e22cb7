//! Prints drawn flows as the Rust that a user would write.

use crate::proof::{ArmEnd, Flow, Gather, Step, VARIANTS, Worker};
use std::fmt::Write as _;

/// The file with all of `flows`.
pub fn file(flows: &[Flow]) -> String {
    let mut text = "//! Flows drawn by `cargo run -p penguiflow-tests --bin flows`, which writes this file. Change the drawing instead.\n\n\
         use super::nodes::*;\nuse super::run::{Flows, Token, driven};\nuse penguiflow::flow;\n"
        .to_owned();
    for flow in flows {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\nflow! {{\n    {}(Token) -> Token {{\n", flow.name);
        let _ = writeln!(text, "        {}\n    }}\n}}", chain(&flow.body, 2));
    }
    text.push_str("\n/// Each flow, by its number.\npub(crate) const FLOWS: Flows = &[\n");
    for flow in flows {
        let _ = writeln!(text, "    driven!({}),", flow.name);
    }
    text.push_str("];\n");
    text
}

fn chain(steps: &[Step], depth: usize) -> String {
    steps.iter().map(|step| one(step, depth)).collect::<Vec<_>>().join(" -> ")
}

fn one(step: &Step, depth: usize) -> String {
    let indent = "    ".repeat(depth + 1);
    let close = "    ".repeat(depth);
    match step {
        Step::Node(node) => node.to_string(),
        Step::Flow(number) => format!("flow_{number}"),
        Step::Fork { branches, gather, merge } => {
            let branches: String =
                branches.iter().map(|branch| format!("{indent}{},\n", chain(branch, depth + 1))).collect();
            let gather = match gather {
                Gather::All => "join".to_owned(),
                Gather::FirstK(k) => format!("join_k({k})"),
            };
            format!("(\n{branches}{close}) -> {gather} -> {merge}")
        }
        Step::Route { router, arms } => {
            let arm = |(variant, arm): (&&str, &crate::proof::Arm)| {
                let end = match arm.end {
                    ArmEnd::On => "",
                    ArmEnd::Drop => " -> drop",
                    ArmEnd::Done => " -> done",
                };
                format!("{indent}{variant} -> {}{end},\n", chain(&arm.body, depth + 1))
            };
            let arms: String = VARIANTS.iter().zip(arms).map(arm).collect();
            format!("{router} {{\n{arms}{close}}}")
        }
        Step::Map { spread, worker, at_once, merge } => {
            let worker = match worker {
                Worker::Node(node) => node.to_string(),
                Worker::Flow(number) => format!("flow_{number}"),
            };
            format!("{spread} -> map({worker}, {at_once}) -> {merge}")
        }
        Step::Repeat { turns, body, last, otherwise } => {
            let before = if body.is_empty() { String::new() } else { chain(body, depth + 1) + " -> " };
            let otherwise = otherwise.map_or_else(String::new, |node| format!(" else {node}"));
            format!("repeat(turns = {turns}) {{\n{indent}{before}{last}\n{close}}}{otherwise}")
        }
    }
}
