//! No function is longer than a screen and a half.

use super::source::{Source, repository};
use super::tokens::Token;
use super::{Finding, assert_clean, rows};

const LINES_MAX: usize = 100;

fn check(source: &Source) -> Vec<Finding> {
    let tokens = &source.tokens;
    let functions = tokens.windows(2).enumerate().filter(|(_, w)| w[0].text == "fn" && !w[0].literal && is_name(&w[1]));
    let too_long = functions.filter_map(|(at, words)| {
        let lines = body_end(tokens, at)? - tokens[at].line + 1;
        let text = format!("`{}` has {lines} lines; at most {LINES_MAX}", words[1].text);
        (lines > LINES_MAX && !source.may_be_long()).then(|| Finding::new(source, tokens[at].line, text))
    });
    too_long.collect()
}

/// `fn(u8)` is a type, `fn name` a function.
fn is_name(token: &Token) -> bool {
    !matches!(token.text.as_str(), "(" | "<")
}

/// The line of the brace that closes the function at `at`, if it has a body.
fn body_end(tokens: &[Token], at: usize) -> Option<usize> {
    let depth = tokens[at].place.depth;
    let ends = |token: &&Token| token.place.depth == depth && (token.text == ";" || token.text == "}");
    tokens[at..].iter().find(ends).filter(|token| token.text == "}").map(|token| token.line)
}

#[test]
fn functions_are_short() {
    assert_clean(&repository().iter().flat_map(check).collect::<Vec<_>>());
}

#[test]
fn a_long_function_is_refused_wherever_it_stands() {
    let body = "let brace = '{'; // }\n".repeat(LINES_MAX - 1);
    let too_long = format!("trait T {{ fn short(); fn long(f: fn(u8)) {{\n{body} }} }}");
    let found = rows(&check(&Source::fixture("a/src/b.rs", &too_long)));
    assert_eq!(found, ["1: `long` has 101 lines; at most 100"]);
    let just_right = too_long.replacen("let brace = '{'; // }\n", "", 1);
    assert_eq!(check(&Source::fixture("a/src/b.rs", &just_right)), []);
}
