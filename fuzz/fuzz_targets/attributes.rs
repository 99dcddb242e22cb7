//! `#[node]`, `#[router]`, `#[controller]`, `#[message]` and `#[derive(Provides)]`: any arguments, on any item.
#![no_main]

use libfuzzer_sys::fuzz_target;
use penguiflow_fuzz::macros::{self, Attribute};
use penguiflow_fuzz::text;

/// What arguments and items are written with.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "retries = 3", "backoff = (\"100ms\", 2.0, \"5s\")", "jitter = none", "retry_if = is_transient",
    "timeout = \"2s\"", "concurrency = 16", "rate = \"100/s\"", "validate = both", "effect = irreversible",
    "on_cancel = finish(\"5s\")", "fallible", "blocking", "boxed", "name = \"search\"", "crate = pf", "turns = 8",
    "no_serde", "no_schema", "garde", "max_retries = 2", "timeout_ms = 5", ", ", " = ", "\"", "(", ")", "{ ", " }",
    "<", ">", "::", "&", "&mut ", "'a ", "'_, ", ": ", " -> ", "; ", "\n", "async ", "fn ", "pub ", "const ",
    "unsafe ", "extern \"C\" ", "struct ", "enum ", "union ", "impl ", "trait ", "type ", "where ", "self", "&self",
    "n: u64", "u64", "String", "Vec<", "Option<", "Result<", "Step<", "State<", "State(s): ", "Ctx", "ctx: &Ctx",
    "Message<", "Box<dyn ", "impl Trait", "_", "()", "(a, b): (u8, u8)", "#[cfg(unix)] ", "#[provides(skip)] ",
    "#[node] ", "/// doc\n", "A(u8)", "B { x: u8 }", "C", "f", "join", "str", "r#type", "0", "1", "-1",
    "18446744073709551616", "1.5", "é", "🐧",
];

/// What an attribute stands on where only its arguments were drawn.
const ITEMS: &[&str] = &[
    "async fn f(n: u64) -> u64 { n }",
    "async fn f(n: u64, ctx: &Ctx, State(s): State<'_, Db>) -> Result<u64, Oops> { Ok(n) }",
    "fn f(m: Message<u64>) -> Step<u64, String> { Step::Again(m) }",
    "pub enum F { A(u8), B, C(u8, String) }",
    "struct F { a: u8, #[provides(skip)] b: u16 }",
];

const ATTRIBUTES: [Attribute; 5] =
    [Attribute::Node, Attribute::Router, Attribute::Controller, Attribute::Message, Attribute::Provides];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let attribute = ATTRIBUTES[usize::from(first.wrapping_sub(b'0')) % ATTRIBUTES.len()];
    let text = text::of(rest, WORDS);
    match text.split_once('\n') {
        Some((args, item)) => macros::check_attribute(attribute, args, item),
        None => ITEMS.iter().for_each(|item| macros::check_attribute(attribute, &text, item)),
    }
});
