//! Draws a graph as Mermaid text, for people who read what the graph of a source is. What a flow draws of itself is told by the
//! runtime crate, from the listing.

use crate::flow::graph::{Graph, Hop, Item, Ix, Kind, Label, Loop, Seq, Width};
use crate::flow::loops::Loops;
use crate::flow::syntax::{Batch, EntryKind, Queue, Rule};
use crate::flow::text;
use crate::flow::ways::{Lane, Way, ways};
use proc_macro2::TokenStream;

/// The picture of `graph`.
pub(super) fn of(graph: &Graph) -> String {
    let mut picture = Picture { graph, text: "flowchart TD\n".to_owned(), depth: 1, loops: 0 };
    let last = graph.vertices.len() - 1;
    picture.vertex(0);
    picture.seq(&graph.body);
    picture.vertex(last);
    for (edge, way) in graph.edges.iter().zip(ways(graph)) {
        picture.arrow(edge.from, edge.to, label(&edge.label), &way);
    }
    for (from, to) in Loops::of(graph).again {
        picture.arrow(from, to, Some("Again"), &Way::default());
    }
    picture.text
}

struct Picture<'g> {
    graph: &'g Graph,
    text: String,
    depth: usize,
    loops: usize,
}

impl Picture<'_> {
    fn seq(&mut self, seq: &Seq) {
        for item in &seq.items {
            match item {
                Item::Hop(ix) => self.vertex(*ix),
                Item::Fork(fork) => {
                    fork.branches.iter().for_each(|branch| self.seq(branch));
                    fork.gather.into_iter().for_each(|gather| self.vertex(gather));
                }
                Item::Route(route) => {
                    self.vertex(route.router);
                    for arm in &route.arms {
                        self.seq(&arm.body);
                        arm.end.vertex().into_iter().for_each(|ix| self.vertex(ix));
                    }
                }
                Item::Loop(turns) => self.turns(turns),
                Item::Tee(tee) => {
                    self.seq(&tee.side);
                    self.seq(&tee.rest);
                }
                Item::Weave(weave) => weave.stretches.iter().for_each(|stretch| {
                    stretch.gather().into_iter().for_each(|gather| self.vertex(gather));
                    self.seq(&stretch.body);
                }),
                Item::Lost(_) => {}
            }
        }
    }

    fn turns(&mut self, turns: &Loop) {
        let title = format!("repeat, turns = {}", turns.turns.value);
        self.line(&format!("subgraph loop{}[\"{title}\"]", self.loops));
        self.loops += 1;
        self.depth += 1;
        self.seq(&turns.body);
        self.depth -= 1;
        self.line("end");
        if let Some(otherwise) = &turns.otherwise {
            self.seq(otherwise);
        }
    }

    fn vertex(&mut self, ix: Ix) {
        let (open, close) = match &self.graph.vertices[ix].kind {
            Kind::Input | Kind::Output => ("([", "])"),
            Kind::Drop => ("((", "))"),
            Kind::Node(hop) if hop.has_arms => ("{", "}"),
            Kind::Node(_) => ("[", "]"),
            Kind::Map(..) => ("[[", "]]"),
            Kind::Gather(_) => ("{{", "}}"),
        };
        let title = escape(&self.title(ix));
        self.line(&format!("n{ix}{open}\"{title}\"{close}"));
    }

    fn title(&self, ix: Ix) -> String {
        let header = self.graph.header();
        let of_type = |tokens: Option<&TokenStream>| tokens.map_or_else(|| self.graph.name(ix), text::compact);
        match &self.graph.vertices[ix].kind {
            Kind::Input => of_type(header.map(|header| &header.input)),
            Kind::Output => of_type(header.map(|header| &header.output)),
            Kind::Drop => "drop".to_owned(),
            Kind::Node(hop) => instance(hop),
            Kind::Map(hop, Width { parallel, at_once, limit }) => {
                let limit = limit.map_or_else(String::new, |limit| format!(", limit = {}", limit.value));
                let parallel = if *parallel { ", parallel" } else { "" };
                format!("map({}, {}{parallel}{limit})", instance(hop), at_once.value)
            }
            Kind::Gather(gather) => match gather.rule {
                Rule::FirstK(k) => format!("{}({})", gather.word, k.value),
                Rule::All | Rule::First | Rule::Settle | Rule::Told => gather.word.to_string(),
            },
        }
    }

    fn arrow(&mut self, from: Ix, to: Ix, label: Option<&str>, way: &Way<'_>) {
        let entry = self.graph.vertices[to].hop().and_then(|hop| hop.entry).map(entered);
        let conditions = way.cfgs.iter().map(|cfg| text::compact(&cfg.tokens));
        let best_effort = (way.lane == Lane::BestEffort).then(|| "best effort".to_owned());
        let words = label.map(str::to_owned).into_iter().chain(conditions).chain(best_effort).chain(entry);
        let words: Vec<String> = words.map(|word| escape(&word)).collect();
        let label = match (words.as_slice(), label) {
            ([], _) => String::new(),
            ([word], Some(_)) => format!("|{word}|"),
            (words, _) => format!("|\"{}\"|", words.join(", ")),
        };
        let arrow = match way.lane {
            Lane::Same => "-->",
            Lane::Parallel => "==>",
            Lane::Side | Lane::BestEffort => "-.->",
        };
        self.line(&format!("n{from} {arrow}{label} n{to}"));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(&"    ".repeat(self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Under which condition a message takes an edge.
fn label(label: &Label) -> Option<&str> {
    match label {
        Label::Always => None,
        Label::Arm(_, variant) => Some(variant),
        Label::LoopDone => Some("Done"),
        Label::OutOfTurns => Some("out of turns"),
        Label::Aside => Some("aside"),
    }
}

/// What stands before a node.
fn entered(entry: EntryKind) -> String {
    match entry {
        EntryKind::Queue(Queue { capacity, workers: None }) => format!("queue({})", capacity.value),
        EntryKind::Queue(Queue { capacity, workers: Some(workers) }) => {
            format!("queue({}, workers = {})", capacity.value, workers.value)
        }
        EntryKind::Batch(Batch { size, linger }) => format!("batch({}, {linger:?})", size.value),
    }
}

/// Drawn as in paths and listings: without the mark of a raw identifier.
fn instance(hop: &Hop) -> String {
    let name = &hop.path.text;
    let mut title = hop.alias.as_ref().map_or_else(|| name.clone(), |alias| format!("{name} as {alias}"));
    if let Some(policy) = &hop.asks {
        title = format!("{title} with {}", policy.text);
    }
    title.replace("r#", "")
}

/// Mermaid reads these signs as markup.
fn escape(title: &str) -> String {
    let mut escaped = String::new();
    for sign in title.chars() {
        match sign {
            '"' => escaped.push_str("#quot;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '&' => escaped.push_str("#amp;"),
            '#' => escaped.push_str("#35;"),
            sign => escaped.push(sign),
        }
    }
    escaped
}
