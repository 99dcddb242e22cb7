//! Reads the value behind a key: one function per kind of value, one sentence per mistake.

use super::duration::{self, Rate};
use super::entries;
use super::keys::Key;
use super::money;
use super::near::nearest;
use super::{Backoff, Effect, Given, Jitter, OnCancel, Validate};
use proc_macro2::{Ident, Span, TokenTree};
use quote::ToTokens;
use std::ops::RangeInclusive;
use std::time::Duration;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Lit, LitFloat, LitInt, LitStr, Token, parenthesized, token};

/// The default of the reference: half a second, doubled, without a cap.
const FACTOR: f64 = 2.0;

pub(super) fn number(
    key: Key,
    word: &Ident,
    input: ParseStream,
    range: RangeInclusive<u32>,
) -> syn::Result<Given<u32>> {
    equals(key, word, input)?;
    let at = input.span();
    let wrong = |at| syn::Error::new(at, key.takes());
    let number: LitInt = input.parse().map_err(|_| wrong(at))?;
    let value = number.base10_parse::<u32>().map_err(|_| wrong(at))?;
    if !number.suffix().is_empty() || !range.contains(&value) {
        return Err(wrong(at));
    }
    Ok(given(value, word, word.span()))
}

pub(super) fn usd(word: &Ident, input: ParseStream) -> syn::Result<Given<u64>> {
    equals(Key::Usd, word, input)?;
    let at = input.span();
    let literal: Lit = input.parse().map_err(|_| syn::Error::new(at, Key::Usd.takes()))?;
    let (Lit::Int(_) | Lit::Float(_)) = literal else { return Err(syn::Error::new(at, Key::Usd.takes())) };
    let text = literal.to_token_stream().to_string();
    let picos = money::parse(&text).map_err(|why| syn::Error::new(at, why))?;
    Ok(given(picos, word, word.span()))
}

pub(super) fn duration(word: &Ident, input: ParseStream) -> syn::Result<Given<Duration>> {
    equals(Key::Timeout, word, input)?;
    let value = one_duration(Key::Timeout, input)?;
    Ok(given(value, word, word.span()))
}

pub(super) fn rate(word: &Ident, input: ParseStream) -> syn::Result<Given<Rate>> {
    equals(Key::Rate, word, input)?;
    let text = quoted(Key::Rate, input)?;
    let value = duration::parse_rate(&text.value()).map_err(|why| syn::Error::new(text.span(), why))?;
    Ok(given(value, word, word.span()))
}

pub(super) fn backoff(word: &Ident, input: ParseStream) -> syn::Result<Given<Backoff>> {
    equals(Key::Backoff, word, input)?;
    let value = if input.peek(token::Paren) {
        in_parens(Key::Backoff, input, |inside| {
            let base = one_duration(Key::Backoff, inside)?;
            let factor = if comma_and_more(inside)? { factor(inside)? } else { FACTOR };
            let cap = if comma_and_more(inside)? { Some(one_duration(Key::Backoff, inside)?) } else { None };
            Ok(Backoff { base, factor, cap })
        })?
    } else {
        Backoff { base: one_duration(Key::Backoff, input)?, factor: FACTOR, cap: None }
    };
    Ok(given(value, word, word.span()))
}

pub(super) fn jitter(word: &Ident, input: ParseStream) -> syn::Result<Given<Jitter>> {
    one_of(Key::Jitter, word, input, &[("full", Jitter::Full), ("none", Jitter::None)])
}

pub(super) fn validate(word: &Ident, input: ParseStream) -> syn::Result<Given<Validate>> {
    one_of(Key::Validate, word, input, &[("in", Validate::In), ("out", Validate::Out), ("both", Validate::Both)])
}

pub(super) fn effect(word: &Ident, input: ParseStream) -> syn::Result<Given<Effect>> {
    let words = [
        ("pure", Effect::Pure),
        ("idempotent", Effect::Idempotent),
        ("keyed", Effect::Keyed),
        ("irreversible", Effect::Irreversible),
    ];
    one_of(Key::Effect, word, input, &words)
}

pub(super) fn on_cancel(word: &Ident, input: ParseStream) -> syn::Result<Given<OnCancel>> {
    let words = [("drop", OnCancel::Drop), ("finish", OnCancel::Finish(Duration::ZERO))];
    let mut given = one_of(Key::OnCancel, word, input, &words)?;
    if let OnCancel::Finish(_) = given.value {
        if !input.peek(token::Paren) {
            let text = "`finish` says how long it may take at most: write `on_cancel = finish(\"5s\")`";
            return Err(syn::Error::new(given.word, text));
        }
        given.value = OnCancel::Finish(in_parens(Key::OnCancel, input, |inside| one_duration(Key::OnCancel, inside))?);
    }
    Ok(given)
}

