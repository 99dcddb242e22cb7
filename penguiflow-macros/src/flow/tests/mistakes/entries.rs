//! Mistakes in what stands before a node: queues, batches and channels.

use super::check;

#[test]
fn a_queue_has_a_capacity_and_at_most_workers() {
    const NEEDS: &str = "`queue` needs its capacity: write `queue(64)`, or `queue(64, workers = 4)`";
    check(&[
        ("a -> queue -> b", &[(1, 6, NEEDS)]),
        ("a -> queue() -> b", &[(1, 6, NEEDS)]),
        ("a -> queue(0) -> b", &[(1, 12, "a queue of 0 lets nothing through: the capacity is 1 or more")]),
        ("a -> queue(-1) -> b", &[(1, 12, "the capacity is 1 or more: write `queue(64)`")]),
        ("a -> queue(n) -> b", &[(1, 12, "the capacity is a whole number that is written out: `queue(64)`")]),
        ("a -> queue(5000000000) -> b", &[(1, 12, "the capacity is at most 4294967295")]),
        ("a -> queue(64, workers = 0) -> b", &[(1, 26, "a queue of 0 workers never moves: `workers` is 1 or more")]),
        (
            "a -> queue(0, workers = 0) -> b",
            &[
                (1, 12, "a queue of 0 lets nothing through: the capacity is 1 or more"),
                (1, 25, "a queue of 0 workers never moves: `workers` is 1 or more"),
            ],
        ),
        (
            "a -> queue(64, 4) -> b",
            &[(1, 16, "behind the capacity `queue` takes the number of its workers only: write `workers = 4`")],
        ),
        (
            "a -> queue(64, worker = 4) -> b",
            &[(1, 16, "behind the capacity `queue` takes the number of its workers only: write `workers = 4`")],
        ),
        (
            "a -> queue(workers = 4) -> b",
            &[(1, 12, "the capacity stands before `workers`: write `queue(64, workers = 4)`")],
        ),
        (
            "a -> queue(64, workers = 4, 8) -> b",
            &[(1, 29, "`queue` takes its capacity and at most its workers: write `queue(64, workers = 4)`")],
        ),
        ("a -> queu(64) -> b", &[(1, 6, "there is no word `queu`: did you mean `queue(64)`?")]),
    ]);
}

#[test]
fn a_node_stands_behind_a_queue() {
    check(&[
        ("a -> queue(8)", &[(1, 6, "`queue` leads to nothing: a node stands behind it")]),
        ("queue(8)", &[(1, 1, "`queue` leads to nothing: a node stands behind it")]),
        ("a -> (b, c -> queue(8)) -> join", &[(1, 15, "`queue` leads to nothing: a node stands behind it")]),
        ("a -> r { A -> queue(8), B -> b } -> c", &[(1, 15, "`queue` leads to nothing: a node stands behind it")]),
        (
            "a -> r { A -> queue(8) -> drop, B -> b } -> c",
            &[(1, 15, "`queue` leads to nothing: a node stands behind it")],
        ),
        (
            "a -> queue(8) -> (b, c) -> join",
            &[(1, 6, "`queue` stands before a node, and not before a fork: make that a flow of its own")],
        ),
        ("a -> (b, c) -> queue(8) -> join -> d", &[(1, 16, "`queue` follows a fork: write `-> join -> queue`")]),
        (
            "a -> queue(8) -> map(w, 4) -> b",
            &[(1, 6, "`queue` stands before a node, and not before a map: make that a flow of its own")],
        ),
        (
            "a -> queue(8) -> repeat(turns = 4) { b } -> c",
            &[(1, 6, "`queue` stands before a node, and not before a loop: make that a flow of its own")],
        ),
        ("a -> queue(8) -> queue(4) -> b", &[(1, 6, "`queue` and `queue` stand before one node: keep one of them")]),
        (
            "a -> repeat(turns = 8) { b } else queue(8) -> c",
            &[(1, 35, "behind `else` stands one node: make more than that a flow of its own")],
        ),
        (
            "a -> map(queue(8) -> w, 4) -> b",
            &[(1, 22, "`map` runs one node: make the rest a flow of its own, and map that")],
        ),
    ]);
}

