//! What the flows of the examples draw of themselves, and what the example about that prints.

#[path = "../../../tests/tests/all/drawings/drawn.rs"]
mod drawn;

use crate::visualizer;

#[test]
fn every_flow_of_the_examples_is_drawn_so_that_a_strict_reader_finds_each_step_and_each_way() {
    assert!(drawn::read_all("examples") > 20);
}

async fn printed(what: &str) -> String {
    let mut out = Vec::new();
    visualizer::run(&mut out, what).await.expect("the example runs");
    String::from_utf8(out).expect("prints text")
}

#[tokio::test(start_paused = true)]
async fn a_flow_draws_itself_in_two_languages_and_takes_figures_in() {
    let mermaid = printed("mermaid").await;
    for line in [
        r#"subgraph flow["support<br/>budget { hops: 64, deadline: 30s }"]"#,
        r#"n2[["find"]]"#,
        r#"n5["publish<br/>effect = irreversible"]"#,
        r#"n0 -->|"queue(64, workers = 4)"| n1"#,
        r#"n4 -->|"Thin<br/>Question"| n6"#,
        r#"n3 -->|"Again<br/>turns = 8"| n3"#,
    ] {
        assert!(mermaid.lines().any(|written| written.trim() == line), "{line}\n{mermaid}");
    }
    assert!(printed("dot").await.starts_with("digraph \"support\" {\n    rankdir=LR\n"));
    let figures = printed("figures").await;
    assert!(figures.contains(r#"n8(["String<br/>1 completed"])"#) && figures.contains("class n8 calm"), "{figures}");
    let error = visualizer::run(&mut Vec::new(), "svg").await.expect_err("is no word");
    assert_eq!(error.to_string(), "`svg` is nothing to draw: write `mermaid`, `dot` or `figures`");
}
