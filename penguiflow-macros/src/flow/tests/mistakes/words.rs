//! Mistakes in maps, loops, and words of later forms.

use super::check;

#[test]
fn a_map_takes_a_node_and_a_number() {
    check(&[
        ("a -> map -> b", &[(1, 6, "`map` needs a node and the number of items at once: write `map(worker, 8)`")]),
        ("a -> map() -> b", &[(1, 9, "`map` needs a node and the number of items at once: write `map(worker, 8)`")]),
        ("a -> map(, 8) -> b", &[(1, 10, "`map` needs a node: write `map(worker, 8)`")]),
        ("a -> map(w) -> b", &[(1, 10, "how many items at once? write `map(w, 8)`")]),
        ("a -> map(w, 0) -> b", &[(1, 13, "`map` with 0 items at once never runs: the number is 1 or more")]),
        (
            "a -> map(w, n) -> b",
            &[(1, 13, "the number of items at once is a whole number that is written out: `map(worker, 8)`")],
        ),
        ("a -> map(w, limit = 9) -> b", &[(1, 10, "how many items at once? write `map(w, 8)`")]),
        (
            "a -> map(w, 8, 9) -> b",
            &[(1, 16, "behind the number `map` takes `parallel` and the limit of items only: write `limit = 100`")],
        ),
        ("a -> map(w, 8, limit = 0) -> b", &[(1, 24, "`limit = 0` refuses every item: the limit is 1 or more")]),
        (
            "a -> map(w, 8, limit = 9, 3) -> b",
            &[(
                1,
                27,
                "`map` takes a node, a number, `parallel` and a limit, in this order: `map(worker, 8, parallel, limit = 100)`",
            )],
        ),
        ("a -> map(8, w) -> b", &[(1, 10, "`map` takes the node first, then the number: write `map(worker, 8)`")]),
        ("a -> map(w -> v, 8) -> b", &[(1, 15, "`map` runs one node: make the rest a flow of its own, and map that")]),
        ("a -> map((v, w), 8) -> b", &[(1, 10, "`map` runs one node: make the rest a flow of its own, and map that")]),
        (
            "a -> map(w { A -> x }, 8) -> b",
            &[(1, 12, "`map` runs one node: make the router and its arms a flow, and map that")],
        ),
        ("a -> mapp(w, 8) -> b", &[(1, 6, "there is no word `mapp`: did you mean `map(worker, 8)`?")]),
    ]);
}

#[test]
fn a_loop_has_a_bound_and_a_node_that_decides() {
    check(&[
        ("a -> repeat { b } -> c", &[(1, 6, "a loop needs a bound: write `repeat(turns = 8) { … }`")]),
        ("a -> repeat() { b } -> c", &[(1, 6, "a loop needs a bound: write `repeat(turns = 8) { … }`")]),
        ("a -> repeat(8) { b } -> c", &[(1, 13, "name the bound: write `turns = 8`")]),
        ("a -> repeat(hops = 8) { b } -> c", &[(1, 13, "a loop counts turns: write `turns = 8`")]),
        ("a -> repeat(times = 8) { b } -> c", &[(1, 13, "a loop has no `times`: its bound is `turns = 8`")]),
        ("a -> repeat(turns) { b } -> c", &[(1, 13, "`turns` needs a number: write `turns = 8`")]),
        ("a -> repeat(turns = 0) { b } -> c", &[(1, 21, "a loop of 0 turns never runs: `turns` is 1 or more")]),
        (
            "a -> repeat(turns = 8, hops = 3) { b } -> c",
            &[(1, 12, "a loop has one bound: write `repeat(turns = 8) { … }`")],
        ),
        ("a -> repeat(turns = 8) -> c", &[(1, 6, "the body of this loop is missing: write `repeat(turns = 8) { … }`")]),
        (
            "a -> repeat(turns = 8) {} -> c",
            &[(1, 24, "this loop has no step: write a chain whose last node returns `Step`")],
        ),
        (
            "a -> repeat(turns = 8) { b -> r { A -> x, B -> y } } -> c",
            &[(
                1,
                31,
                "a loop's last step is a node that returns `Step`, and not a router with arms: write one behind it",
            )],
        ),
        (
            "a -> repeat(turns = 8) { b -> (x, y) -> join } -> c",
            &[(1, 41, "a loop's last step is a node that returns `Step`, and not a join: write one behind it")],
        ),
        ("a -> repeat(turns = 8) { b -> (x, y) } -> c", &[(1, 31, "this fork never joins: write `-> join` behind it")]),
        (
            "a -> repeat(turns = 8) { b -> map(w, 2) } -> c",
            &[(1, 31, "a loop's last step is a node that returns `Step`, and not a map: write one behind it")],
        ),
        (
            "a -> repeat(turns = 8) { repeat(turns = 3) { b } } -> c",
            &[(1, 26, "a loop's last step is a node that returns `Step`, and not another loop: write one behind it")],
        ),
        (
            "a -> repeat(turns = 8) { b } else -> c",
            &[(1, 30, "behind `else` stands one step, without braces: `else wrap_up`")],
        ),
        (
            "a -> repeat(turns = 8) { b } else { x } -> c",
            &[(1, 30, "behind `else` stands one step, without braces: `else wrap_up`")],
        ),
        (
            "a -> repeat(turns = 8) { b } else drop -> c",
            &[(1, 35, "`drop` ends an arm of a router; without `else` a loop that is out of turns ends the trace")],
        ),
        (
            "a -> repeat(turns = 8) { b } else (x, y) -> c",
            &[(1, 35, "behind `else` stands one node: make more than that a flow of its own")],
        ),
        ("a -> b else c", &[(1, 8, "`else` stands behind `repeat(turns = 8) { … }` only")]),
        (
            "a -> reapeat(turns = 8) { b } -> c",
            &[(1, 6, "there is no word `reapeat`: did you mean `repeat(turns = 8) { … }`?")],
        ),
        ("a -> loop { b } -> c", &[(1, 6, "`loop` is a keyword of Rust: a loop is written `repeat(turns = 8) { … }`")]),
    ]);
}

