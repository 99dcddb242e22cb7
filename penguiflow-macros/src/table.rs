//! The tables of mistakes: one helper for all macros. A row is (line, column, text), both counted from 1.

use crate::diag::Diags;
use crate::{flow, message, node, state};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Runs the macro that `source` calls – `#[node(…)] fn …`, `flow! { … }` – and compares all its mistakes. (1, 1) is also
/// where a caret on the attribute as a whole shows.
#[track_caller]
pub(crate) fn check(source: &str, rows: &[(usize, usize, &str)]) {
    let mut diags = Diags::default();
    let out = run(source, &mut diags);
    let found = diags.rows();
    let expected: Vec<(usize, usize, String)> = rows.iter().map(|(l, c, text)| (*l, *c, (*text).to_owned())).collect();
    assert!(found == expected, "{source}\nfound:\n{}expected:\n{}", show(&found), show(&expected));
    let adds_only = source.starts_with("flow") || source.starts_with("#[derive");
    assert!(adds_only || !out.is_empty(), "the user's item is gone:\n{source}");
    assert!(syn::parse2::<syn::File>(out.clone()).is_ok(), "no Rust:\n{out}");
}

/// The expansion of a source without mistakes, formatted.
#[track_caller]
pub(crate) fn expand(source: &str) -> String {
    let mut diags = Diags::default();
    let out = run(source, &mut diags);
    assert!(diags.is_empty(), "{source}\n{}", show(&diags.rows()));
    match syn::parse2(out.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(why) => panic!("no Rust: {why}\n{out}"),
    }
}

fn run(source: &str, diags: &mut Diags) -> TokenStream {
    let tokens: TokenStream = match source.parse() {
        Ok(tokens) => tokens,
        Err(why) => panic!("no tokens: {why}\n{source}"),
    };
    let mut trees = tokens.into_iter();
    let (Some(first), Some(TokenTree::Group(call))) = (trees.next(), trees.next()) else {
        panic!("a source starts with `#[…]` or `flow! {{…}}`:\n{source}");
    };
    let rest: TokenStream = trees.collect();
    if let TokenTree::Ident(_) = first {
        return flow::run(call.stream(), diags);
    }
    let mut inside = call.stream().into_iter();
    let word = inside.next().map(|tree| tree.to_string()).unwrap_or_default();
    let args = match inside.next() {
        Some(TokenTree::Group(args)) => args,
        _ => Group::new(Delimiter::Parenthesis, TokenStream::new()),
    };
    let door = match word.as_str() {
        "node" => node::run,
        "router" => node::run_router,
        "controller" => node::run_controller,
        "message" => message::run,
        "derive" => return state::run(rest, diags),
        _ => panic!("no macro of ours: {word}"),
    };
    door(args.stream(), rest, diags)
}

fn show(rows: &[(usize, usize, String)]) -> String {
    rows.iter().map(|(line, column, text)| format!("  ({line}, {column}, {text:?}),\n")).collect()
}
