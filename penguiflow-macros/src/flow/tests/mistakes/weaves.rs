//! Mistakes in chains that do not nest.

use super::check;

#[test]
fn a_step_is_led_to_once_or_from_arms() {
    check(&[
        ("a -> b; a -> b -> c", &[(1, 14, "the arrow from `a` to `b` is written twice: keep one")]),
        (
            "a -> (b, c); b -> d; (b, c) -> join -> d",
            &[(
                1,
                40,
                "`d` is reached from `b` and `join`: lead both into one `join` before it, or `d as other` for a second instance",
            )],
        ),
        (
            "a -> (b, c); b -> d; (b, b) -> join -> e; (c, d, e) -> join",
            &[(1, 32, "`b` stands before this `join` twice: each of its branches is another one")],
        ),
        (
            "a -> b; b -> c; b -> d; b -> e; (c, d) -> join -> f; (d, e) -> join -> g; f -> g",
            &[(
                1,
                80,
                "`g` is reached from `join` and `f`: lead both into one `join` before it, or `g as other` for a second instance",
            )],
        ),
    ]);
}

#[test]
fn what_is_said_about_a_node_is_said_once() {
    check(&[
        (
            "a -> t { A -> x, B -> drop }; a -> t { A -> y, B -> drop }; x -> d",
            &[(
                1,
                36,
                "`t` stands in this flow already: write its name alone here, and all that is said about it where an arrow leads to it first; or `t as other` for a second instance",
            )],
        ),
        (
            "a -> b; a -> queue(8) -> b; b -> c",
            &[(
                1,
                26,
                "`b` stands in this flow already: write its name alone here, and all that is said about it where an arrow leads to it first; or `b as other` for a second instance",
            )],
        ),
        (
            "a -> (b, c); b(retries = 2) -> d; (b, c) -> join -> e; (d, e) -> join",
            &[(
                1,
                14,
                "`b` stands in this flow already: write its name alone here, and all that is said about it where an arrow leads to it first; or `b as other` for a second instance",
            )],
        ),
        (
            "a -> (b, c); b -> d as d2; (b, c) -> join -> d as d2; (d2, b) -> join",
            &[(1, 51, "`d2` is an instance of `d` already: give this one another name")],
        ),
    ]);
}

#[test]
fn a_join_in_front_of_which_a_branch_may_be_missing_is_told() {
    check(&[
        (
            "a -> (triage { Thin -> lookup, Rich -> enough }, b); lookup -> x; (x, b) -> join -> c; enough -> d",
            &[(
                1,
                77,
                "`join` may never fire: `x` runs only in arm `Thin` of `triage`; write the `join` inside that arm, or let all arms go on to this branch",
            )],
        ),
        (
            "a -> triage { Thin -> lookup, Rich -> enough }; a -> b; (lookup, b) -> join -> c; enough -> d",
            &[(
                1,
                72,
                "`join` may never fire: `lookup` runs only in arm `Thin` of `triage`; write the `join` inside that arm, or let all arms go on to this branch",
            )],
        ),
        (
            "a -> (t { A -> x, B -> done }, c); x -> d; (d, c) -> join -> e",
            &[(
                1,
                54,
                "`join` may never fire: `d` runs only in arm `A` of `t`; write the `join` inside that arm, or let all arms go on to this branch",
            )],
        ),
        (
            "a -> t { A -> x, #[cfg(unix)] B -> y }; x -> d; y -> e -> d; d -> f",
            &[(
                1,
                18,
                "an arm that other chains go on from is there in every build: put the `#[cfg(…)]` on another arm, or write all that follows inside this one",
            )],
        ),
        (
            "a -> (b, c); b -> t { A -> drop, B -> drop }; (t, c) -> join -> x; c -> y; (x, y) -> join",
            &[(1, 57, "`join` never fires: every arm of `t` leaves this branch by `drop`; let one arm go on")],
        ),
    ]);
}

#[test]
fn a_flow_ends_in_one_place() {
    check(&[
        (
            "a -> (t { A -> x, B -> y }, c); x -> d; y -> d; (d, c) -> first -> e; c -> f",
            &[(
                1,
                76,
                "this flow ends with `e` and with `f`, which run side by side: gather them, `(e, f) -> join`, or put `tee(…)` around what is not asked for",
            )],
        ),
        (
            "a -> (b, c); b -> repeat(turns = 2) { r { X -> done, Y -> y } -> z } -> d; (b, c) -> join -> e; (d, e) -> join",
            &[(1, 48, "`done` cannot leave a fork, whose other branches still run: let the arm go on to the join")],
        ),
        (
            "a -> (b, ); b -> c; a -> d",
            &[(1, 6, "a fork has two branches or more, `(b, c)`: write a single step without parentheses")],
        ),
    ]);
}

#[test]
fn each_mistake_between_chains_is_told_once() {
    check(&[
        ("a -> (b, c); b -> d; (b, c) -> e; (e, d) -> join", &[(1, 32, "`e` follows a fork: write `-> join -> e`")]),
        (
            "a -> (b, c); b -> d; (b, c) -> jion -> e; (e, d) -> join",
            &[(1, 32, "there is no word `jion`: did you mean `join`?")],
        ),
        (
            "a -> (b, c); b -> d; (b, c) -> join -> e; (d, e) -> join -> f; f -> b",
            &[(
                1,
                69,
                "`b` is reached from itself: b -> d -> join -> f -> b; write `repeat(turns = n) { … }` for a loop, or `b as other` for a second instance",
            )],
        ),
        (
            "a -> (b, c); b -> d; (b, zz) -> join -> e; (d, e, c) -> join -> f",
            &[(
                1,
                26,
                "`zz` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `zz`",
            )],
        ),
        (
            "a -> (b, c); b -> d; join -> e; (d, c) -> join -> f",
            &[(1, 22, "a later chain begins with nodes that are named before: put one in front of `join`")],
        ),
        (
            "a -> (b, c); b -> d -> x; c -> d; d -> e -> a; q -> r",
            &[
                (
                    1,
                    32,
                    "`d` is reached from `b` and `c`: write `(b, c) -> join -> d`, or `d as other` for a second instance",
                ),
                (
                    1,
                    45,
                    "`a` is reached from itself: a -> b -> d -> e -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
                ),
                (
                    1,
                    48,
                    "`q` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `q`",
                ),
            ],
        ),
        (
            "a -> (b, c); b -> d; join(b, c) -> e",
            &[
                (1, 22, "a later chain begins with nodes that are named before: put one in front of `join`"),
                (
                    1,
                    26,
                    "`join` takes nothing in parentheses: it waits for all branches; for the first two write `join_k(2)`",
                ),
            ],
        ),
        (
            "a -> (b, c, d); (b, c) -> join_k(3) -> e; (c, d) -> join -> f; (e, f) -> join",
            &[(1, 34, "`join_k(3)` never fires: the fork has 2 branches")],
        ),
        (
            "a -> ((b, c), d) -> join_k(2) -> e; c -> f; (e, f) -> join",
            &[(1, 21, "`join_k` follows a fork: write `-> join -> join_k`")],
        ),
        (
            "a -> (b, c); b -> d; (b, c) -> join_2 -> e; (e, d) -> join",
            &[(1, 32, "there is no word `join_2`: did you mean `join_k`?")],
        ),
        ("a -> b -> queue(8); a -> c; (b, c) -> join", &[(1, 11, "`queue` leads to nothing: a node stands behind it")]),
        (
            "a; c -> d; d -> c",
            &[(
                1,
                4,
                "`c` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `c`",
            )],
        ),
    ]);
}