#[test]
fn a_word_of_later_forms_says_so() {
    check(&[(
        "a -> gate(approval) { A -> b, B -> c } -> d",
        &[(
            1,
            6,
            "`gate` is a word of `flow!` that is not supported yet: until then let a node wait for the answer, and a router route on it",
        )],
    )]);
}

#[test]
fn parallel_stands_before_branches_and_behind_a_map_s_width() {
    check(&[
        ("a -> parallel(b, c) -> join -> d", &[]),
        ("a -> parallel(b, c -> d) -> join_k(1) -> e", &[]),
        ("a -> map(b, 8, parallel) -> c", &[]),
        ("a -> map(b, 8, parallel, limit = 3) -> c", &[]),
        ("a -> parallel -> b", &[(1, 6, "`parallel` needs its branches: write `parallel(b, c) -> join`")]),
        ("a -> parallel(b, c) -> d", &[(1, 24, "`d` follows a fork: write `-> join -> d`")]),
        ("a -> parallel(b, c -> (x, y)) -> join -> d", &[(1, 23, "this fork never joins: write `-> join` behind it")]),
        (
            "a -> parallel(b) -> c",
            &[(1, 14, "a fork has two branches or more, `(b, c)`: write a single step without parentheses")],
        ),
        (
            "a -> map(b, 8, limit = 3, parallel) -> c",
            &[(
                1,
                27,
                "`map` takes a node, a number, `parallel` and a limit, in this order: `map(worker, 8, parallel, limit = 100)`",
            )],
        ),
        (
            "a -> map(b, 8, paralel) -> c",
            &[(1, 16, "behind the number `map` takes `parallel` and the limit of items only: write `limit = 100`")],
        ),
        ("a -> paralel(b, c) -> join -> d", &[(1, 6, "there is no word `paralel`: did you mean `parallel(b, c)`?")]),
    ]);
}

#[test]
fn a_tee_has_one_side_branch() {
    check(&[
        ("a -> tee(log) -> b", &[]),
        ("a -> tee(log -> store, best_effort) -> b", &[]),
        ("a -> tee(log)", &[]),
        ("tee(log) -> a", &[]),
        ("a -> tee -> b", &[(1, 6, "`tee` needs a side branch: write `tee(log)`")]),
        ("a -> tee() -> b", &[(1, 9, "`tee` needs a side branch: write `tee(log)`")]),
        (
            "a -> tee(log, store) -> b",
            &[(
                1,
                15,
                "behind its side branch `tee` takes `best_effort` only: for a second branch write a second `tee`",
            )],
        ),
        (
            "a -> tee(log, best_effort, store) -> b",
            &[(
                1,
                28,
                "`tee` takes one side branch and at most `best_effort`: for several branches write several `tee`s",
            )],
        ),
        (
            "a -> tee(log, best_efort) -> b",
            &[(
                1,
                15,
                "behind its side branch `tee` takes `best_effort` only: for a second branch write a second `tee`",
            )],
        ),
        ("a -> tee(log -> a) -> b", &[(1, 17, CYCLE)]),
        (
            "a -> tee(r { X -> done }) -> b",
            &[(1, 19, "`done` cannot leave a fork, whose other branches still run: let the arm go on to the join")],
        ),
        (
            "repeat(turns = 2) { a -> tee(log) } -> b",
            &[(1, 26, "a loop's last step is a node that returns `Step`, and not a side branch: write one behind it")],
        ),
    ]);
}

const CYCLE: &str = "`a` is reached from itself: a -> log -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a \
                     second instance";

#[test]
fn a_policy_stands_behind_a_router_and_is_a_type() {
    check(&[
        ("a -> r with Tenants { A -> b, B -> c } -> d", &[]),
        ("a -> r(timeout = \"1s\") as quick with policies::Tenants { A -> b, B -> drop } -> d", &[]),
        (
            "a -> r with { A -> b, B -> c } -> d",
            &[(1, 8, "a policy is missing behind `with`: write its type, `with Tenants { … }`")],
        ),
        (
            "a -> r with policies::else { A -> b, B -> c } -> d",
            &[(1, 23, "`else` is a keyword of Rust and no name: a policy's type follows `::`")],
        ),
        (
            "a -> r with policies:: { A -> b, B -> c } -> d",
            &[(1, 24, "this path is not finished: a policy's type follows `::`")],
        ),
        (
            "a -> b with Tenants -> c",
            &[(1, 13, "a policy is asked about arms, and `b` has none here: write `b with Tenants { … }`")],
        ),
        ("a -> with Tenants -> c", &[(1, 6, "`with` stands behind a router's name: write `triage with Policy { … }`")]),
        (
            "a -> r with MapPolicy<Tenants> { A -> b, B -> c } -> d",
            &[(1, 22, "a policy is named without type arguments: give it a name by `type Tenants = …;`")],
        ),
        (
            "a -> r with Tenants(5) { A -> b, B -> c } -> d",
            &[(1, 20, "`with` names a policy's type: its value is given at the start, by `.with_routing(…)`")],
        ),
        (
            "a -> r with Tenants as quick { A -> b, B -> c } -> d",
            &[
                (1, 13, "a policy is asked about arms, and `r` has none here: write `r with Tenants { … }`"),
                (1, 21, "`as` names a second instance of a node: write it behind the node's name"),
            ],
        ),
        ("a -> with::r -> r#with -> b", &[]),
    ]);
}