#[test]
fn channels_stand_before_the_first_chain_and_have_one_capacity() {
    const NEEDS: &str = "`channels` needs the capacity of each channel: write `channels(64)`";
    check(&[
        ("channels a -> b", &[(1, 1, NEEDS)]),
        ("channels() a -> b", &[(1, 1, NEEDS)]),
        ("channels(0) a -> b", &[(1, 10, "channels of 0 let nothing through: the capacity is 1 or more")]),
        (
            "channels(64, workers = 4) a -> b",
            &[(
                1,
                9,
                "`channels` takes one number: each node has one worker; for more write `queue(64, workers = 4)` before it",
            )],
        ),
        ("channels(8) channels(4) a -> b", &[(1, 13, "`channels` is given twice: keep one")]),
        (
            "a -> channels(8) -> b",
            &[(1, 6, "`channels` stands before a flow's first chain: write `channels(64) a -> b`")],
        ),
        ("a -> b channels(8)", &[(1, 8, "`channels` stands before a flow's first chain: write `channels(64) a -> b`")]),
        ("chanels(64) a -> b", &[(1, 1, "there is no word `chanels`: did you mean `channels(64)`?")]),
    ]);
}

#[test]
fn a_batch_has_a_size_and_a_time_to_wait() {
    const NEEDS: &str = "`batch` needs its size, and how long it waits to be full: write `batch(32, \"10ms\")`";
    check(&[
        ("a -> batch -> b", &[(1, 6, NEEDS)]),
        ("a -> batch() -> b", &[(1, 6, NEEDS)]),
        (r#"a -> batch(0, "10ms") -> b"#, &[(1, 12, "a batch of 0 holds nothing: the size is 1 or more")]),
        (
            r#"a -> batch(n, "10ms") -> b"#,
            &[(1, 12, "the size of the batch is a whole number that is written out: `batch(32, \"10ms\")`")],
        ),
        (
            r#"a -> batch("10ms", 32) -> b"#,
            &[(1, 12, "`batch` takes its size first, then how long it waits: write `batch(32, \"10ms\")`")],
        ),
        ("a -> batch(8) -> b", &[(1, 12, "how long does the batch wait to be full? write `batch(8, \"10ms\")`")]),
        ("a -> batch(8,) -> b", &[(1, 12, "how long does the batch wait to be full? write `batch(8, \"10ms\")`")]),
        ("a -> batch(8, 10) -> b", &[(1, 15, "a duration has a unit and stands in quotes: write `\"10ms\"`")]),
        ("a -> batch(8, 10ms) -> b", &[(1, 15, "a duration stands in quotes: write `\"10ms\"`")]),
        ("a -> batch(8, wait) -> b", &[(1, 15, "how long a batch waits is a duration in quotes, like `\"10ms\"`")]),
        (
            r#"a -> batch(8, "10") -> b"#,
            &[(1, 15, "`10` has no unit: write ns, us, ms, s, m or h behind it, like `\"10s\"`")],
        ),
        (r#"a -> batch(8, "0ms") -> b"#, &[(1, 15, "`0ms` is no time at all: a duration is at least `\"1ns\"`")]),
        (
            r#"a -> batch(0, "0ms") -> b"#,
            &[
                (1, 12, "a batch of 0 holds nothing: the size is 1 or more"),
                (1, 15, "`0ms` is no time at all: a duration is at least `\"1ns\"`"),
            ],
        ),
        (
            r#"a -> batch(8, "10ms", 4) -> b"#,
            &[(1, 23, "`batch` takes its size and how long it waits: write `batch(32, \"10ms\")`")],
        ),
        (r#"a -> bach(8, "10ms") -> b"#, &[(1, 6, "there is no word `bach`: did you mean `batch(32, \"10ms\")`?")]),
    ]);
}

#[test]
fn a_node_without_arms_stands_behind_a_batch() {
    check(&[
        (r#"a -> batch(8, "10ms")"#, &[(1, 6, "`batch` leads to nothing: a node stands behind it")]),
        (
            r#"a -> batch(8, "10ms") -> map(w, 4) -> b"#,
            &[(1, 6, "`batch` stands before a node, and not before a map: make that a flow of its own")],
        ),
        (
            r#"a -> queue(8) -> batch(8, "10ms") -> b"#,
            &[(1, 6, "`queue` and `batch` stand before one node: keep one of them")],
        ),
        (
            r#"a -> batch(8, "10ms") -> r { A -> b, B -> c } -> d"#,
            &[(1, 28, "a router with arms chooses for one message, and takes no batch: put a node before it")],
        ),
    ]);
}
