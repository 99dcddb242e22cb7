//! Mistakes in nodes and instances.

use super::check;

#[test]
fn a_node_is_a_name() {
    check(&[
        (
            "a -> search(db) -> b",
            &[(
                1,
                12,
                r#"a flow captures nothing and passes no arguments: parentheses behind a node hold the policy of a second instance, `search(timeout = "5s") as quick`"#,
            )],
        ),
        ("a -> search() -> b", &[(1, 12, "these parentheses are empty: write `search` without them")]),
        (
            "a -> |q| q -> b",
            &[(1, 6, "a step is a node's name: a flow captures nothing, so write the closure as a `#[node]` function")],
        ),
        ("a -> search::<T> -> b", &[(1, 12, "a node has no type arguments: write its name only")]),
        ("a -> search<T> -> b", &[(1, 12, "a node has no type arguments: write its name only")]),
        ("a -> nodes:: -> b", &[(1, 14, "this path is not finished: a node's name follows `::`")]),
        ("a -> nodes::as -> b", &[(1, 13, "`as` is a keyword of Rust and no name: a node's name follows `::`")]),
        ("a -> nodes::self -> b", &[(1, 13, "`self` is a keyword of Rust and no name: a node's name follows `::`")]),
        (
            "a -> fn::b -> b2",
            &[(1, 6, "`fn` is a keyword of Rust and names no node: steps are nodes, forks `(b, c)` and words")],
        ),
        ("a -> b as -> c", &[(1, 8, "a name is missing behind `as`: write `b as quick`")]),
        ("a -> b as c -> c", &[(1, 11, "`c` is a node of this flow: give the instance of `b` another name")]),
        ("a -> b as x -> c as x -> d", &[(1, 21, "`x` is an instance of `b` already: give this one another name")]),
        ("a -> b as b -> c", &[(1, 11, "`b` is a node of this flow: give the instance of `b` another name")]),
        (
            "a -> b as join -> c",
            &[(1, 11, "an instance cannot be called `join`, which is a word of its own: choose another name")],
        ),
        (
            r#"a -> b as x(timeout = "1s") -> c"#,
            &[(1, 12, r#"policy stands before `as`: write `b(timeout = "1s") as x`"#)],
        ),
        (
            "a -> b as c as d -> e",
            &[(1, 13, "`as` names a second instance of a node: write it behind the node's name")],
        ),
    ]);
}

#[test]
fn an_instance_has_a_policy_of_its_own() {
    check(&[
        (
            r#"a -> search(timeout = "5s") -> b"#,
            &[(
                1,
                12,
                r#"`search` has the policy of its `#[node]`: an instance with another one has a name, `search(timeout = "5s") as other`"#,
            )],
        ),
        ("a -> search(retris = 2) as quick -> b", &[(1, 13, "`retris` is no argument here: write `retries = 3`")]),
        (
            r#"a -> search(timeout = "2x") as quick -> b"#,
            &[(1, 23, r#"`2x` is no duration: write a number and ns, us, ms, s, m or h, like `"2s"`"#)],
        ),
        (
            r#"a -> search(timeout = "0s") as quick -> b"#,
            &[(1, 23, r#"`0s` is no time at all: a duration is at least `"1ns"`"#)],
        ),
        (
            r#"a -> search(timeout = "-1s") as quick -> b"#,
            &[(1, 23, r#"`-1s` is no duration: write a number and ns, us, ms, s, m or h, like `"2s"`"#)],
        ),
        (
            "a -> search(concurrency = 0) as quick -> b",
            &[(1, 27, "`concurrency` takes a number from 1 to 1000000: write `concurrency = 16`")],
        ),
        (
            r#"a -> search(rate = "100") as quick -> b"#,
            &[(1, 20, r#"`100` is no rate: write a count per s, m, h or duration, like `"100/s"` or `"5/250ms"`"#)],
        ),
        ("a -> search(turns = 3) as quick -> b", &[(1, 13, "`turns` is for loops: write `#[controller(turns = 8)]`")]),
        (
            "a -> search(blocking = true) as quick -> b",
            &[(1, 13, "`blocking` belongs on the function: write `#[node(blocking)]` there")],
        ),
        (
            r#"a -> search(timeout = "1s", timeout = "2s") as quick -> b"#,
            &[(1, 29, "`timeout` is given twice: keep one")],
        ),
        (
            "a -> search(retries = 3, retry_if = is_busy) as quick -> search(validate = in) as checked",
            &[
                (1, 26, "`retry_if` belongs on the function: write `#[node(retry_if = is_transient)]` there"),
                (1, 65, "`validate` belongs on the function: write `#[node(validate = both)]` there"),
            ],
        ),
        (r#"a -> search(timeout = "1s" retries = 3) as quick -> b"#, &[(1, 28, "expected `,` between two arguments")]),
        (
            "a -> (search(timeout = 5) as x, search(color = 5) as y) -> join_k(3) -> b",
            &[
                (1, 24, r#"a duration has a unit and stands in quotes: write `"5s"` or `"5ms"`"#),
                (
                    1,
                    40,
                    "`color` is no argument here: there are `retries`, `backoff`, `jitter`, `timeout`, `concurrency`, `rate`, `tokens`, `usd`, `effect`, `on_cancel`",
                ),
                (1, 67, "`join_k(3)` never fires: the fork has 2 branches"),
            ],
        ),
    ]);
}
