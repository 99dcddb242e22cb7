//! What flows draw of themselves: every flow that is linked into this program, and a few as they must look.

pub(crate) mod drawn;

use penguiflow::prelude::*;
use penguiflow::{Direction, FlowInfo, Heat, Note, flows};

#[message]
struct Question(String);
#[message]
struct Docs(Vec<String>);
#[message]
struct Facts(usize);
#[message]
struct Notes(String);
#[message]
struct Draft(String);

#[message]
enum Verdict {
    Good(Draft),
    Thin(Question),
    Refuse,
}

#[node]
fn clean(question: Question) -> Question {
    question
}
#[node(
    retries = 3,
    backoff = ("10ms", 3, "1s"),
    jitter = none,
    timeout = "2s",
    concurrency = 16,
    rate = "100/m",
    effect = keyed,
    on_cancel = finish("5s")
)]
async fn search(question: Question) -> std::io::Result<Docs> {
    Ok(Docs(vec![question.0]))
}
#[node]
fn lookup(question: Question) -> Facts {
    Facts(question.0.len())
}
#[node]
fn log(_: Question) {}
#[node]
fn gather((docs, _): (Docs, Facts)) -> Notes {
    Notes(docs.0.concat())
}
#[controller(turns = 8)]
fn refine(notes: Notes) -> Step<Notes, Draft> {
    Step::Done(Draft(notes.0))
}
#[router]
fn triage(draft: Draft) -> Verdict {
    Verdict::Good(draft)
}
#[node(effect = irreversible)]
fn publish(draft: Draft) -> Draft {
    draft
}
#[node]
fn think(draft: Draft) -> Draft {
    draft
}
#[node]
fn judge(draft: Draft) -> Step<Draft, Draft> {
    Step::Done(draft)
}
#[node]
fn shorten(drafts: Vec<Draft>) -> Vec<Draft> {
    drafts
}
#[node]
fn words(draft: Draft) -> Vec<Draft> {
    draft.0.split(' ').map(|word| Draft(word.to_owned())).collect()
}
#[node]
fn glue(drafts: Vec<Draft>) -> Draft {
    Draft(drafts.into_iter().map(|draft| draft.0).collect())
}
#[node]
fn ask(question: Question) -> Draft {
    Draft(question.0)
}

flow! {
    polish(Draft) -> Draft { budget { hops: 20, deadline: "1.5s" } words -> map(think, 4, limit = 100) -> glue }
}

flow! {
    /// One of everything.
    everything(Question) -> Draft {
        budget { hops: 64, tokens: 40_000, usd: 0.50, deadline: "30s" }
        clean -> tee(log, best_effort) -> queue(64, workers = 4) -> clean as again -> parallel(search, queue(8) -> lookup)
            -> join -> gather -> refine -> repeat(turns = 3) { repeat(turns = 2) { think -> judge } -> judge as last } else think as late
            -> polish -> triage {
                Good -> publish,
                Thin -> ask,
                #[cfg(any())]
                Gone -> never_there,
                Refuse -> drop,
            } -> (words -> map(polish as each, 2, parallel) -> glue -> batch(32, "10ms") -> shorten, think as other) -> join_k(1)
            -> glue as whole
    }
}

#[track_caller]
fn info(name: &str) -> &'static FlowInfo {
    flows().find(|flow| (flow.module, flow.name) == (module_path!(), name)).expect("is linked in")
}

