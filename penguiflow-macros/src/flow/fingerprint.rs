//! A number that changes when a flow's nodes, edges, words or types change, and stays when only its layout does.

use crate::flow::graph::{Graph, Kind, Label};
use crate::flow::syntax::{EntryKind, Rule};
use crate::flow::text;

/// The fingerprint of `graph`: FNV-1a, 64 bits, over a text that has no whitespace of the user's.
pub(crate) fn fingerprint(graph: &Graph) -> u64 {
    let mut hash = Fnv1a::default();
    if let Some(header) = graph.header() {
        hash.word(&header.owner.name.to_string());
        hash.word(&text::compact(&header.input));
        hash.word(&text::compact(&header.output));
    }
    for (ix, vertex) in graph.vertices.iter().enumerate() {
        hash.word(match &vertex.kind {
            Kind::Input => "input",
            Kind::Output => "output",
            Kind::Drop => "drop",
            Kind::Node(_) => "node",
            Kind::Map(..) => "map",
            Kind::Gather(_) => "gather",
        });
        hash.word(&graph.name(ix));
        if let Some(hop) = vertex.hop() {
            hash.word(&hop.path.text);
            // Another node fits behind a batch than behind a plain edge; a queue leaves the edge what it is.
            match hop.entry {
                Some(EntryKind::Batch(_)) => hash.word("batch"),
                Some(EntryKind::Queue(_)) | None => {}
            }
        }
        if let Kind::Gather(gather) = &vertex.kind
            && let Rule::FirstK(k) = gather.rule
        {
            hash.word(&k.value.to_string());
        }
    }
    for edge in &graph.edges {
        hash.word(&format!("{}>{}", edge.from, edge.to));
        hash.word(match &edge.label {
            Label::Always => "",
            Label::Arm(_, variant) => variant,
            Label::LoopDone => "done",
            Label::OutOfTurns => "else",
            Label::Aside => "aside",
        });
    }
    hash.state
}

struct Fnv1a {
    state: u64,
}

impl Default for Fnv1a {
    fn default() -> Self {
        Fnv1a { state: 0xcbf2_9ce4_8422_2325 }
    }
}

impl Fnv1a {
    /// Adds a word and its end, so that `ab c` is not `a bc`.
    fn word(&mut self, word: &str) {
        for byte in word.bytes().chain([0]) {
            self.state = (self.state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
