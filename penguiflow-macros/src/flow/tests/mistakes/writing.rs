//! Mistakes in arrows, names, heads of flows, and several mistakes at once.

use super::check;

#[test]
fn a_chain_is_steps_tied_by_arrows() {
    check(&[
        ("", &[(1, 1, "this flow has no step: write a chain of nodes, `a -> b`")]),
        (";", &[(1, 1, "this flow has no step: write a chain of nodes, `a -> b`")]),
        (
            "a; ; b",
            &[
                (1, 4, "a chain is missing before this `;`"),
                (
                    1,
                    6,
                    "`b` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `b`",
                ),
            ],
        ),
        ("a ->", &[(1, 3, "a step is missing behind this arrow")]),
        ("-> a", &[(1, 1, "a step is missing before this arrow")]),
        ("a -> -> b", &[(1, 6, "a step is missing before this arrow")]),
        ("a => b", &[(1, 3, "steps are tied by `->`: write `->` for `=>`")]),
        ("a b -> c", &[(1, 3, "`->` is missing between `a` and this step")]),
        ("a -> (b ->, c) -> join", &[(1, 9, "a step is missing behind this arrow")]),
        ("a -> 3 -> b", &[(1, 6, "unexpected `3`: steps are nodes, forks `(b, c)` and words, tied by `->`")]),
        ("a -> search.run -> b", &[(1, 12, "unexpected `.`: steps are nodes, forks `(b, c)` and words, tied by `->`")]),
        ("a -> b? -> c", &[(1, 7, "unexpected `?`: steps are nodes, forks `(b, c)` and words, tied by `->`")]),
        (
            "a -> b; c -> d",
            &[(
                1,
                9,
                "`c` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `c`",
            )],
        ),
        (
            "a -> let -> b",
            &[(1, 6, "`let` is a keyword of Rust and names no node: steps are nodes, forks `(b, c)` and words")],
        ),
    ]);
}

#[test]
fn a_named_flow_has_a_head_and_a_body() {
    check(&[
        ("pub support(Question) -> Answer { }", &[(1, 5, "this flow has no step: write a chain of nodes, `a -> b`")]),
        (
            "pub support(Question) -> Answer { a -> support -> b }",
            &[(
                1,
                40,
                "the flow `support` contains itself: write `repeat(turns = n) { … }` for a loop, or call it from a node by `ctx.call`",
            )],
        ),
        (
            "pub support(Question) -> Answer { a -> (self::support, b) -> join }",
            &[(
                1,
                47,
                "the flow `support` contains itself: write `repeat(turns = n) { … }` for a loop, or call it from a node by `ctx.call`",
            )],
        ),
        ("pub support() -> Answer { a }", &[(1, 12, "a flow takes one message: write its type, `support(Question)`")]),
        ("support() -> Answer { a }", &[(1, 8, "a flow takes one message: write its type, `support(Question)`")]),
        (
            "support(A, B) -> Answer { a -> b }",
            &[(1, 8, "a flow takes one message: for several values write a tuple, `support((A, B))`")],
        ),
        (
            "pub support(A, B) -> Answer { a }",
            &[(1, 12, "a flow takes one message: for several values write a tuple, `support((A, B))`")],
        ),
        (
            "pub support(q: A) -> Answer { a }",
            &[(1, 13, "a flow's input is a type without a name: write `support(A)`")],
        ),
        ("#[cfg(unix) x] support(A) -> B { a }", &[(1, 1, "this is no attribute: write `#[cfg(unix)]`")]),
        ("support(A) { a }", &[(1, 1, "the flow's output is missing: write `support(A) -> Answer { … }`")]),
        ("pub support(A) { a }", &[(1, 5, "the flow's output is missing: write `support(A) -> Answer { … }`")]),
        ("pub support { a }", &[(1, 5, "the flow's input is missing: write `support(Question) -> Answer { … }`")]),
        ("pub (A) -> B { a }", &[(1, 5, "the flow's name is missing: write `support(Question) -> Answer { … }`")]),
        (
            "pub fn support(A) -> B { a }",
            &[(1, 5, "a flow is no function: leave `fn` out, `pub support(Question) -> Answer { … }`")],
        ),
        ("pub support<T>(A) -> B { a }", &[(1, 12, "a flow has no type parameters: its messages are known types")]),
        ("pub support(A) -> B", &[(1, 5, "the flow's body is missing: write its chain in braces, `{ a -> b }`")]),
        ("pub support(A) -> { a }", &[(1, 19, "the type that the flow ends with is missing behind `->`")]),
        ("pub support(A B) -> C { a }", &[(1, 15, "`A B` is no type: write the type of one message")]),
        ("pub support(A) -> B C { a }", &[(1, 21, "`B C` is no type: write the type of one message")]),
        (
            "pub support(A) -> B { a } pub other(A) -> B { a }",
            &[(1, 27, "one `flow!` holds one flow: write another `flow!` for the next one")],
        ),
        (
            "pub join(A) -> B { a -> (b, c) }",
            &[
                (1, 5, "a flow cannot be called `join`, which is a word of its own: choose another name"),
                (1, 25, "this fork never joins: write `-> join` behind it"),
            ],
        ),
        ("support(A) -> B { a -> (b, c) }", &[(1, 24, "this fork never joins: write `-> join` behind it")]),
    ]);
}

