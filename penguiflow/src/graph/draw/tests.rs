//! Drawings of listings that no `flow!` would write, and of notes. What flows draw is tested from outside.

use super::{Direction, Heat, Note};
use crate::graph::topology::ways::{EdgeInfo, EdgeKind, LoopInfo, edge_info, loop_info};
use crate::graph::topology::{FlowInfo, StepInfo, StepKind, Topology, flow_info, input_of, output_of, step_info};

/// A node called `name`, without a policy.
const fn node(place: u32, name: &'static str, around: Option<u32>) -> StepInfo {
    StepInfo { node: Some(name), ..step_info(Some(place), name, StepKind::Node, around) }
}

const fn listing(
    name: &'static str,
    steps: &'static [StepInfo],
    edges: &'static [EdgeInfo],
    loops: &'static [LoopInfo],
) -> FlowInfo {
    flow_info(name, "tests", "", false, Topology { fingerprint: 0, steps, edges, loops }, None, None)
}

const ALWAYS: EdgeKind = EdgeKind::Always;

/// Words of both languages, and signs that end or change a text in one of them.
const HOSTILE: FlowInfo = listing(
    "end\"; }",
    &[
        input_of::<&'static str>(),
        node(0, "end", None),
        node(1, "a\"]; b[\"c", None),
        node(2, "graph\\", None),
        node(3, "<b>&lt;#quot;</b>", None),
        node(4, "line\nbreak\\n\ttab\u{7}", None),
        node(5, "%%{init: {}}%% `x` *y* __z__ $$w$$", None),
        node(6, "style:#x;", None),
        node(7, "1. größer › \u{1F427}\u{202e}", None),
        node(8, "- [a](b)|{c}", None),
        node(9, " \n ", None),
        output_of::<Option<&'static str>>(),
    ],
    &[
        edge_info(0, 1, ALWAYS),
        edge_info(1, 2, EdgeKind::Arm("\"|")),
        edge_info(2, 3, ALWAYS),
        edge_info(3, 4, ALWAYS),
        edge_info(4, 5, ALWAYS),
        edge_info(5, 6, ALWAYS),
        edge_info(6, 7, ALWAYS),
        edge_info(7, 8, ALWAYS),
        edge_info(8, 9, ALWAYS),
        edge_info(9, 10, ALWAYS),
        edge_info(10, 11, ALWAYS),
    ],
    &[],
);

#[test]
fn no_name_can_break_a_mermaid_text() {
    let expected = r##"flowchart TD
    subgraph flow["end#quot;#59; }"]
        n1["end"]
        n2["a#quot;]#59; b[#quot;c"]
        n3["graph#65279;#92;#65279;"]
        n4["#lt;b#gt;#amp;lt#59;#35;quot#59;#lt;/b#gt;"]
        n5["line<br/>break#65279;#92;#65279;n tab�"]
        n6["#37;#37;{init: {}}#37;#37; #96;x#96; #65279;#42;#65279;y#65279;#42;#65279; #65279;#95;#65279;#65279;#95;#65279;z#65279;#95;#65279;#65279;#95;#65279; #65279;#36;#65279;#65279;#36;#65279;w#65279;#36;#65279;#65279;#36;#65279;"]
        n7["style#58;#35;x#59;"]
        n8["#65279;1. größer › 🐧�"]
        n9["#65279;- [a](b)|{c}"]
        n10["node"]
    end
    n0(["#amp;str"])
    n11(["Option#lt;#amp;str#gt;"])
    n0 --> n1
    n1 -->|"#quot;|"| n2
"##;
    let text = HOSTILE.drawing().mermaid();
    assert!(text.starts_with(expected), "{text}");
    assert!(text.ends_with("    class n0,n11 endpoint\n"), "{text}");
}

#[test]
fn no_name_can_break_a_dot_text() {
    let text = HOSTILE.drawing().dot();
    let shapes = [
        r#"digraph "end\"; }" {"#,
        r#"label="end\"; }""#,
        r#"n1 [label="end"]"#,
        r#"n2 [label="a\"]; b[\"c"]"#,
        r#"n3 [label="graph\\"]"#,
        r##"n4 [label="<b>&amp;lt;#quot;</b>"]"##,
        r#"n5 [label="line\nbreak\\n tab�"]"#,
        r#"n10 [label="node"]"#,
        r#"n1 -> n2 [label="\"|"]"#,
    ];
    for line in shapes {
        assert!(text.lines().any(|written| written.trim() == line), "{line}\n{text}");
    }
    assert!(text.ends_with("\n}\n"));
}

