//! Runs one macro on what the fuzzer wrote, and checks what always holds of its output.

use crate::diag::Diags;
use crate::{flow, graph, message, mistakes, node, state};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;

/// `flow! { source }`.
pub fn check_flow(source: &str) {
    let Ok(input) = source.parse::<TokenStream>() else { return };
    let mut diags = Diags::default();
    let output = tell(flow::run(input.clone(), &mut diags), diags);
    if let (Err(items), Err(expression)) =
        (syn::parse2::<syn::File>(output.clone()), syn::parse2::<syn::Expr>(output.clone()))
    {
        panic!("neither items ({items}) nor an expression ({expression}):\n{output}");
    }
    let told = check_mistakes(&output, source);
    check_layout(&input, &output, |input, diags| flow::run(input, diags));
    graph::check(input, told);
    forget_spans();
}

/// The macros that stand on an item.
#[derive(Clone, Copy, PartialEq)]
pub enum Attribute {
    Node,
    Router,
    Controller,
    Message,
    Provides,
}

/// `#[attribute(args)] item`.
pub fn check_attribute(attribute: Attribute, args: &str, item: &str) {
    let (Ok(args), Ok(tokens)) = (args.parse::<TokenStream>(), item.parse::<TokenStream>()) else { return };
    // The compiler expands no attribute on what it cannot read.
    let Ok(parsed) = syn::parse2::<syn::Item>(tokens.clone()) else { return };
    let run = |item: TokenStream, diags: &mut Diags| match attribute {
        Attribute::Node => node::run(args.clone(), item, diags),
        Attribute::Router => node::run_router(args.clone(), item, diags),
        Attribute::Controller => node::run_controller(args.clone(), item, diags),
        Attribute::Message => message::run(args.clone(), item, diags),
        Attribute::Provides => state::run(item, diags),
    };
    let mut diags = Diags::default();
    let output = tell(run(tokens.clone(), &mut diags), diags);
    let Ok(file) = syn::parse2::<syn::File>(output.clone()) else { panic!("no items:\n{output}") };
    let told = check_mistakes(&output, item);
    if !told && attribute != Attribute::Provides {
        assert!(file.items.iter().any(|made| is_kept(&parsed, made)), "the user's item is gone:\n{output}");
    }
    check_layout(&tokens, &output, run);
    forget_spans();
}

/// As the door does: what was told and has no place yet stands behind.
fn tell(mut output: TokenStream, diags: Diags) -> TokenStream {
    output.extend(diags.into_tokens());
    output
}

/// Each mistake says something, once, at something that the user wrote. Returns whether there is one.
fn check_mistakes(output: &TokenStream, source: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mistakes = mistakes::of(output);
    for mistake in &mistakes {
        let at = mistake.span.byte_range();
        assert!(!mistake.text.is_empty(), "an error without words");
        assert!(at.end <= source.len() || !at.is_empty(), "{at:?} is not in the source: {}", mistake.text);
        assert!(seen.insert((at.start, at.end, &mistake.text)), "told twice at {at:?}: {}", mistake.text);
    }
    !mistakes.is_empty()
}

/// The same tokens laid out in another way give the same output.
fn check_layout(input: &TokenStream, output: &TokenStream, run: impl Fn(TokenStream, &mut Diags) -> TokenStream) {
    let Ok(again) = input.to_string().parse::<TokenStream>() else { panic!("printed tokens are none:\n{input}") };
    let mut diags = Diags::default();
    let again = tell(run(again, &mut diags), diags);
    assert!(are_same(&again, output), "the layout makes a difference:\n{output}\n{again}");
}

/// Whether both print alike. Printing them would take most of the time.
fn are_same(one: &TokenStream, other: &TokenStream) -> bool {
    let (mut one, mut other) = (one.clone().into_iter(), other.clone().into_iter());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(TokenTree::Group(one)), Some(TokenTree::Group(other))) => {
                if one.delimiter() != other.delimiter() || !are_same(&one.stream(), &other.stream()) {
                    return false;
                }
            }
            (Some(TokenTree::Ident(one)), Some(TokenTree::Ident(other))) if one == other => {}
            (Some(TokenTree::Punct(one)), Some(TokenTree::Punct(other))) if one.as_char() == other.as_char() => {}
            (Some(TokenTree::Literal(one)), Some(TokenTree::Literal(other)))
                if one.to_string() == other.to_string() => {}
            _ => return false,
        }
    }
}

/// Whether `made` is the user's item, but for attributes.
fn is_kept(item: &syn::Item, made: &syn::Item) -> bool {
    match (item, made) {
        (syn::Item::Fn(item), syn::Item::Fn(made)) => item.sig == made.sig && item.block == made.block,
        (syn::Item::Struct(item), syn::Item::Struct(made)) => {
            item.ident == made.ident && item.generics == made.generics
        }
        (syn::Item::Enum(item), syn::Item::Enum(made)) => item.ident == made.ident && item.generics == made.generics,
        _ => false,
    }
}

/// Spans keep every source that was ever read.
fn forget_spans() {
    proc_macro2::extra::invalidate_current_thread_spans();
}
