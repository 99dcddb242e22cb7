//! Mistakes in cycles, forks, joins.

use super::check;

#[test]
fn a_name_that_meets_itself_is_a_cycle() {
    check(&[
        (
            "a -> a",
            &[(
                1,
                6,
                "`a` is reached from itself: a -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> b -> a",
            &[(
                1,
                11,
                "`a` is reached from itself: a -> b -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> b -> c -> a",
            &[(
                1,
                16,
                "`a` is reached from itself: a -> b -> c -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> b -> c -> d -> e -> a",
            &[(
                1,
                26,
                "`a` is reached from itself: a -> b -> c -> d -> e -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> b -> a -> b",
            &[(
                1,
                11,
                "`a` is reached from itself: a -> b -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> x::b -> c -> x::b",
            &[(
                1,
                22,
                "`x::b` is reached from itself: x::b -> c -> x::b; write `repeat(turns = n) { … }` for a loop, or `x::b as other` for a second instance",
            )],
        ),
        (
            "a -> (b, c) -> join -> d -> b",
            &[(
                1,
                29,
                "`b` is reached from itself: b -> join -> d -> b; write `repeat(turns = n) { … }` for a loop, or `b as other` for a second instance",
            )],
        ),
        (
            "a -> r { A -> b, B -> c } -> c",
            &[(
                1,
                30,
                "`c` is reached from itself: c -> c; write `repeat(turns = n) { … }` for a loop, or `c as other` for a second instance",
            )],
        ),
        (
            "a -> (b, map(a, 2)) -> join",
            &[(
                1,
                14,
                "`a` is reached from itself: a -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> repeat(turns = 2) { b -> a }",
            &[(
                1,
                31,
                "`a` is reached from itself: a -> b -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
            )],
        ),
        (
            "a -> (b, c -> b2 -> c) -> join -> r { X -> a, Y -> drop }",
            &[
                (
                    1,
                    21,
                    "`c` is reached from itself: c -> b2 -> c; write `repeat(turns = n) { … }` for a loop, or `c as other` for a second instance",
                ),
                (
                    1,
                    44,
                    "`a` is reached from itself: a -> b -> join -> r -> a; write `repeat(turns = n) { … }` for a loop, or `a as other` for a second instance",
                ),
            ],
        ),
    ]);
}

#[test]
fn a_fork_joins() {
    check(&[
        ("a -> (b, c)", &[(1, 6, "this fork never joins: write `-> join` behind it")]),
        ("a -> (b, c) -> d", &[(1, 16, "`d` follows a fork: write `-> join -> d`")]),
        ("a -> (b, c) -> (d, e) -> join", &[(1, 16, "`(…)` follows a fork: write `-> join -> (…)`")]),
        ("a -> (b, c) -> map(w, 2)", &[(1, 16, "`map` follows a fork: write `-> join -> map`")]),
        ("a -> (b, c) -> jion -> d", &[(1, 16, "there is no word `jion`: did you mean `join`?")]),
        ("a -> (b, (c, d)) -> join -> e", &[(1, 10, "this fork never joins: write `-> join` behind it")]),
        ("a -> (b, c -> (d, e)) -> join -> f", &[(1, 15, "this fork never joins: write `-> join` behind it")]),
        ("a -> r { A -> (b, c), B -> d } -> e", &[(1, 15, "this fork never joins: write `-> join` behind it")]),
        (
            "a -> (b) -> join -> c",
            &[(1, 6, "a fork has two branches or more, `(b, c)`: write a single step without parentheses")],
        ),
        (
            "a -> (b) -> c",
            &[(1, 6, "a fork has two branches or more, `(b, c)`: write a single step without parentheses")],
        ),
        (
            "a -> () -> c",
            &[(1, 6, "a fork has two branches or more, `(b, c)`: write a single step without parentheses")],
        ),
        ("a -> (b, , c) -> join", &[(1, 10, "a branch is missing before this `,`")]),
        (
            "a -> (b, r { A -> drop, B -> drop }) -> join -> d",
            &[(1, 10, "`join` never fires: every arm of `r` leaves this branch by `drop`; let one arm go on")],
        ),
        (
            "a, b -> c",
            &[(
                1,
                2,
                "`,` separates branches and arms: put parentheses around the branches of a fork, `(b, c) -> join`",
            )],
        ),
        ("a -> (b; c) -> join", &[(1, 8, "branches are separated by `,`")]),
        ("a -> [b, c] -> d", &[(1, 6, "brackets mean nothing here: a fork is written in parentheses, `(b, c)`")]),
    ]);
}

#[test]
fn a_join_gathers_the_branches_of_a_fork() {
    check(&[
        ("join -> b", &[(1, 1, "`join` needs a fork before it: write `(b, c) -> join`")]),
        ("a -> join -> b", &[(1, 6, "`join` needs a fork before it: write `(b, c) -> join`")]),
        ("a -> (b, c) -> join -> join -> d", &[(1, 24, "`join` needs a fork before it: write `(b, c) -> join`")]),
        ("a -> r { A -> b, B -> c } -> join", &[(1, 30, "`join` needs a fork before it: write `(b, c) -> join`")]),
        (
            "a -> (b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13) -> join -> d",
            &[(
                1,
                66,
                "`join` takes 2 to 12 branches and here are 13: write `join_k(13)` for branches of one type, or `map(worker, 8)` over a list",
            )],
        ),
        (
            "a -> (b, c) -> join(2) -> d",
            &[(
                1,
                20,
                "`join` takes nothing in parentheses: it waits for all branches; for the first two write `join_k(2)`",
            )],
        ),
        (
            "a -> (b, c) -> join_k -> d",
            &[(1, 16, "`join_k` needs the number of branches that it waits for: write `join_k(2)`")],
        ),
        ("a -> (b, c) -> join_k() -> d", &[(1, 22, "`join_k` takes one number: write `join_k(2)`")]),
        ("a -> (b, c) -> join_k(1, 2) -> d", &[(1, 22, "`join_k` takes one number: write `join_k(2)`")]),
        ("a -> (b, c) -> join_k(0) -> d", &[(1, 23, "`join_k(0)` waits for nothing: k is 1 or more")]),
        ("a -> (b, c) -> join_k(3) -> d", &[(1, 23, "`join_k(3)` never fires: the fork has 2 branches")]),
        ("a -> (b, c) -> join_k(two) -> d", &[(1, 23, "k is a whole number that is written out: `join_k(2)`")]),
        (r#"a -> (b, c) -> join_k("2") -> d"#, &[(1, 23, "k is a whole number that is written out: `join_k(2)`")]),
        ("a -> (b, c) -> join_k(-1) -> d", &[(1, 23, "k is 1 or more: write `join_k(2)`")]),
        ("a -> (b, c) -> join_k(99999999999) -> d", &[(1, 23, "k is at most 4294967295")]),
        (
            "a -> (b, c) -> first(2) -> d",
            &[(1, 21, "`first` takes nothing in parentheses: it gives one value; for the first two write `join_k(2)`")],
        ),
        (
            "a -> (b, c) -> settle(2) -> d",
            &[(1, 22, "`settle` takes nothing in parentheses: it waits for all branches")],
        ),
        ("a -> first -> d", &[(1, 6, "`first` needs a fork before it: write `(b, c) -> first`")]),
        ("a -> settle -> d", &[(1, 6, "`settle` needs a fork before it: write `(b, c) -> settle`")]),
        ("a -> (b, c) -> frist -> d", &[(1, 16, "there is no word `frist`: did you mean `first`?")]),
        ("a -> (b, c) -> setle -> d", &[(1, 16, "there is no word `setle`: did you mean `settle`?")]),
        (
            "a -> (b, c, d, e, f, g, h, i, j, k, l, m, n) -> settle -> o",
            &[(
                1,
                49,
                "`settle` takes 2 to 12 branches and here are 13: make some of them a flow that settles its own",
            )],
        ),
        ("a -> (b, c) -> jion_k(2) -> d", &[(1, 16, "there is no word `jion_k`: did you mean `join_k(2)`?")]),
        (
            "a -> (b, c) -> join { A -> d } -> e",
            &[(
                1,
                21,
                "braces stand behind a router's name, `triage { Good -> polish }`, or behind `repeat(turns = 8)`",
            )],
        ),
    ]);
}
