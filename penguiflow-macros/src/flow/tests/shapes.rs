//! Pictures of many shapes, and what changes a flow's fingerprint.

use super::picture;
use crate::diag::Diags;
use crate::flow::{fingerprint, graph};

fn lowered(source: &str) -> graph::Graph {
    let mut diags = Diags::default();
    let graph = crate::flow::graph(source.parse().expect("the source has balanced brackets"), &mut diags);
    assert_eq!(diags.rows(), [], "{source}");
    graph
}

macro_rules! pictures {
    ($($name:ident: $source:expr;)*) => {$(
        #[test]
        fn $name() {
            let picture = picture::of(&lowered($source));
            insta::with_settings!({ description => $source, omit_expression => true }, { insta::assert_snapshot!(picture) });
        }
    )*};
}

pictures! {
    one_node: "a";
    chain: "a -> b -> c";
    named_flow_shows_its_types: "/// Answers.\n pub support(Vec<(Question, [u8; 4])>) -> Answer<dyn Any> { clean -> answer; }";
    paths_and_instances: r#"nodes::a -> ::other::b -> search(timeout = "5s") as quick"#;
    fork_and_join: "a -> (b, c) -> join -> d";
    fork_with_chains: "a -> (b -> b2, c, d -> d2 -> d3) -> join -> e";
    fork_first: "(a, b) -> join -> c";
    fork_in_a_branch: "a -> (b, c -> (d, e) -> join -> f) -> join -> g";
    fork_that_begins_a_branch: "a -> ((b, c) -> join -> d, e) -> join";
    first_of_three: "a -> (b, c -> d, e) -> first -> f";
    parallel_branches: "a -> parallel(b -> c, tee(log) -> d) -> join -> e";
    parallel_branches_of_a_web: "a -> parallel(b, c); b -> d; (b, c) -> join -> e; (d, e) -> join";
    parallel_items: "a -> map(b, 8, parallel, limit = 100) -> c";
    side_branch: "a -> tee(log -> store) -> b -> c";
    side_branch_of_an_arm: "r { A -> tee(log, best_effort) -> b, B -> c } -> d";
    settled_branches: "a -> (b, c -> d) -> settle -> e";
    same_node_in_both_branches: "a -> (b -> score, c -> score) -> join_k(1) -> d";
    first_two_of_three: "a -> (b, c, d) -> join_k(2) -> e";
    router_with_three_arms: "a -> triage { Good -> polish, Thin -> ask -> again, Refuse -> decline } -> render";
    arms_that_drop_and_are_done: "a -> triage { Good -> done, Thin -> ask -> done, Refuse -> drop, Other -> b }";
    arms_that_fork: "a -> triage { Both -> (b, c) -> join -> d, One -> e } -> f";
    router_in_an_arm: "a -> r { A -> s { X -> x, Y -> drop }, B -> b } -> c";
    router_in_a_branch: "a -> (r { A -> x, B -> y }, b) -> join -> c";
    router_that_asks_a_policy: "a -> triage as quick with policies::Tenants { Good -> b, Thin -> r with ByTopic { A -> c, B -> drop } } -> d";
    map_with_a_limit: "split -> map(nodes::work as worker, 8, limit = 100) -> merge";
    loop_over_three_nodes: "a -> repeat(turns = 8) { plan -> act -> judge } -> b";
    loop_with_else: "a -> repeat(turns = 3) { (x, y) -> join -> judge } else wrap_up -> b";
    loop_in_a_loop_with_arms: "a -> repeat(turns = 3) { r { A -> repeat(turns = 2) { b } -> c, B -> done } -> judge }";
    queues_before_nodes: "queue(8) -> a -> r { X -> queue(64, workers = 4) -> b as slow, Y -> c } -> d";
    channels_before_every_node: "channels(16) a -> (b -> queue(4, workers = 2) -> c, map(w, 8)) -> join -> d";
    limits_are_no_part_of_a_picture: r#"budget { hops: 8, deadline: "30s" } a -> b"#;
    batches_before_nodes: r#"split -> batch(32, "10ms") -> embed -> (batch(8, "1.5s") -> store as deep, count) -> join"#;
    chains_in_a_row: "a -> b; b -> c; c -> d";
    diamond_over_chains: "clean -> (search, lookup); (search, lookup) -> join -> both";
    stretches_of_different_lengths: "a -> (b, c); b -> d -> e; (c, e) -> join -> f";
    some_branches_meet_first: "a -> (b, c, d); (b, d) -> join -> e; (e, c) -> join_k(1) -> f";
    fork_in_a_branch_over_chains: "a -> (b, c); b -> (d, e); (d, e) -> join -> f; (f, c) -> join -> g";
    bridge: "a -> (b, c); b -> d; (b, c) -> join -> e; (d, e) -> join -> f";
    arms_that_meet_in_other_chains: "a -> t { A -> x, B -> y, C -> z -> drop }; x -> p -> q; y -> q; q -> b";
    several_ends: "a -> t { A -> x, B -> y, C -> done }; x -> p; y -> q";
    side_branches_of_a_web: "a -> tee(log) -> (b, c); b -> d; (b, c) -> first -> e; (d, e) -> settle";
    chains_in_any_order: "a -> (b, c); (d, c) -> join -> e -> r { X -> x, Y -> drop }; b -> d";
    everything_at_once:
        "clean -> (search, lookup -> map(score, 4)) -> join -> gather -> repeat(turns = 8) { refine } -> triage {
            #[cfg(feature = \"polish\")] Good -> polish,
            Thin -> ask_more,
            Refuse -> drop,
        } -> render";
}

