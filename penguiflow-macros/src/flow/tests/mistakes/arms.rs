//! Mistakes in arms and the ways out of a flow.

use super::check;

#[test]
fn an_arm_is_a_variant_and_a_way() {
    check(&[
        ("a -> r {} -> b", &[(1, 8, "`r` has no arms: write `Variant -> node` for each variant that it returns")]),
        ("a -> r { A } -> b", &[(1, 10, "`A` leads nowhere: write `A -> node`")]),
        ("a -> r { A -> } -> b", &[(1, 10, "`A` leads nowhere: write a node, `drop` or `done` behind the arrow")]),
        ("a -> r { A x, B -> y } -> b", &[(1, 12, "`->` is missing behind `A`")]),
        ("a -> r { A => x, B -> y } -> b", &[(1, 12, "arms are written with `->`: write `->` for `=>`")]),
        ("a -> r { A -> x, , B -> y } -> b", &[(1, 18, "an arm is missing before this `,`")]),
        ("a -> r { A -> x B -> y } -> b", &[(1, 17, "`,` is missing before this arm")]),
        ("a -> r { A -> x y, B -> z } -> b", &[(1, 17, "`->` is missing between `x` and this step")]),
        ("a -> r { A -> x, B -> y, A -> z } -> b", &[(1, 26, "`A` has an arm already: a variant leads one way")]),
        (
            "a -> r { Kind::A -> x, B -> y } -> b",
            &[(1, 10, "an arm names the variant without its enum: write `A -> …`")],
        ),
        (
            "a -> r { A(d) -> x, B -> y } -> b",
            &[(1, 11, "an arm names the variant only, and hands on what is in it: write `A -> …`")],
        ),
        (
            "a -> r { A | C -> x, B -> y } -> b",
            &[(1, 12, "each variant has an arm of its own: write `A -> a, Other -> a`")],
        ),
        (
            "a -> r { A if ok -> x, B -> y } -> b",
            &[(1, 12, "an arm has no condition: let the router return a variant for it")],
        ),
        (
            "a -> r { _ -> x, B -> y } -> b",
            &[(1, 10, "an arm names its variant: `_` would route what nobody thought of")],
        ),
        (
            "a -> r { 1 -> x, B -> y } -> b",
            &[(1, 10, "an arm begins with the name of a variant: write `Variant -> node`")],
        ),
        ("a -> r { #[allow(x)] A -> x, B -> y } -> b", &[(1, 10, "an arm takes no attribute but `#[cfg(…)]`")]),
        ("a -> r { #[cfg(unix) x] A -> x, B -> y } -> b", &[(1, 10, "an arm takes no attribute but `#[cfg(…)]`")]),
        ("a -> r { /** Good. */ A -> x, B -> y } -> b", &[(1, 10, "an arm takes no attribute but `#[cfg(…)]`")]),
        (
            "a -> (b, c) { A -> b } -> d",
            &[(
                1,
                13,
                "braces stand behind a router's name, `triage { Good -> polish }`, or behind `repeat(turns = 8)`",
            )],
        ),
        (
            "a -> if -> b",
            &[(1, 6, "`if` is a keyword of Rust: a choice is a router and its arms, `triage { Good -> polish }`")],
        ),
    ]);
}

#[test]
fn only_an_arm_leaves_the_flow() {
    check(&[
        ("a -> drop", &[(1, 6, "`drop` ends an arm of a router: write `Variant -> drop` between its braces")]),
        ("a -> done -> b", &[(1, 6, "`done` ends an arm of a router: write `Variant -> done` between its braces")]),
        (
            "a -> (drop, b) -> join",
            &[(1, 7, "`drop` ends an arm of a router: write `Variant -> drop` between its braces")],
        ),
        (
            "a -> repeat(turns = 8) { b -> done }",
            &[(1, 31, "`done` ends an arm of a router: write `Variant -> done` between its braces")],
        ),
        ("a -> r { A -> drop -> x, B -> y } -> b", &[(1, 20, "nothing runs behind `drop`: it ends the arm")]),
        ("a -> r { A -> drop B -> y } -> b", &[(1, 20, "`,` is missing behind `drop`, which ends the arm")]),
        (
            "a -> r { A -> drop(1), B -> y } -> b",
            &[(1, 19, "`drop` takes nothing in parentheses: write `Variant -> drop`")],
        ),
        (
            "a -> r { A -> drop, B -> done } -> b",
            &[(
                1,
                36,
                "`b` never runs: every arm of `r` leaves the flow by `drop` or `done`; let one arm go on, or remove it",
            )],
        ),
        (
            "a -> r { A -> drop, B -> s { X -> drop, Y -> done } } -> b",
            &[(
                1,
                58,
                "`b` never runs: every arm of `r` leaves the flow by `drop` or `done`; let one arm go on, or remove it",
            )],
        ),
        (
            "a -> r { A -> s { X -> drop } -> drop, B -> b }",
            &[(1, 34, "`drop` is never reached: every arm of `s` leaves already")],
        ),
        (
            "a -> r { A -> drop, B -> x -> drop }",
            &[(
                1,
                6,
                "this flow has no result: every arm of `r` ends in `drop`; let one arm go on, or end it in `done`",
            )],
        ),
        (
            "a -> (b, r { A -> done, B -> c }) -> join -> d",
            &[(1, 19, "`done` cannot leave a fork, whose other branches still run: let the arm go on to the join")],
        ),
    ]);
}