const MERMAID: &str = r##"flowchart TD
    subgraph flow["everything<br/>budget { hops: 64, tokens: 40000, usd: 0.50, deadline: 30s }"]
        n1["clean"]
        n2["log"]
        n3["clean as again"]
        n4["search<br/>retries = 3<br/>backoff = (10ms, 3, 1s)<br/>jitter = none<br/>timeout = 2s<br/>concurrency = 16<br/>rate = 100/m<br/>effect = keyed<br/>on_cancel = finish(5s)"]
        n5["lookup"]
        n6{{"join"}}
        n7["gather"]
        n8["refine"]
        subgraph loop8["repeat(turns = 3)"]
            subgraph loop9["repeat(turns = 2)"]
                n9["think"]
                n10["judge"]
            end
            n11["judge as last"]
        end
        n12["think as late"]
        n13[["polish<br/>budget { hops: 20, deadline: 1.5s }"]]
        n14{"triage"}
        n15["publish<br/>effect = irreversible"]
        n16["ask"]
        n18(("drop"))
        n19["words"]
        n20[/"map(polish as each, 2, parallel)<br/>limit = 10000<br/>a flow for each item<br/>budget { hops: 20, deadline: 1.5s }"/]
        n21["glue"]
        n22["shorten"]
        n23["think as other"]
        n24{{"join_k(1)"}}
        n25["glue as whole"]
    end
    n0(["Question"])
    n26(["Draft"])
    n0 --> n1
    n1 -.->|"tee, best_effort<br/>Question"| n2
    n1 -->|"queue(64, workers = 4)<br/>Question"| n3
    n3 ==>|"parallel<br/>Question"| n4
    n3 ==>|"parallel<br/>queue(8)<br/>Question"| n5
    n4 -->|"Docs"| n6
    n5 -->|"Facts"| n6
    n6 -->|"(Docs, Facts)"| n7
    n7 -->|"Notes"| n8
    n8 -->|"Draft"| n9
    n9 -->|"Draft"| n10
    n10 -->|"Done<br/>Draft"| n11
    n11 -->|"out of turns<br/>Draft"| n12
    n11 -->|"Done<br/>Draft"| n13
    n12 -->|"Draft"| n13
    n13 -->|"Draft"| n14
    n14 -->|"Good<br/>Draft"| n15
    n14 -->|"Thin<br/>Question"| n16
    n14 -->|"Refuse"| n18
    n15 -->|"Draft"| n19
    n16 -->|"Draft"| n19
    n19 -->|"Vec#lt;Draft#gt;"| n20
    n20 -->|"Vec#lt;Draft#gt;"| n21
    n21 -->|"batch(32, 10ms)<br/>Draft"| n22
    n15 -->|"Draft"| n23
    n16 -->|"Draft"| n23
    n22 --> n24
    n23 -->|"Draft"| n24
    n24 -->|"Vec#lt;Draft#gt;"| n25
    n25 --> n26
    n10 -->|"Again<br/>Draft"| n9
    n11 -->|"Again<br/>Draft"| n9
    n8 -->|"Again<br/>turns = 8"| n8
    classDef endpoint fill:#dbeafe,stroke:#2563eb,color:#111827
    class n0,n26 endpoint
    classDef controller_loop fill:#fef3c7,stroke:#d97706,color:#111827
    class n8,n10,n11 controller_loop
    classDef sub_flow fill:#f1f5f9,stroke:#475569,color:#111827
    class n13 sub_flow
    classDef router fill:#ede9fe,stroke:#7c3aed,color:#111827
    class n14 router
    classDef map fill:#ecfdf5,stroke:#059669,color:#111827
    class n20 map
    classDef gather fill:#f0f9ff,stroke:#0284c7,color:#111827
    class n6,n24 gather
    classDef drop fill:#fee2e2,stroke:#dc2626,color:#111827
    class n18 drop
"##;