/// Sources of one fingerprint a row; between rows they differ.
const FINGERPRINTS: &[&[&str]] = &[
    &["a -> b -> c", "a->b->c", "\na\n -> b // comment\n -> c;", "a -> b->c"],
    &["a -> b"],
    &[
        "a -> c -> b",
        "a -> queue(8) -> c -> queue(2, workers = 4) -> b",
        "channels(64) a -> c -> b",
        "budget { hops: 8 } a -> c -> b",
    ],
    &["a -> b -> c2"],
    &["a -> b as c -> c2"],
    &[r#"a -> c -> batch(8, "1s") -> b"#, r#"a -> c -> batch(16, "10ms") -> b"#],
    &["a -> (b, c) -> join"],
    &["a -> (b, c) -> join_k(1)"],
    &["a -> (b, c) -> join_k(2)"],
    &["a -> b { X -> c, Y -> drop }", "a -> b { X -> c, Y -> drop, }", "a -> b with P { X -> c, Y -> drop }"],
    &["a -> b { X -> c, Y -> done }"],
    &["a -> b { X -> c, Z -> drop }"],
    &["a -> map(b, 4)", "a -> map(b, 8, limit = 9)"],
    &["a -> repeat(turns = 4) { b }", "a -> repeat(turns = 9) { b }"],
    &["a -> (b, c); (b, c) -> join -> d", "a -> (b, c) -> join -> d"],
    &["f(A) -> B<C> { a -> b }", "/// Docs.\npub f(A) -> B < C > { a -> b; }"],
    &["f(A) -> B<D> { a -> b }"],
    &["g(A) -> B<C> { a -> b }"],
];

#[test]
fn layout_docs_and_policies_keep_the_fingerprint_and_all_else_changes_it() {
    let of = |source: &&str| fingerprint::fingerprint(&lowered(source));
    let mut seen = std::collections::BTreeMap::new();
    for row in FINGERPRINTS {
        let first = of(&row[0]);
        assert!(row.iter().all(|source| of(source) == first), "{row:?}");
        assert_eq!(seen.insert(first, row[0]), None, "{row:?}");
    }
}

#[test]
fn a_fingerprint_stays_what_it_was() {
    assert_eq!(
        format!("{:016x}", fingerprint::fingerprint(&lowered("a -> (b, c) -> join_k(2) -> d"))),
        "b2d49698767d18f9"
    );
}

#[test]
fn places_number_nodes_joins_and_loops_as_they_are_written() {
    let graph = lowered("a -> (b, map(c, 2)) -> join -> r { X -> d, Y -> repeat(turns = 2) { e } else f } -> g");
    let places: Vec<_> = graph.hops().map(|(_, hop)| (hop.place, hop.name())).collect();
    let expected = [(0, "a"), (1, "b"), (2, "c"), (4, "r"), (5, "d"), (7, "e"), (8, "f"), (9, "g")];
    assert_eq!(places, expected.map(|(place, name)| (place, name.to_owned())));
}
