//! Reads drawings as a strict reader would, and compares what they say with what the flow tells. The tests of the examples
//! include this file as well, since each program lists its own flows.

use penguiflow::{Drawing, EdgeKind, FlowInfo, StepInfo, StepKind, flows};
use std::collections::BTreeMap;

/// What a reader finds in a drawing.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Read {
    /// The lines of each step, by its number.
    pub(crate) steps: BTreeMap<usize, Vec<String>>,
    pub(crate) edges: Vec<(usize, usize, Vec<String>)>,
    /// The steps in each box and directly in it, by the box's name.
    boxes: BTreeMap<String, Vec<usize>>,
    /// The names of the boxes around each box, the innermost last.
    around: BTreeMap<String, Vec<String>>,
}

/// Where readers of other makes find the drawings: a folder.
const FOLDER: &str = "PENGUIFLOW_DRAWINGS";

/// Reads the drawing of every flow that is linked in, and tells how many there are.
#[track_caller]
pub(crate) fn read_all(program: &str) -> usize {
    let mut all: Vec<_> = flows().collect();
    all.sort_by_key(|flow| (flow.module, flow.name, flow.fingerprint));
    let mut lines = String::new();
    for flow in &all {
        let drawing = flow.drawing();
        assert_eq!((drawing.mermaid(), drawing.dot()), (flow.drawing().mermaid(), flow.drawing().dot()));
        let (_, line) = read(&format!("{}::{}", flow.module, flow.name), flow, &drawing);
        lines.push_str(&line);
    }
    keep(program, &lines);
    all.len()
}

/// Leaves drawings where `tests/peers/run drawing` looks for them, if it asked for them.
pub(crate) fn keep(name: &str, lines: &str) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let path = std::path::Path::new(&folder).join(format!("{name}.jsonl"));
        std::fs::write(path, lines).expect("the folder is there");
    }
}

/// Reads one drawing; also gives it as a line of JSON, for readers of other makes.
#[track_caller]
pub(crate) fn read(name: &str, flow: &FlowInfo, drawing: &Drawing<'_>) -> (Read, String) {
    let (mermaid, dot) = (drawing.mermaid(), drawing.dot());
    let (by_mermaid, by_dot) = (mermaid_text(&mermaid), dot_text(&dot));
    assert_eq!(by_mermaid, by_dot, "{name}\n{mermaid}\n{dot}");
    says(flow, &by_mermaid);
    let line = json(name, &by_mermaid, &mermaid, &dot);
    (by_mermaid, line)
}

/// Each step and each way that a message can take is there once, under its name, in the box of its loop.
fn says(flow: &FlowInfo, read: &Read) {
    let reached = reached(flow);
    assert_eq!(read.steps.keys().copied().collect::<Vec<_>>(), reached, "{}", flow.name);
    for step in &reached {
        let info = &flow.steps[*step];
        assert!(read.steps[step][0].contains(&title(info)), "{}: n{step} is {:?}", flow.name, read.steps[step]);
        let of_its_loop = info.around.map_or_else(|| "flow".to_owned(), |place| format!("loop{place}"));
        let is_end = matches!(info.kind, StepKind::Input | StepKind::Output);
        assert_eq!(read.boxes[&of_its_loop].contains(step), !is_end, "{}: n{step}", flow.name);
    }
    let there = flow.edges.iter().filter(|edge| reached.contains(&edge.from));
    let edges = there.map(|edge| (edge.from, edge.to, edge.when.label()));
    let turns = reached.iter().filter(|step| flow.steps[**step].turns.is_some());
    let expected: Vec<_> = edges.chain(turns.map(|step| (*step, *step, EdgeKind::Again.label()))).collect();
    assert_eq!(read.edges.len(), expected.len(), "{}", flow.name);
    for ((from, to, label), (is_from, is_to, lines)) in expected.iter().zip(&read.edges) {
        assert_eq!((from, to), (is_from, is_to), "{}", flow.name);
        assert!(label.is_none_or(|label| lines[0] == label), "{}: n{from} to n{to} says {lines:?}", flow.name);
    }
    for inner in flow.loops {
        let boxes = |place: u32| format!("loop{place}");
        let around = inner.around.map_or_else(|| "flow".to_owned(), boxes);
        let found = read.around.get(&boxes(inner.place)).and_then(|around| around.last());
        assert!(found.is_none_or(|found| *found == around), "{}: loop{} in {found:?}", flow.name, inner.place);
    }
}