const DOT: &str = r##"digraph "everything" {
    rankdir=TB
    graph [fontname="sans-serif", style=rounded, color="#94a3b8"]
    node [fontname="sans-serif", fontcolor="#111827", shape=box, style="rounded,filled", fillcolor="#ffffff"]
    edge [fontname="sans-serif", fontsize=11]
    subgraph cluster_flow {
        label="everything\nbudget { hops: 64, tokens: 40000, usd: 0.50, deadline: 30s }"
        n1 [label="clean"]
        n2 [label="log"]
        n3 [label="clean as again"]
        n4 [label="search\nretries = 3\nbackoff = (10ms, 3, 1s)\njitter = none\ntimeout = 2s\nconcurrency = 16\nrate = 100/m\neffect = keyed\non_cancel = finish(5s)"]
        n5 [label="lookup"]
        n6 [label="join", shape=hexagon, style=filled, class=gather, fillcolor="#f0f9ff", color="#0284c7"]
        n7 [label="gather"]
        n8 [label="refine", class=controller_loop, fillcolor="#fef3c7", color="#d97706"]
        subgraph cluster_loop8 {
            label="repeat(turns = 3)"
            subgraph cluster_loop9 {
                label="repeat(turns = 2)"
                n9 [label="think"]
                n10 [label="judge", class=controller_loop, fillcolor="#fef3c7", color="#d97706"]
            }
            n11 [label="judge as last", class=controller_loop, fillcolor="#fef3c7", color="#d97706"]
        }
        n12 [label="think as late"]
        n13 [label="polish\nbudget { hops: 20, deadline: 1.5s }", peripheries=2, class=sub_flow, fillcolor="#f1f5f9", color="#475569"]
        n14 [label="triage", shape=diamond, style=filled, class=router, fillcolor="#ede9fe", color="#7c3aed"]
        n15 [label="publish\neffect = irreversible"]
        n16 [label="ask"]
        n18 [label="drop", shape=circle, style=filled, class=drop, fillcolor="#fee2e2", color="#dc2626"]
        n19 [label="words"]
        n20 [label="map(polish as each, 2, parallel)\nlimit = 10000\na flow for each item\nbudget { hops: 20, deadline: 1.5s }", shape=parallelogram, style=filled, class=map, fillcolor="#ecfdf5", color="#059669"]
        n21 [label="glue"]
        n22 [label="shorten"]
        n23 [label="think as other"]
        n24 [label="join_k(1)", shape=hexagon, style=filled, class=gather, fillcolor="#f0f9ff", color="#0284c7"]
        n25 [label="glue as whole"]
    }
    n0 [label="Question", shape=oval, style=filled, class=endpoint, fillcolor="#dbeafe", color="#2563eb"]
    n26 [label="Draft", shape=oval, style=filled, class=endpoint, fillcolor="#dbeafe", color="#2563eb"]
    n0 -> n1
    n1 -> n2 [label="tee, best_effort\nQuestion", style=dashed]
    n1 -> n3 [label="queue(64, workers = 4)\nQuestion"]
    n3 -> n4 [label="parallel\nQuestion", style=bold]
    n3 -> n5 [label="parallel\nqueue(8)\nQuestion", style=bold]
    n4 -> n6 [label="Docs"]
    n5 -> n6 [label="Facts"]
    n6 -> n7 [label="(Docs, Facts)"]
    n7 -> n8 [label="Notes"]
    n8 -> n9 [label="Draft"]
    n9 -> n10 [label="Draft"]
    n10 -> n11 [label="Done\nDraft"]
    n11 -> n12 [label="out of turns\nDraft"]
    n11 -> n13 [label="Done\nDraft"]
    n12 -> n13 [label="Draft"]
    n13 -> n14 [label="Draft"]
    n14 -> n15 [label="Good\nDraft"]
    n14 -> n16 [label="Thin\nQuestion"]
    n14 -> n18 [label="Refuse"]
    n15 -> n19 [label="Draft"]
    n16 -> n19 [label="Draft"]
    n19 -> n20 [label="Vec<Draft>"]
    n20 -> n21 [label="Vec<Draft>"]
    n21 -> n22 [label="batch(32, 10ms)\nDraft"]
    n15 -> n23 [label="Draft"]
    n16 -> n23 [label="Draft"]
    n22 -> n24
    n23 -> n24 [label="Draft"]
    n24 -> n25 [label="Vec<Draft>"]
    n25 -> n26
    n10 -> n9 [label="Again\nDraft", constraint=false]
    n11 -> n9 [label="Again\nDraft", constraint=false]
    n8 -> n8 [label="Again\nturns = 8", constraint=false]
}
"##;

/// core:AC-21.1, core:W-25: names, loops with their turns, arms, policies, budgets, queues and types are there, in the order
/// of the source.
#[test]
fn a_flow_is_drawn_with_all_that_it_tells() {
    let drawing = info("everything").drawing();
    assert_eq!(drawing.mermaid(), MERMAID);
    assert_eq!(drawing.dot(), DOT);
}

