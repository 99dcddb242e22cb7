//! The arguments of `#[node]`, `#[router]`, `#[controller]` and of an instance in `flow!`: one grammar, one model.
//! Knows nothing about the function that they stand on.

mod conflict;
pub(crate) mod duration;
pub(crate) mod entries;
pub(crate) mod keys;
pub(crate) mod money;
pub(crate) mod near;
pub(crate) mod print;
mod value;

use crate::crate_path::CratePath;
use crate::diag::Diags;
use duration::Rate;
use keys::{Key, Place};
use proc_macro2::{Ident, Span, TokenStream};
use std::time::Duration;
use syn::parse::ParseStream;

/// A value together with the words that gave it.
#[derive(Clone)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    /// The key.
    pub(crate) key: Span,
    /// The word that is to blame when two arguments contradict each other: the value where it is a word, else the key.
    pub(crate) word: Span,
}

/// How long to wait before the next attempt: `base · factor^n`, at most `cap`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Backoff {
    pub(crate) base: Duration,
    pub(crate) factor: f64,
    pub(crate) cap: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Jitter {
    Full,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Validate {
    In,
    Out,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    Pure,
    Idempotent,
    Keyed,
    Irreversible,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum OnCancel {
    Drop,
    Finish(Duration),
}

/// What becomes the node's policy: a constant, and nothing that a signature has to know.
#[derive(Clone, Default)]
pub(crate) struct PolicyArgs {
    pub(crate) retries: Option<Given<u32>>,
    pub(crate) backoff: Option<Given<Backoff>>,
    pub(crate) jitter: Option<Given<Jitter>>,
    pub(crate) retry_if: Option<Given<syn::Path>>,
    pub(crate) timeout: Option<Given<Duration>>,
    pub(crate) concurrency: Option<Given<u32>>,
    pub(crate) rate: Option<Given<Rate>>,
    pub(crate) tokens: Option<Given<u32>>,
    /// In pico-dollars.
    pub(crate) usd: Option<Given<u64>>,
    pub(crate) validate: Option<Given<Validate>>,
    pub(crate) effect: Option<Given<Effect>>,
    pub(crate) on_cancel: Option<Given<OnCancel>>,
}

/// The policy, and what only the function's own attribute may say.
#[derive(Default)]
pub(crate) struct NodeArgs {
    pub(crate) policy: PolicyArgs,
    pub(crate) turns: Option<Given<u32>>,
    pub(crate) fallible: Option<Given<()>>,
    pub(crate) blocking: Option<Given<()>>,
    pub(crate) boxed: Option<Given<()>>,
    pub(crate) name: Option<Given<String>>,
    pub(crate) krate: CratePath,
}

impl NodeArgs {
    /// Reads an attribute's arguments. A mistake costs its own argument only.
    pub(crate) fn read(tokens: TokenStream, place: Place, diags: &mut Diags) -> Self {
        let mut args = NodeArgs::default();
        let mut order = Vec::new();
        entries::of_stream(tokens, diags, |input, diags| order = args.fill(input, place, diags));
        conflict::between(&args, &order, diags);
        if let Place::Controller = place
            && args.turns.is_none()
            && diags.is_empty()
        {
            diags.error(Span::call_site(), "a controller loops, so it needs a bound: write `#[controller(turns = 8)]`");
        }
        args
    }

    /// Reads all arguments and gives back their keys, in the order in which they were written.
    fn fill(&mut self, input: ParseStream, place: Place, diags: &mut Diags) -> Vec<Key> {
        let mut seen = Vec::new();
        entries::each(input, diags, |word, input| {
            let key = Key::find(&word, place)?;
            if seen.contains(&key) {
                return Err(syn::Error::new(word.span(), format!("`{word}` is given twice: keep one")));
            }
            seen.push(key);
            self.set(key, &word, input)
        });
        seen
    }

    fn set(&mut self, key: Key, word: &Ident, input: ParseStream) -> syn::Result<()> {
        let policy = &mut self.policy;
        match key {
            Key::Retries => policy.retries = Some(value::number(key, word, input, 0..=1_000)?),
            Key::Backoff => policy.backoff = Some(value::backoff(word, input)?),
            Key::Jitter => policy.jitter = Some(value::jitter(word, input)?),
            Key::RetryIf => policy.retry_if = Some(value::path(key, word, input)?),
            Key::Timeout => policy.timeout = Some(value::duration(word, input)?),
            Key::Concurrency => policy.concurrency = Some(value::number(key, word, input, 1..=1_000_000)?),
            Key::Rate => policy.rate = Some(value::rate(word, input)?),
            Key::Tokens => policy.tokens = Some(value::number(key, word, input, 1..=u32::MAX)?),
            Key::Usd => policy.usd = Some(value::usd(word, input)?),
            Key::Validate => policy.validate = Some(value::validate(word, input)?),
            Key::Effect => policy.effect = Some(value::effect(word, input)?),
            Key::OnCancel => policy.on_cancel = Some(value::on_cancel(word, input)?),
            Key::Turns => self.turns = Some(value::number(key, word, input, 1..=1_000_000)?),
            Key::Fallible => self.fallible = Some(value::flag(word, input)?),
            Key::Blocking => self.blocking = Some(value::flag(word, input)?),
            Key::Boxed => self.boxed = Some(value::flag(word, input)?),
            Key::Name => self.name = Some(value::name(word, input)?),
            Key::Crate => self.krate = CratePath::read(word.span(), input)?,
        }
        Ok(())
    }
}

impl PolicyArgs {
    /// Reads the arguments of an instance: what stands in the parentheses of `search(timeout = "5s") as quick`.
    pub(crate) fn read_instance(tokens: TokenStream, diags: &mut Diags) -> Self {
        let mut args = NodeArgs::default();
        let mut order = Vec::new();
        entries::of_stream(tokens, diags, |input, diags| order = args.fill(input, Place::Instance, diags));
        conflict::in_policy(&args.policy, &order, diags);
        args.policy
    }

    /// The policy as a constant expression: `base` with what was given laid over it.
    pub(crate) fn expr(&self, base: TokenStream, krate: &CratePath, span: Span) -> TokenStream {
        print::policy(self, base, krate, span)
    }
}