fn title(step: &StepInfo) -> String {
    match step.kind {
        StepKind::Input => step.gives.map_or_else(String::new, |name| name.to_string()),
        StepKind::Output => step.takes.map_or_else(String::new, |name| name.to_string()),
        _ => step.name.to_owned(),
    }
}

fn reached(flow: &FlowInfo) -> Vec<usize> {
    let mut reached = vec![0];
    let mut at = 0;
    while let Some(step) = reached.get(at).copied() {
        let next = flow.edges.iter().filter(|edge| edge.from == step).map(|edge| edge.to);
        let new: Vec<usize> = next.filter(|next| !reached.contains(next)).collect();
        reached.extend(new);
        at += 1;
    }
    reached.sort_unstable();
    reached.dedup();
    reached
}

// === Mermaid ===

#[track_caller]
fn mermaid_text(text: &str) -> Read {
    let (mut read, mut open) = (Read::default(), Vec::<String>::new());
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("flowchart TD"), "{text}");
    for line in lines {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("subgraph ") {
            let (name, title) = rest.split_once('[').expect("a title");
            mermaid_label(title.strip_suffix(']').expect("its end"));
            enter(&mut read, &mut open, name);
        } else if line == "end" {
            open.pop().expect("no box ends twice");
        } else if line.starts_with("class") {
            assert!(!line.contains(['"', '[', ';']), "{line}");
        } else {
            mermaid_line(&mut read, open.last(), line);
        }
    }
    assert!(open.is_empty(), "{text}");
    read
}

/// `n1["clean"]` or `n1 -->|"Good"| n2`.
#[track_caller]
fn mermaid_line(read: &mut Read, inside: Option<&String>, line: &str) {
    let (step, rest) = number(line);
    let Some(rest) = rest.strip_prefix(' ') else {
        let shapes = [("([", "])"), ("[[", "]]"), ("[/", "/]"), ("[", "]"), ("{{", "}}"), ("{", "}"), ("((", "))")];
        let label = shapes.iter().find_map(|(open, close)| {
            let label = rest.strip_prefix(open)?.strip_suffix(close)?;
            (label.starts_with('"') && label.ends_with('"')).then_some(label)
        });
        return stands(read, inside, step, mermaid_label(label.expect("a shape")));
    };
    let rest = ["-->", "==>", "-.->"].iter().find_map(|arrow| rest.strip_prefix(arrow)).expect("an arrow");
    let (label, to) = rest.rsplit_once(' ').expect("where it leads");
    let label = label.strip_prefix('|').and_then(|label| label.strip_suffix('|')).map(mermaid_label);
    read.edges.push((step, number(to).0, label.unwrap_or_default()));
}

/// The lines between quotes. What is no plain sign has a number or a name.
#[track_caller]
fn mermaid_label(quoted: &str) -> Vec<String> {
    let text = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).expect("a text in quotes");
    text.split("<br/>").map(mermaid_signs).collect()
}

#[track_caller]
fn mermaid_signs(line: &str) -> String {
    let mut read = String::new();
    let mut rest = line;
    while let Some(sign) = rest.chars().next() {
        rest = &rest[sign.len_utf8()..];
        assert!(!"\"<>&`%~*$^\\;".contains(sign), "`{sign}` in {line}");
        if sign != '#' {
            read.push(sign);
            continue;
        }
        let (name, behind) = rest.split_once(';').expect("the end of a sign");
        if name == "65279" {
            // A blank without width between two signs that would mean something together.
            rest = behind;
            continue;
        }
        let named = [("quot", '"'), ("lt", '<'), ("gt", '>'), ("amp", '&')].iter().find(|(known, _)| *known == name);
        let by_number = || name.parse().ok().and_then(char::from_u32).expect("a number");
        read.push(named.map_or_else(by_number, |(_, sign)| *sign));
        rest = behind;
    }
    read
}

// === DOT ===

