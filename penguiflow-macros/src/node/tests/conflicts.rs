//! Arguments that contradict each other or the signature.

use crate::table::check;

const FALLIBLE: &str = "\nasync fn f(q: Question) -> Result<Docs, Lost> { search(q).await }";

#[track_caller]
fn args(attribute: &str, rows: &[(usize, usize, &str)]) {
    check(&format!("{attribute}{FALLIBLE}"), rows);
}

#[test]
fn an_irreversible_effect_is_never_tried_twice() {
    let text = "an irreversible effect is never tried twice: leave `retries` out, or, where a second try is harmless, \
                write `effect = idempotent` or `effect = keyed`";
    args("#[node(retries = 3, effect = irreversible)]", &[(1, 30, text)]);
    args("#[node(effect = irreversible, retries = 3)]", &[(1, 31, text)]);
    args("#[node(effect = irreversible, retries = 0)]", &[]);
}

#[test]
fn an_irreversible_effect_is_never_dropped_half_done() {
    let timeout = "an irreversible effect is not dropped half done, as a timeout would: leave `timeout` out, and bound \
                   the call inside the function";
    args("#[node(effect = irreversible, timeout = \"2s\")]", &[(1, 31, timeout)]);
    let drop = "an irreversible effect is not dropped half done: leave `on_cancel` out, or write \
                `on_cancel = finish(\"5s\")`";
    args("#[node(on_cancel = drop, effect = irreversible)]", &[(1, 35, drop)]);
    args("#[node(effect = irreversible, on_cancel = finish(\"5s\"))]", &[]);
}

#[test]
fn knobs_of_retries_need_retries() {
    args("#[node(jitter = none)]", &[(1, 8, "`jitter` does nothing without retries: write `retries = 3` beside it")]);
    args(
        "#[node(jitter = none, backoff = \"1s\", retry_if = is_transient)]",
        &[(1, 8, "`jitter` does nothing without retries: write `retries = 3` beside it")],
    );
    args(
        "#[node(retry_if = is_transient)]",
        &[(1, 8, "`retry_if` does nothing without retries: write `retries = 3` beside it")],
    );
}

#[test]
fn a_blocking_function_is_not_async() {
    let text = "a `blocking` function runs on a thread of its own and awaits nothing: leave `async` out, or `blocking`";
    args("#[node(blocking)]", &[(1, 8, text)]);
}

#[test]
fn a_blocking_call_can_neither_be_dropped_nor_boxed() {
    let plain = "fn f(q: Question) -> Docs { search(q) }";
    check(&format!("#[node(blocking)] {plain}"), &[]);
    check(
        &format!("#[node(blocking, on_cancel = finish(\"5s\"))] {plain}"),
        &[(1, 30, "a `blocking` call runs to its end once it is on its thread: leave `on_cancel` out")],
    );
    check(
        &format!("#[node(boxed, blocking)] {plain}"),
        &[(1, 15, "a `blocking` node has no future of its own to box: leave `boxed` out")],
    );
    check(
        &format!("#[node(boxed)] {plain}"),
        &[(1, 8, "a function that is not `async` has no future to box: leave `boxed` out")],
    );
}

#[test]
fn what_cannot_fail_is_never_tried_again() {
    check(
        "#[node(retries = 3, retry_if = is_transient)]\nasync fn f(q: Question) -> Docs { todo!() }",
        &[(
            1,
            21,
            "`f` cannot fail, so there is nothing to ask about: return a `Result`, or `fallible` here if `Docs` is an \
             alias of one",
        )],
    );
    check(
        "#[node(retries = 3)]\nasync fn f(q: Question) -> Outcome<Docs> { todo!() }",
        &[(
            1,
            8,
            "`f` cannot fail, so it is never tried again: return a `Result`, or `fallible` here if `Outcome<Docs>` is an \
             alias of one, or set a `timeout`",
        )],
    );
    check(
        "#[node(retries = 3)]\nasync fn f(q: Question) {}",
        &[(1, 8, "`f` cannot fail, so it is never tried again: return a `Result`, or set a `timeout`")],
    );
    check("#[node(retries = 3, timeout = \"2s\")]\nasync fn f(q: Question) -> Docs { todo!() }", &[]);
    check("#[node(retries = 3, fallible)]\nasync fn f(q: Question) -> Outcome<Docs> { todo!() }", &[]);
    check("#[node(retries = 3)]\nasync fn f(q: Question) -> std::io::Result<Docs> { todo!() }", &[]);
}

#[test]
fn what_shows_to_be_no_result_is_not_fallible() {
    check(
        "#[node(fallible)]\nasync fn f(q: Question) {}",
        &[(1, 8, "`f` returns `()`, which is no `Result`: leave `fallible` out")],
    );
    check(
        "#[node(fallible, retries = 3)]\nasync fn f(q: Question) -> Vec<Docs> { todo!() }",
        &[(1, 8, "`f` returns `Vec<Docs>`, which is no `Result`: leave `fallible` out")],
    );
}

#[test]
fn a_blocking_node_shares_its_state() {
    check(
        "#[node(blocking)]\nfn f(q: Question, State(db): State<'_, Db>, State(i): State<'_, std::sync::Arc<Index>>) {}",
        &[(2, 40, "a `blocking` node runs on a thread of its own and shares its state: write `State<'_, Arc<Db>>`")],
    );
}

#[test]
fn a_controller_returns_a_step() {
    let text = "a controller says whether it goes on: write `Step<Notes, Draft>`, or `#[node]` above";
    check("#[controller(turns = 8)]\nfn f(n: Notes) -> Draft { todo!() }", &[(2, 19, text)]);
    check("#[controller(turns = 8)]\nfn f(n: Notes) -> anyhow::Result<Message<Draft>> { todo!() }", &[(2, 42, text)]);
    check("#[controller(turns = 8, fallible)]\nfn f(n: Notes) -> Outcome { todo!() }", &[]);
}

#[test]
fn a_controller_needs_a_bound() {
    let text = "a controller loops, so it needs a bound: write `#[controller(turns = 8)]`";
    let refine = "async fn refine(n: Notes) -> Step<Notes, Draft> { todo!() }";
    check(&format!("#[controller] {refine}"), &[(1, 1, text)]);
    check(&format!("#[controller(timeout = \"2s\")] {refine}"), &[(1, 1, text)]);
    check(&format!("#[controller(turns = 8)] {refine}"), &[]);
}