/// core:AC-21.2, core:W-25
#[test]
fn every_linked_flow_is_drawn_so_that_a_strict_reader_finds_each_step_and_each_way() {
    assert!(drawn::read_all("tests") > 100);
}

/// Each a word of a language or a sign that means something there, as a type may have it.
struct Sign<const SIGN: char>;

macro_rules! signs {
    ($($node:ident: $from:literal => $to:literal)*) => {$(
        #[node]
        fn $node(_: Sign<$from>) -> Sign<$to> {
            Sign
        }
    )*};
}

signs! {
    end: '"' => '\\'
    graph: '\\' => '#'
    subgraph: '#' => '`'
    class: '`' => '%'
    style: '%' => '\n'
    click: '\n' => '&'
    digraph: '&' => '<'
    strict: '<' => '>'
    node: '>' => '$'
    edge: '$' => '|'
    größe: '|' => '🐧'
    r#move: '🐧' => ';'
    __init__: ';' => '*'
}

flow! {
    direction(Sign<'"'>) -> Sign<'*'> {
        end -> graph -> subgraph -> class -> style -> click -> digraph -> strict -> node -> edge -> größe -> r#move -> __init__
    }
}

/// What somebody may write into a note.
const HOSTILE: [&str; 14] = [
    r#""]; n0 --> n1; n9[""#,
    r#"\" -> n9 [label=\"\N\G\\"#,
    "&lt;b&gt; <b>bold</b> &#34; #quot; #35;",
    "%%{init: {'theme': 'dark'}}%% %% comment",
    "`code` **bold** _soft_ ~~gone~~ __init__",
    "style n1 fill:#fff; classDef x fill:#fff;",
    "1. first",
    "- item",
    "[text](javascript:alert(1))",
    "$$x^2$$ ${x}",
    "line\\nline \\l \\r",
    "end",
    "| a || b |",
    "größer › 🐧",
];

/// core:W-25
#[test]
fn what_is_written_into_a_drawing_is_read_as_it_was_written() {
    let flow = info("direction");
    let mut drawing = flow.drawing();
    for step in 0..flow.steps.len() {
        drawing = drawing.with_step_note(step, Note::new().line(HOSTILE[step % HOSTILE.len()]).heat(Heat::Hot));
    }
    for edge in 0..flow.edges.len() {
        drawing = drawing.with_edge_note(edge, HOSTILE[edge % HOSTILE.len()]);
    }
    let (read, line) = drawn::read("hostile notes", flow, &drawing);
    let last = |lines: &Vec<String>| lines.last().cloned();
    for (step, lines) in &read.steps {
        assert_eq!(last(lines).as_deref(), Some(HOSTILE[step % HOSTILE.len()]));
    }
    for (edge, (_, _, lines)) in read.edges.iter().enumerate() {
        assert_eq!(last(lines).as_deref(), Some(HOSTILE[edge % HOSTILE.len()]));
    }
    assert_eq!(read.edges[1].2[0], r"Sign<'\\'>");
    drawn::keep("hostile", &line);
}

#[test]
fn a_drawing_goes_the_way_that_it_is_told_and_leaves_types_out_when_asked() {
    let ways = [
        (Direction::Down, "TD", "TB"),
        (Direction::Up, "BT", "BT"),
        (Direction::Right, "LR", "LR"),
        (Direction::Left, "RL", "RL"),
    ];
    for (direction, mermaid, dot) in ways {
        let drawing = info("polish").drawing().direction(direction);
        assert!(drawing.mermaid().starts_with(&format!("flowchart {mermaid}\n")));
        assert!(drawing.dot().contains(&format!("\n    rankdir={dot}\n")));
    }
    let with = info("everything").drawing();
    let (with, without) = (with.mermaid(), with.without_types().mermaid());
    assert!(with.contains("Notes\"| ") && !without.contains("Notes\"| "), "{without}");
    assert!(without.contains("|\"queue(64, workers = 4)\"|"), "{without}");
}
