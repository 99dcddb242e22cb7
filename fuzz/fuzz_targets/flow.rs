//! `flow!`: reading, lowering, checks and printing, on any source.
#![no_main]

use libfuzzer_sys::fuzz_target;
use penguiflow_fuzz::{macros, text};

/// What a flow is written with.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    " -> ", "(", ")", "{ ", " }", ", ", "; ", "join", "join_k(2)", "first", "settle", "parallel(", "map(a, 8)",
    "map(b, 2, limit = 9, parallel)", "tee(", ", best_effort)", "repeat(turns = 3) { ", " } else ", "queue(8) -> ",
    "queue(64, workers = 4) -> ", "batch(32, \"10ms\") -> ", "channels(4) ", "budget { hops: 9, usd: 0.50 } ",
    "budget { deadline: \"3s\", tokens: 7 } ", " with Policy ", " as ", "done", "drop", "gate", "a", "b", "c", "d",
    "e", "f", "g", "route", "lookup", "lokup", "nodes::a", "self::b", "r#type", "join(", "Good -> ", "Bad -> ",
    "Thin", "#[cfg(unix)] ", "#[cfg(not(unix))] ", "#[x] ", "/// doc\n", "pub ", "f(A) -> B { ", "(retries = 2)",
    "(timeout = \"5s\")", "(retries = 2, timeout = \"5s\") as ", "crate = pf; ", "a -> (b, c)", "(b, c) -> join",
    "t { A -> x, B -> y }", "t { A -> drop, B -> done }", "=>", "|", "_", "0", "1", "9999999999", "1_000", "'a", "\"",
    "::", "[", "]", "é", "🐧",
];

fuzz_target!(|bytes: &[u8]| macros::check_flow(&text::of(bytes, WORDS)));
