//! Three nodes and one message as people read them, and what stands in after a mistake.

use crate::diag::Diags;
use crate::node;
use crate::table::expand;

macro_rules! expansions {
    ($($name:ident: $source:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({ description => $source, omit_expression => true }, {
                insta::assert_snapshot!(expand($source))
            });
        }
    )*};
}

expansions! {
    a_fallible_node: "#[node(retries = 3, backoff = (\"100ms\", 2.0, \"5s\"), retry_if = again, validate = out)] \
                      /// Searches.\n pub async fn search(q: Question, State(db): State<'_, Db>, ctx: &Ctx) \
                      -> Result<Message<Docs>, Lost> { body }";
    a_controller: "#[controller(turns = 8)] async fn refine(n: Notes) -> Step<Notes, Draft> { body }";
    a_router_by_reference: "#[router] #[cfg(unix)] fn triage(d: &Draft) -> Verdict { body }";
    a_routed_message: "#[message(no_serde, no_schema)] enum Verdict { Good(Draft), Both(u8, Box<Self>), Refuse }";
}

fn after_a_mistake(item: &str) -> String {
    let mut diags = Diags::default();
    let tokens = item.parse().expect("the source has balanced brackets");
    let out = node::run("retrys = 3".parse().expect("tokens"), tokens, &mut diags).to_string();
    assert!(!diags.is_empty(), "{item}");
    out.split_whitespace().collect()
}

#[test]
fn after_a_mistake_the_function_stays_beside_a_broken_type() {
    let out = after_a_mistake("pub fn f(q: Q, State(db): State<Db>) {}");
    assert!(out.contains("pubfnf(q:Q,State(db):State<'_,Db>){}"), "{out}");
    assert!(out.contains("pubtypef=[();{::core::compile_error!"), "{out}");
}

#[test]
fn a_function_that_rustc_refuses_as_well_is_left_out() {
    for item in ["fn f(q: Q) -> &str {}", "fn f(q: Vec<_>) {}", "fn f(q: str) {}", "fn f(q: Q, ...) {}"] {
        assert!(!after_a_mistake(item).contains("fnf"), "{item}");
    }
}

#[test]
fn nothing_stands_beside_a_method() {
    assert_eq!(after_a_mistake("fn f(&self, q: Q) {}"), "fnf(&self,q:Q){}");
}