pub(super) fn path(key: Key, word: &Ident, input: ParseStream) -> syn::Result<Given<syn::Path>> {
    equals(key, word, input)?;
    let at = input.span();
    // A closure is what people try first, and its tokens would read as three separate mistakes.
    let value = input.parse::<syn::Path>().map_err(|_| syn::Error::new(at, key.takes()))?;
    Ok(given(value, word, word.span()))
}

pub(super) fn name(word: &Ident, input: ParseStream) -> syn::Result<Given<String>> {
    equals(Key::Name, word, input)?;
    let text = quoted(Key::Name, input)?;
    let value = text.value();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if value.is_empty() || value.len() > 64 || !value.chars().all(plain) {
        let why = "a name has 1 to 64 letters, digits, `_`, `-` or `.`, since it stands in paths and pictures";
        return Err(syn::Error::new(text.span(), why));
    }
    Ok(given(value, word, word.span()))
}

pub(super) fn flag(word: &Ident, input: ParseStream) -> syn::Result<Given<()>> {
    entries::flag(word, input)?;
    Ok(given((), word, word.span()))
}

fn given<T>(value: T, key: &Ident, word: Span) -> Given<T> {
    Given { value, key: key.span(), word }
}

/// Takes the `=`; a value must stand behind it.
fn equals(key: Key, word: &Ident, input: ParseStream) -> syn::Result<()> {
    let wrong = || syn::Error::new(word.span(), key.takes());
    input.parse::<Token![=]>().map_err(|_| wrong())?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(wrong());
    }
    Ok(())
}

fn one_of<T: Copy>(key: Key, word: &Ident, input: ParseStream, words: &[(&str, T)]) -> syn::Result<Given<T>> {
    equals(key, word, input)?;
    let at = input.span();
    let value = Ident::parse_any(input).map_err(|_| syn::Error::new(at, key.takes()))?;
    let text = value.unraw().to_string();
    match words.iter().find(|(word, _)| *word == text) {
        Some((_, found)) => Ok(given(*found, word, value.span())),
        None => match nearest(&text, words.iter().map(|(word, _)| *word)) {
            Some(near) => Err(syn::Error::new(at, format!("`{text}` is no `{word}`: write `{word} = {near}`"))),
            None => Err(syn::Error::new(at, key.takes())),
        },
    }
}

fn one_duration(key: Key, input: ParseStream) -> syn::Result<Duration> {
    let text = quoted(key, input)?;
    duration::parse(&text.value()).map_err(|why| syn::Error::new(text.span(), why))
}

fn quoted(key: Key, input: ParseStream) -> syn::Result<LitStr> {
    if input.peek(LitStr) {
        return input.parse();
    }
    let at = input.span();
    let bare = input.fork().parse::<syn::Lit>().map(|lit| quote::ToTokens::into_token_stream(lit).to_string());
    let why = match (key, bare) {
        (Key::Timeout | Key::OnCancel | Key::Backoff, Ok(number)) if number.ends_with(|c: char| c.is_ascii_digit()) => {
            format!("a duration has a unit and stands in quotes: write `\"{number}s\"` or `\"{number}ms\"`")
        }
        (Key::Timeout | Key::OnCancel | Key::Backoff, Ok(number)) if duration::parse(&number).is_ok() => {
            format!("a duration stands in quotes: write `\"{number}\"`")
        }
        _ => key.takes(),
    };
    Err(syn::Error::new(at, why))
}

fn factor(input: ParseStream) -> syn::Result<f64> {
    let at = input.span();
    let read = || -> syn::Result<f64> {
        if input.peek(LitInt) {
            input.parse::<LitInt>()?.base10_parse()
        } else {
            input.parse::<LitFloat>()?.base10_parse()
        }
    };
    match read() {
        Ok(factor) if (1.0..=100.0).contains(&factor) => Ok(factor),
        _ => Err(syn::Error::new(at, "the factor of a backoff is a number from 1.0 to 100.0, like `2.0`")),
    }
}

/// Passes a comma, and says whether a value stands behind it.
fn comma_and_more(input: ParseStream) -> syn::Result<bool> {
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
    }
    Ok(!input.is_empty())
}

/// Reads a group to its end whatever happens: one that is left half read says "unexpected token" over our own words.
fn in_parens<T>(key: Key, input: ParseStream, read: impl FnOnce(ParseStream) -> syn::Result<T>) -> syn::Result<T> {
    let at = input.span();
    let inside;
    parenthesized!(inside in input);
    if inside.is_empty() {
        return Err(syn::Error::new(at, key.takes()));
    }
    let read = read(&inside).and_then(|value| {
        comma_and_more(&inside)?;
        if inside.is_empty() { Ok(value) } else { Err(syn::Error::new(inside.span(), key.takes())) }
    });
    while inside.parse::<TokenTree>().is_ok() {}
    read
}
