//! Three expansions, as people read them.

use crate::diag::Diags;

fn expanded(source: &str) -> String {
    let mut diags = Diags::default();
    let out = crate::flow::run(source.parse().expect("the source has balanced brackets"), &mut diags);
    assert_eq!(diags.rows(), [], "{source}");
    match syn::parse2::<syn::File>(out.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => prettyplease::unparse(&syn::parse_quote!(fn flow() { #out })),
    }
}

macro_rules! expansions {
    ($($name:ident: $source:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({ description => $source, omit_expression => true }, {
                insta::assert_snapshot!(expanded($source))
            });
        }
    )*};
}

expansions! {
    a_chain: "/// Answers a question.\n pub support(Question) -> Answer { clean -> answer }";
    a_fork_and_its_join: r#"clean -> (search, search(timeout = "5s") as quick -> sort) -> join_k(1) -> map(read, 4)"#;
    a_chain_of_queues: "queue(64, workers = 4) -> clean -> queue(8) -> search as quick";
    a_router_that_asks_a_policy: "a -> triage with Tenants { Good -> b, #[cfg(unix)] Thin -> c }";
    chains_that_do_not_nest: "a -> (b, c); b -> d; (b, c) -> join -> e; (d, e) -> first";
    arms_that_lead_into_other_chains: "a -> t { X -> x, Y -> drop, Z -> done }; x -> b; b -> c";
    chains_under_conditions: "f(A) -> B { a -> b; #[cfg(unix)] b -> c; #[cfg(not(unix))] b -> d -> c }";
    a_batch: r#"split -> batch(32, "10ms") -> embed"#;
    a_budget: r#"channels(8) budget { deadline: "30s", usd: 0.50, hops: 64, tokens: 40_000 } clean -> answer"#;
    a_named_flow_with_a_deadline: r#"support(Question) -> Answer { budget { deadline: "1us", prove } answer }"#;
    a_router_in_a_loop:
        "fix(Draft) -> Answer { repeat(turns = 3) { triage { Good -> done, #[cfg(unix)] Thin -> ask, Bad -> drop } -> judge } else give_up }";
}

#[test]
fn a_broken_flow_still_names_every_node() {
    let mut diags = Diags::default();
    let source = "a -> (b, c) -> d b2 -> tee(e) -> r { X -> f -> drop -> g, Y => h } -> map(i) ; j -> k";
    let out = crate::flow::run(source.parse().expect("the source has balanced brackets"), &mut diags);
    assert!(diags.is_empty(), "the mistakes are told in the code");
    let out = out.to_string();
    for name in ["a", "b", "c", "d", "b2", "e", "r", "f", "g", "h", "i", "j", "k"] {
        assert!(out.contains(&format!("= {name} ;")), "{name}\n{out}");
    }
}

#[test]
fn mistakes_leave_an_item_items_and_an_expression_an_expression() {
    let run = |source: &str| crate::flow::run(source.parse().expect("tokens"), &mut Diags::default());
    for source in ["f() -> A { a }", "pub f(A) -> B { a -> (b, c) }", "pub f(A) -> B", "#[x] a -> b"] {
        assert!(syn::parse2::<syn::File>(run(source)).is_ok(), "{source}");
    }
    for source in ["", "a -> (b, c)", "a -> ", "-> a", "a -> r { A -> done }", "f(x) -> r"] {
        assert!(syn::parse2::<syn::Expr>(run(source)).is_ok(), "{source}");
    }
}

#[test]
fn a_flow_with_a_broken_head_still_means_something_by_its_name() {
    let run = |source: &str| crate::flow::run(source.parse().expect("tokens"), &mut Diags::default()).to_string();
    for source in ["#[cfg(x)] pub f(A) { a }", "#[cfg(x)] pub f<T>(A) -> B { a }", "#[cfg(x)] pub f -> B { a }"] {
        let out = run(source);
        assert!(out.contains("# [cfg (x)]") && out.contains("pub type f = [() ;"), "{out}");
        assert_eq!(out.matches("compile_error").count(), 1, "{out}");
    }
    assert!(!run("pub fn(A) -> B { a }").contains("pub type"));
}