/// A loop in a loop, beside an arm that is not there in this build.
const LOOPS: FlowInfo = listing(
    "loops",
    &[
        input_of::<u8>(),
        node(2, "inner", Some(1)),
        node(3, "outer", Some(0)),
        step_info(Some(4), "choose", StepKind::Router, None),
        node(5, "absent", None),
        node(6, "here", None),
        output_of::<u8>(),
    ],
    &[
        edge_info(0, 1, ALWAYS),
        edge_info(1, 2, EdgeKind::Done),
        edge_info(2, 3, EdgeKind::Done),
        edge_info(3, 5, EdgeKind::Arm("Here")),
        edge_info(4, 6, ALWAYS),
        edge_info(5, 6, ALWAYS),
        edge_info(1, 1, EdgeKind::Again),
        edge_info(2, 1, EdgeKind::Again),
    ],
    &[loop_info(0, 3, None), loop_info(1, 2, Some(0))],
);

#[test]
fn loops_stand_inside_each_other_and_what_no_message_reaches_is_not_drawn() {
    let expected = r##"flowchart LR
    subgraph flow["loops"]
        subgraph loop0["repeat(turns = 3)"]
            subgraph loop1["repeat(turns = 2)"]
                n1["inner"]
            end
            n2["outer"]
        end
        n3{"choose"}
        n5["here"]
    end
    n0(["u8"])
    n6(["u8"])
    n0 --> n1
    n1 -->|"Done"| n2
    n2 -->|"Done"| n3
    n3 -->|"Here"| n5
    n5 --> n6
    n1 -->|"Again"| n1
    n2 -->|"Again"| n1
    classDef endpoint fill:#dbeafe,stroke:#2563eb,color:#111827
    class n0,n6 endpoint
    classDef controller_loop fill:#fef3c7,stroke:#d97706,color:#111827
    class n1,n2 controller_loop
    classDef router fill:#ede9fe,stroke:#7c3aed,color:#111827
    class n3 router
"##;
    assert_eq!(LOOPS.drawing().direction(Direction::Right).mermaid(), expected);
    let dot = LOOPS.drawing().direction(Direction::Right).dot();
    let boxes: Vec<&str> = dot.lines().filter(|line| line.contains("subgraph") || line.ends_with('}')).collect();
    let expected = [
        "    subgraph cluster_flow {",
        "        subgraph cluster_loop0 {",
        "            subgraph cluster_loop1 {",
        "            }",
        "        }",
        "    }",
        "}",
    ];
    assert_eq!(boxes, expected);
    assert!(dot.contains("rankdir=LR") && !dot.contains("absent"), "{dot}");
}

/// What a live drawing does: figures and a colour on a step, a figure on an edge.
#[test]
fn a_note_adds_its_lines_and_its_colour() {
    let hot = Note::new().line("p99 2.1s").line("3 < 4").heat(Heat::Hot);
    let drawing = LOOPS.drawing().with_step_note(3, hot).with_step_note(5, Note::new().line("idle").heat(Heat::Idle));
    let drawing = drawing.with_edge_note(3, "12/s").with_step_note(99, Note::new()).with_edge_note(99, "nowhere");
    let mermaid = drawing.mermaid();
    for line in [
        r##"n3{"choose<br/>p99 2.1s<br/>3 #lt; 4"}"##,
        r#"n3 -->|"Here<br/>12/s"| n5"#,
        "class n3 hot",
        "class n5 idle",
        "classDef hot fill:#fca5a5,stroke:#b91c1c,color:#111827",
    ] {
        assert!(mermaid.lines().any(|written| written.trim() == line), "{line}\n{mermaid}");
    }
    assert!(!mermaid.contains("router") && !mermaid.contains("nowhere"), "{mermaid}");
    let dot = drawing.dot();
    for line in [
        r##"n3 [label="choose\np99 2.1s\n3 < 4", shape=diamond, style=filled, class=hot, fillcolor="#fca5a5", color="#b91c1c"]"##,
        r#"n3 -> n5 [label="Here\n12/s"]"#,
    ] {
        assert!(dot.lines().any(|written| written.trim() == line), "{line}\n{dot}");
    }
}

#[test]
fn each_heat_has_a_colour_of_its_own() {
    let lines = [Heat::Idle, Heat::Calm, Heat::Warm, Heat::Hot].map(|heat| {
        let text = LOOPS.drawing().with_step_note(5, Note::new().heat(heat)).dot();
        text.lines().find(|line| line.trim().starts_with("n5 [")).unwrap_or_default().to_owned()
    });
    let different: std::collections::BTreeSet<_> = lines.iter().collect();
    assert_eq!(different.len(), 4, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains("fillcolor")), "{lines:?}");
}
