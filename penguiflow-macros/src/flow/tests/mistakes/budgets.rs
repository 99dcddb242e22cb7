//! Mistakes in a flow's budget.

use super::check;

#[test]
fn a_budget_has_limits_in_any_order_each_at_most_once() {
    check(&[
        (r#"budget { hops: 64, tokens: 40_000, usd: 0.50, deadline: "30s" } a -> b"#, &[]),
        (r#"budget { deadline: "1.5s", usd: 12, } a -> b"#, &[]),
        (r#"budget { usd: 0.000_000_000_001 }; a -> b"#, &[]),
        ("budget { tokens: 0, usd: 0 } channels(8) a -> b", &[]),
        ("channels(8) budget { hops: 1 } a -> b", &[]),
        ("pub support(Question) -> Answer { budget { hops: 18446744073709551615 } a -> b }", &[]),
        ("budget { hops: 64, usd: 1, hops: 8 } a -> b", &[(1, 28, "`hops` is given twice: keep one")]),
        ("budget { hops: 64 } channels(8) budget { usd: 1 } a -> b", &[(1, 33, "`budget` is given twice: keep one")]),
        (
            "budget { hops: 64 } channels(8); a -> (b, c)",
            &[(1, 39, "this fork never joins: write `-> join` behind it")],
        ),
    ]);
}

#[test]
fn a_budget_stands_in_braces_before_the_first_chain() {
    const NEEDS: &str = "`budget` needs its limits: write `budget { hops: 64 }`";
    const BEFORE: &str = "`budget` stands before a flow's first chain: write `budget { hops: 64 } a -> b`";
    check(&[
        ("budget a -> b", &[(1, 1, NEEDS)]),
        ("budget; a -> b", &[(1, 1, NEEDS)]),
        ("budget 64 a -> b", &[(1, 1, NEEDS)]),
        ("budget {} a -> b", &[(1, 8, "this budget limits nothing: write `budget { hops: 64 }`, or leave it out")]),
        ("budget(hops: 64) a -> b", &[(1, 7, "the limits of a budget stand in braces: write `budget { hops: 64 }`")]),
        ("budget [hops: 64] a -> b", &[(1, 8, "the limits of a budget stand in braces: write `budget { hops: 64 }`")]),
        (
            "budget: { hops: 64 } a -> b",
            &[(1, 7, "braces follow `budget` at once: leave `:` out, `budget { hops: 64 }`")],
        ),
        (
            "budget = { hops: 64 } a -> b",
            &[(1, 8, "braces follow `budget` at once: leave `=` out, `budget { hops: 64 }`")],
        ),
        ("a -> budget { hops: 64 } -> b", &[(1, 6, BEFORE)]),
        ("a -> b; budget { hops: 64 }", &[(1, 9, BEFORE)]),
        ("a -> b; budget { hops: 64 } b -> c", &[(1, 9, BEFORE)]),
        ("a -> b budget { hops: 64 }", &[(1, 8, BEFORE)]),
        ("a -> repeat(turns = 2) { budget { hops: 64 } b } -> c", &[(1, 26, BEFORE)]),
        ("budgt { hops: 64 } a -> b", &[(1, 1, "there is no word `budgt`: did you mean `budget { hops: 64 }`?")]),
        (
            "channels(8) budgets { hops: 64 } a -> b",
            &[(1, 13, "there is no word `budgets`: did you mean `budget { hops: 64 }`?")],
        ),
        ("budget { hops: 64 }", &[(1, 1, "this flow has no step: write a chain of nodes, `a -> b`")]),
    ]);
}

#[test]
fn what_no_budget_has_is_told_with_what_to_write() {
    check(&[
        ("budget { hop: 64 } a -> b", &[(1, 10, "a budget has no `hop`: write `hops: 64`")]),
        ("budget { token: 64 } a -> b", &[(1, 10, "a budget has no `token`: write `tokens: 40_000`")]),
        ("budget { max_hops: 64 } a -> b", &[(1, 10, "a budget has no `max_hops`: write `hops: 64`")]),
        ("budget { steps: 64 } a -> b", &[(1, 10, "a budget has no `steps`: write `hops: 64`")]),
        ("budget { max_tokens: 64 } a -> b", &[(1, 10, "a budget has no `max_tokens`: write `tokens: 40_000`")]),
        ("budget { cost: 0.5 } a -> b", &[(1, 10, "a budget has no `cost`: write `usd: 0.50`")]),
        ("budget { hops: 3, money: 0.5 } a -> b", &[(1, 19, "a budget has no `money`: write `usd: 0.50`")]),
        (
            "budget { eur: 0.5 } a -> b",
            &[(1, 10, "a budget has no `eur`: money is counted in US dollars: write `usd: 0.50`")],
        ),
        (r#"budget { deadlin: "3s" } a -> b"#, &[(1, 10, r#"a budget has no `deadlin`: write `deadline: "30s"`"#)]),
        (r#"budget { time: "3s" } a -> b"#, &[(1, 10, r#"a budget has no `time`: write `deadline: "30s"`"#)]),
        (
            r#"budget { timeout: "3s" } a -> b"#,
            &[(
                1,
                10,
                r#"a budget has no `timeout`: `timeout` is about one attempt of a node: a flow's time is limited by `deadline: "30s"`"#,
            )],
        ),
        (
            "budget { turns: 8 } a -> b",
            &[(1, 10, "a budget has no `turns`: turns are counted by each loop: write `repeat(turns = 8) { … }`")],
        ),
        (
            "budget { retries: 8 } a -> b",
            &[(1, 10, "a budget has no `retries`: `retries` are a node's own: write `#[node(retries = 3)]`")],
        ),
        (
            "budget { colour: red, hops: 0 } a -> b",
            &[
                (1, 10, "a budget has no `colour`: it limits `hops`, `tokens`, `usd` and `deadline`"),
                (1, 29, "a budget of 0 hops lets no node run: `hops` is 1 or more"),
            ],
        ),
    ]);
}

#[test]
fn a_limit_is_a_name_and_a_value() {
    check(&[
        ("budget { hops } a -> b", &[(1, 10, "`hops` needs a value: write `hops: 64`")]),
        ("budget { hops: } a -> b", &[(1, 10, "`hops` needs a value: write `hops: 64`")]),
        ("budget { hops:, usd: 1 } a -> b", &[(1, 10, "`hops` needs a value: write `hops: 64`")]),
        ("budget { hops = 64 } a -> b", &[(1, 15, "the value of a limit stands behind `:`: write `hops: 64`")]),
        ("budget { hops 64 } a -> b", &[(1, 15, "the value of a limit stands behind `:`: write `hops: 64`")]),
        ("budget { hops(64) } a -> b", &[(1, 14, "the value of a limit stands behind `:`: write `hops: 64`")]),
        ("budget { 64 } a -> b", &[(1, 10, "a limit is a name and its value: write `hops: 64`")]),
        ("budget { , hops: 64 } a -> b", &[(1, 10, "a limit is missing before this `,`")]),
        ("budget { hops: 64 tokens: 3 } a -> b", &[(1, 19, "`,` is missing before `tokens`")]),
        ("budget { hops: 64; tokens: 3 } a -> b", &[(1, 18, "limits are separated by `,`")]),
        (
            "budget { hops: x, hops: 3 } a -> b",
            &[
                (1, 16, "`hops` is a whole number of 1 or more that is written out: `hops: 64`"),
                (1, 19, "`hops` is given twice: keep one"),
            ],
        ),
    ]);
}

#[test]
fn hops_and_tokens_are_whole_numbers() {
    const HOPS: &str = "`hops` is a whole number of 1 or more that is written out: `hops: 64`";
    const TOKENS: &str = "`tokens` is a whole number that is written out: `tokens: 40_000`";
    check(&[
        ("budget { hops: 0 } a -> b", &[(1, 16, "a budget of 0 hops lets no node run: `hops` is 1 or more")]),
        ("budget { hops: LIMIT } a -> b", &[(1, 16, HOPS)]),
        (r#"budget { hops: "64" } a -> b"#, &[(1, 16, HOPS)]),
        ("budget { hops: 6.5 } a -> b", &[(1, 16, HOPS)]),
        ("budget { hops: 64u64 } a -> b", &[(1, 16, HOPS)]),
        ("budget { hops: -1 } a -> b", &[(1, 16, HOPS)]),
        ("budget { hops: 8 * 8 } a -> b", &[(1, 18, HOPS)]),
        ("budget { tokens: -1 } a -> b", &[(1, 18, TOKENS)]),
        ("budget { tokens: 40k } a -> b", &[(1, 18, TOKENS)]),
        ("budget { tokens: true } a -> b", &[(1, 18, TOKENS)]),
        ("budget { tokens: 1e6 } a -> b", &[(1, 18, TOKENS)]),
        ("budget { tokens: 18446744073709551616 } a -> b", &[(1, 18, "`tokens` is at most 18446744073709551615")]),
    ]);
}

#[test]
fn money_is_read_digit_by_digit() {
    const USD: &str = "`usd` is an amount of dollars that is written out: `usd: 0.50`";
    check(&[
        ("budget { usd: 18446744.073709551615 } a -> b", &[]),
        (
            "budget { usd: 18446744.073709551616 } a -> b",
            &[(1, 15, "`18446744.073709551616` is too much: an amount of dollars is at most 18446744")],
        ),
        (
            "budget { usd: 0.0000000000001 } a -> b",
            &[(1, 15, "`0.0000000000001` is too fine: an amount of dollars has at most 12 digits behind the point")],
        ),
        (
            "budget { usd: 1e-3 } a -> b",
            &[(1, 15, "`1e-3` is no amount of dollars: write digits and at most one point, like `0.50`")],
        ),
        (
            "budget { usd: 0.5f64 } a -> b",
            &[(1, 15, "`0.5f64` is no amount of dollars: write digits and at most one point, like `0.50`")],
        ),
        (
            "budget { usd: 0x10 } a -> b",
            &[(1, 15, "`0x10` is no amount of dollars: write digits and at most one point, like `0.50`")],
        ),
        (
            "budget { usd: 1. } a -> b",
            &[(1, 15, "`1.` is no amount of dollars: write digits and at most one point, like `0.50`")],
        ),
        (r#"budget { usd: "0.50" } a -> b"#, &[(1, 15, "an amount of dollars has no quotes: write `usd: 0.50`")]),
        ("budget { usd: -0.5 } a -> b", &[(1, 15, USD)]),
        ("budget { usd: .5 } a -> b", &[(1, 15, USD)]),
        ("budget { usd: $0.50 } a -> b", &[(1, 15, USD)]),
        ("budget { usd: 'c' } a -> b", &[(1, 15, USD)]),
        ("budget { usd: 0.50 USD } a -> b", &[(1, 20, USD)]),
    ]);
}

#[test]
fn a_flow_s_deadline_is_a_duration_in_quotes() {
    check(&[
        ("budget { deadline: 30 } a -> b", &[(1, 20, "a duration has a unit and stands in quotes: write `\"30s\"`")]),
        ("budget { deadline: 30s } a -> b", &[(1, 20, "a duration stands in quotes: write `\"30s\"`")]),
        ("budget { deadline: 'c' } a -> b", &[(1, 20, "`deadline` is a duration in quotes: `deadline: \"30s\"`")]),
        ("budget { deadline: later } a -> b", &[(1, 20, "`deadline` is a duration in quotes: `deadline: \"30s\"`")]),
        (
            r#"budget { deadline: "30" } a -> b"#,
            &[(1, 20, "`30` has no unit: write ns, us, ms, s, m or h behind it, like `\"30s\"`")],
        ),
        (r#"budget { deadline: "0s" } a -> b"#, &[(1, 20, "`0s` is no time at all: a duration is at least `\"1ns\"`")]),
    ]);
}

#[test]
fn a_proof_is_one_word_beside_a_deadline() {
    const ALONE: &str = "`prove` stands alone: write `deadline: \"30s\", prove`";
    const NONE: &str = "`prove` proves the deadline, and there is none: write `deadline: \"30s\", prove`";
    check(&[
        (r#"budget { deadline: "30s", prove } a -> b"#, &[]),
        (r#"budget { prove, deadline: "30s", } a -> b"#, &[]),
        ("budget { prove } a -> b", &[(1, 10, NONE)]),
        ("budget { hops: 8, prove } a -> b", &[(1, 19, NONE)]),
        (r#"budget { deadline: "30s", prove: true } a -> b"#, &[(1, 32, ALONE)]),
        (r#"budget { deadline: "30s", prove = "30s" } a -> b"#, &[(1, 33, ALONE)]),
        (r#"budget { deadline: "30s", prove(strict) } a -> b"#, &[(1, 32, ALONE)]),
        (r#"budget { deadline: "30s", prove, prove } a -> b"#, &[(1, 34, "`prove` is given twice: keep one")]),
        (r#"budget { prove deadline: "30s" } a -> b"#, &[(1, 16, "`,` is missing before `deadline`")]),
        (r#"budget { deadline: "30s" prove } a -> b"#, &[(1, 26, "`,` is missing before `prove`")]),
        (
            "budget { deadline: 30, prove } a -> b",
            &[(1, 20, "a duration has a unit and stands in quotes: write `\"30s\"`")],
        ),
        (r#"budget { deadline: "30s", proof } a -> b"#, &[(1, 27, "a budget has no `proof`: write `prove`")]),
        (r#"budget { deadline: "30s", prov } a -> b"#, &[(1, 27, "a budget has no `prov`: write `prove`")]),
    ]);
}