#[track_caller]
fn dot_text(text: &str) -> Read {
    let (mut read, mut open) = (Read::default(), Vec::<String>::new());
    let mut lines = text.lines();
    let first = lines.next().and_then(|line| line.strip_prefix("digraph ")).and_then(|line| line.strip_suffix(" {"));
    dot_label(first.expect("a graph"));
    let mut is_over = false;
    for line in lines {
        assert!(!is_over, "{text}");
        let line = line.trim();
        if let Some(name) = line.strip_prefix("subgraph cluster_") {
            enter(&mut read, &mut open, name.strip_suffix(" {").expect("a box"));
        } else if line == "}" {
            is_over = open.pop().is_none();
        } else if let Some(title) = line.strip_prefix("label=") {
            dot_label(title);
        } else if !["rankdir=", "graph [", "node [", "edge ["].iter().any(|start| line.starts_with(start)) {
            dot_line(&mut read, open.last(), line);
        }
    }
    assert!(is_over, "{text}");
    read
}

/// `n1 [label="clean"]` or `n1 -> n2 [label="Good"]`.
#[track_caller]
fn dot_line(read: &mut Read, inside: Option<&String>, line: &str) {
    let (step, rest) = number(line);
    match rest.strip_prefix(" -> ") {
        None => stands(read, inside, step, dot_told(rest)),
        Some(rest) => {
            let (to, rest) = number(rest);
            read.edges.push((step, to, dot_told(rest)));
        }
    }
}

/// The label in ` [label="…", …]`.
#[track_caller]
fn dot_told(told: &str) -> Vec<String> {
    if told.is_empty() {
        return Vec::new();
    }
    let told = told.strip_prefix(" [").and_then(|told| told.strip_suffix(']')).expect("brackets");
    let Some(label) = told.strip_prefix("label=") else { return Vec::new() };
    let mut escaped = false;
    let end = label.char_indices().skip(1).find(|(_, sign)| {
        let ends = *sign == '"' && !escaped;
        escaped = *sign == '\\' && !escaped;
        ends
    });
    let (label, rest) = label.split_at(end.expect("the text ends").0 + 1);
    assert!(rest.is_empty() || rest.starts_with(", "), "{told}");
    dot_label(label)
}

#[track_caller]
fn dot_label(quoted: &str) -> Vec<String> {
    let text = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).expect("a text in quotes");
    let (mut lines, mut line) = (Vec::new(), String::new());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => panic!("a quote in {text}"),
            '\\' => match signs.next() {
                Some('n') => lines.push(std::mem::take(&mut line)),
                Some(sign @ ('"' | '\\')) => line.push(sign),
                other => panic!("\\{other:?} in {text}"),
            },
            '&' => {
                let rest = signs.as_str().strip_prefix("amp;").expect("the one sign that is written so");
                signs = rest.chars();
                line.push('&');
            }
            sign => line.push(sign),
        }
    }
    lines.push(line);
    lines
}

// === both ===

/// `12` and the rest of `n12 …`.
#[track_caller]
fn number(line: &str) -> (usize, &str) {
    let rest = line.strip_prefix('n').expect("the name of a step");
    let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
    (rest[..end].parse().expect("a number"), &rest[end..])
}

#[track_caller]
fn stands(read: &mut Read, inside: Option<&String>, step: usize, lines: Vec<String>) {
    assert_eq!(read.steps.insert(step, lines), None, "n{step} is drawn once");
    if let Some(inside) = inside {
        read.boxes.entry(inside.clone()).or_default().push(step);
    }
}

fn enter(read: &mut Read, open: &mut Vec<String>, name: &str) {
    read.around.insert(name.to_owned(), open.clone());
    assert_eq!(read.boxes.insert(name.to_owned(), Vec::new()), None, "{name} is drawn once");
    open.push(name.to_owned());
}

/// One line of JSON: both texts, and what was read in them.
fn json(name: &str, read: &Read, mermaid: &str, dot: &str) -> String {
    let steps: BTreeMap<String, &Vec<String>> =
        read.steps.iter().map(|(step, lines)| (format!("n{step}"), lines)).collect();
    let edges: Vec<_> =
        read.edges.iter().map(|(from, to, lines)| (format!("n{from}"), format!("n{to}"), lines)).collect();
    let named = |steps: &Vec<usize>| {
        let mut named: Vec<String> = steps.iter().map(|step| format!("n{step}")).collect();
        named.sort();
        named
    };
    let boxes: BTreeMap<&str, Vec<String>> =
        read.boxes.iter().map(|(name, steps)| (name.as_str(), named(steps))).collect();
    let line = serde_json::json!({
        "flow": name, "mermaid": mermaid, "dot": dot, "steps": steps, "edges": edges, "boxes": boxes,
    });
    format!("{line}\n")
}