#[test]
fn a_mistake_hides_no_other_one() {
    check(&[
        (
            "a -> (b, c -> (d, e), f ->, r { A -> g h, B => i, C -> drop -> x }) -> join -> k -> a",
            &[
                (1, 15, "this fork never joins: write `-> join` behind it"),
                (1, 25, "a step is missing behind this arrow"),
                (1, 40, "`->` is missing between `g` and this step"),
                (1, 45, "arms are written with `->`: write `->` for `=>`"),
                (1, 61, "nothing runs behind `drop`: it ends the arm"),
                (
                    1,
                    85,
                    "`a` is reached from itself: a -> b -> join -> k -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
                ),
            ],
        ),
        (
            "pub f(A, B) -> C { a -> (b, c) -> d -> map(w, 0) -> a -> join }",
            &[
                (1, 6, "a flow takes one message: for several values write a tuple, `f((A, B))`"),
                (1, 35, "`d` follows a fork: write `-> join -> d`"),
                (1, 47, "`map` with 0 items at once never runs: the number is 1 or more"),
                (
                    1,
                    53,
                    "`a` is reached from itself: a -> b -> d -> w -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
                ),
                (1, 58, "`join` needs a fork before it: write `(b, c) -> join`"),
            ],
        ),
        (
            "a -> (b, c) -> join_k(0) -> repeat(turns = 0) { d -> r { X -> e, X -> e } } else done -> b",
            &[
                (1, 23, "`join_k(0)` waits for nothing: k is 1 or more"),
                (1, 44, "a loop of 0 turns never runs: `turns` is 1 or more"),
                (
                    1,
                    54,
                    "a loop's last step is a node that returns `Step`, and not a router with arms: write one behind it",
                ),
                (1, 66, "`X` has an arm already: a variant leads one way"),
                (1, 82, "`done` ends an arm of a router; without `else` a loop that is out of turns ends the trace"),
                (
                    1,
                    90,
                    "`b` is reached from itself: b -> join_k -> d -> r -> e -> b; write `repeat(turns = n) { … }` for a loop, or `b as other` for a second instance",
                ),
            ],
        ),
        (
            "a -> search(db) -> tee() -> jion_k(1) -> x",
            &[
                (
                    1,
                    12,
                    r#"a flow captures nothing and passes no arguments: parentheses behind a node hold the policy of a second instance, `search(timeout = "5s") as quick`"#,
                ),
                (1, 23, "`tee` needs a side branch: write `tee(log)`"),
                (1, 29, "`join_k` needs a fork before it: write `(b, c) -> join_k`"),
                (1, 29, "there is no word `jion_k`: did you mean `join_k(2)`?"),
            ],
        ),
        (
            "a -> r { A -> drop, B -> drop } -> b -> (c, d) -> e -> f as a",
            &[
                (
                    1,
                    36,
                    "`b` never runs: every arm of `r` leaves the flow by `drop` or `done`; let one arm go on, or remove it",
                ),
                (1, 51, "`e` follows a fork: write `-> join -> e`"),
                (1, 61, "`a` is a node of this flow: give the instance of `f` another name"),
            ],
        ),
    ]);
}

#[test]
fn flow_results_have_a_type() {
    check(&[
        (
            "a -> r { A -> done, B -> drop }",
            &[(
                1,
                6,
                "the type of this flow's result is known to the router's enum only: put a node before `done`, or write the flow's types, `support(Question) -> Answer { … }`",
            )],
        ),
        (
            "a -> (b, r { A -> drop, B -> done }) -> join",
            &[(1, 30, "`done` cannot leave a fork, whose other branches still run: let the arm go on to the join")],
        ),
    ]);
}
