//! Prints drawn flows as the Rust that a user would write.

use crate::proof::batches::Batched;
use crate::proof::web::Web;
use crate::proof::{ArmEnd, Flow, Line, Node, Step, VARIANTS, Worker};
use std::fmt::Write as _;

/// The file with all of them.
pub fn file(flows: &[Flow], lines: &[Line], webs: &[Web], batches: &[Batched]) -> String {
    let mut text = "//! Flows drawn by `cargo run -p penguiflow-tests --bin flows`, which writes this file. Change the drawing instead.\n\n\
         use super::nodes::*;\nuse super::run::{Flows, Token, driven};\nuse penguiflow::flow;\n"
        .to_owned();
    for flow in flows {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\nflow! {{\n    {}(Token) -> Token {{\n", flow.name);
        let _ = writeln!(text, "        {}\n    }}\n}}", chain(&flow.body, 2));
    }
    for line in lines {
        let stations: Vec<String> = line.stations.iter().map(station).collect();
        let channels = line.channels.map_or_else(String::new, |capacity| format!("channels({capacity}) "));
        let _ = write!(text, "\nflow! {{\n    {}(Token) -> Token {{\n", line.name);
        let _ = writeln!(text, "        {channels}{}\n    }}\n}}", stations.join(" -> "));
    }
    for web in webs {
        let _ = write!(text, "\nflow! {{\n    {}(Token) -> Token {{\n", web.name);
        let _ = writeln!(text, "        {}\n    }}\n}}", web.chains().join(";\n        "));
    }
    for batched in batches {
        let (name, chain) = (&batched.name, batched.chain());
        let _ = write!(text, "\nflow! {{\n    {name}(Token) -> Token {{\n        {chain}\n    }}\n}}\n");
    }
    text.push_str(&table("FLOWS", "Each flow", flows.iter().map(|flow| &flow.name)));
    text.push_str(&table("LINES", "Each line", lines.iter().map(|line| &line.name)));
    text.push_str(&table("BATCHES", "Each flow with a batch", batches.iter().map(|batched| &batched.name)));
    text.push_str(&table("WEBS", "Each web", webs.iter().map(|web| &web.name)));
    text
}

fn table<'n>(name: &str, what: &str, flows: impl Iterator<Item = &'n String>) -> String {
    let rows: String = flows.map(|flow| format!("    driven!({flow}),\n")).collect();
    format!("\n/// {what}, by its number.\npub(crate) const {name}: Flows = &[\n{rows}];\n")
}

fn station((queue, node): &(Option<(u64, u64)>, Node)) -> String {
    match queue {
        Some((capacity, workers)) => format!("queue({capacity}, workers = {workers}) -> {node}"),
        None => node.to_string(),
    }
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
        Step::Tee { side, best_effort } => {
            let best_effort = if *best_effort { ", best_effort" } else { "" };
            format!("tee({}{best_effort})", chain(side, depth + 1))
        }
        Step::Fork { parallel, branches, gather, merge } => {
            let branches: String =
                branches.iter().map(|branch| format!("{indent}{},\n", chain(branch, depth + 1))).collect();
            let parallel = if *parallel { "parallel" } else { "" };
            format!("{parallel}(\n{branches}{close}) -> {} -> {merge}", gather.word())
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
