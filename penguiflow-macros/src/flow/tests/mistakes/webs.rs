//! Mistakes in flows of several chains.

use super::check;

#[test]
fn a_later_chain_begins_where_a_message_has_been() {
    check(&[
        (
            "a; b",
            &[(
                1,
                4,
                "`b` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `b`",
            )],
        ),
        (
            "a -> b; c -> d; d -> e",
            &[(
                1,
                9,
                "`c` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `c`",
            )],
        ),
        (
            "a -> b; c -> d; e -> f",
            &[
                (
                    1,
                    9,
                    "`c` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `c`",
                ),
                (
                    1,
                    17,
                    "`e` is never reached: a flow begins with its first chain, at `a`, and a later chain with a node that is named before; lead an arrow to `e`",
                ),
            ],
        ),
        (
            "a -> b -> c; b -> d",
            &[(
                1,
                19,
                "this flow ends with `c` and with `d`, which run side by side: gather them, `(c, d) -> join`, or put `tee(…)` around what is not asked for",
            )],
        ),
    ]);
}

#[test]
fn a_misspelt_name_at_the_head_of_a_chain_is_told_with_the_near_one() {
    check(&[
        ("clean -> lookup; lokup -> rank", &[(1, 18, "no chain leads to `lokup`: did you mean `lookup`?")]),
        (
            "clean -> (lookup, search); (lookup, serch) -> join -> rank",
            &[(1, 37, "no chain leads to `serch`: did you mean `search`?")],
        ),
        (
            "clean -> nodes::lookup; nodes::lokup -> rank; rnak -> both",
            &[
                (1, 32, "no chain leads to `nodes::lokup`: did you mean `nodes::lookup`?"),
                (1, 47, "no chain leads to `rnak`: did you mean `rank`?"),
            ],
        ),
        ("clean -> lookup as other; othre -> rank", &[(1, 27, "no chain leads to `othre`: did you mean `other`?")]),
        (
            "clean; lookup -> looked; looked -> lookup",
            &[(
                1,
                8,
                "`lookup` is never reached: a flow begins with its first chain, at `clean`, and a later chain with a node that is named before; lead an arrow to `lookup`",
            )],
        ),
    ]);
}

#[test]
fn a_name_that_meets_itself_over_chains_is_a_cycle() {
    check(&[
        (
            "a -> b; b -> a",
            &[(
                1,
                14,
                "`a` is reached from itself: a -> b -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> b; b -> c; c -> a",
            &[(
                1,
                22,
                "`a` is reached from itself: a -> b -> c -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> b; b -> c; c -> d; d -> e; e -> a",
            &[(
                1,
                38,
                "`a` is reached from itself: a -> b -> c -> d -> e -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> (b, c); b -> d; d -> b; (b, c) -> join",
            &[(
                1,
                27,
                "`b` is reached from itself: b -> d -> b; write `repeat(turns = n) { … }` for a loop, or `b as other` for a second instance",
            )],
        ),
    ]);
}

#[test]
fn two_arrows_into_one_node_need_a_join() {
    check(&[
        (
            "a -> (b, c); b -> d; c -> d",
            &[(
                1,
                27,
                "`d` is reached from `b` and `c`: write `(b, c) -> join -> d`, or `d as other` for a second instance",
            )],
        ),
        ("a -> (b, c); (b, c) -> d", &[(1, 24, "`d` follows a fork: write `-> join -> d`")]),
        (
            "a -> (b, c, d); (b, c) -> join -> e; d -> e",
            &[(
                1,
                43,
                "`e` is reached from `join` and `d`: lead both into one `join` before it, or `e as other` for a second instance",
            )],
        ),
    ]);
}

#[test]
fn a_fork_over_chains_joins() {
    check(&[
        (
            "a -> (b, c); b -> d",
            &[(
                1,
                19,
                "this flow ends with `c` and with `d`, which run side by side: gather them, `(c, d) -> join`, or put `tee(…)` around what is not asked for",
            )],
        ),
        ("a -> (b, c); (c, b) -> join_k(3)", &[(1, 31, "`join_k(3)` never fires: the fork has 2 branches")]),
    ]);
}
