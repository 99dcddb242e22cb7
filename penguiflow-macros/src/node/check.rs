//! What only shows when name, arguments and signature are seen together. Knows no tokens of the expansion.

use super::words;
use crate::args::NodeArgs;
use crate::diag::Diags;
use crate::sig::{Kind, Sig, is_arc, is_no_result, show};
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

pub(super) fn name(name: &Ident, diags: &mut Diags) {
    let text = name.unraw().to_string();
    if words::PRIMITIVES.contains(&text.as_str()) {
        let why = format!(
            "a node is a type beside its function, and `{text}` is a type already: name the function otherwise, like `{text}_node`"
        );
        diags.error(name.span(), why);
    }
    if words::OF_FLOW.contains(&text.as_str()) {
        let why = format!("`{text}` is a word of `flow!`: name the function otherwise, like `{text}_node`");
        diags.error(name.span(), why);
    }
}

pub(super) fn together(args: &NodeArgs, sig: &Sig, kind: Kind, diags: &mut Diags) {
    if let Some(blocking) = args.blocking.as_ref().filter(|_| sig.is_async) {
        let why =
            "a `blocking` function runs on a thread of its own and awaits nothing: leave `async` out, or `blocking`";
        diags.error(blocking.word, why);
    }
    if let Some(boxed) = args.boxed.as_ref().filter(|_| !sig.is_async && args.blocking.is_none()) {
        diags.error(boxed.word, "a function that is not `async` has no future to box: leave `boxed` out");
    }
    if args.blocking.is_some() {
        shared(sig, diags);
    }
    if kind == Kind::Controller {
        step(args, sig, diags);
    }
    fallibility(args, sig, diags);
}

/// What a thread of its own takes from the state it shares: a borrow would have to outlive the trace.
fn shared(sig: &Sig, diags: &mut Diags) {
    for ty in sig.states().filter(|ty| !is_arc(ty)) {
        let part = show::tokens(ty);
        let why = format!(
            "a `blocking` node runs on a thread of its own and shares its state: write `State<'_, Arc<{part}>>`"
        );
        diags.error(ty.span(), why);
    }
}

fn step(args: &NodeArgs, sig: &Sig, diags: &mut Diags) {
    let Some(success) = sig.output.success.filter(|_| args.fallible.is_none()) else { return };
    if sig.output.done().is_none() {
        let (again, done) = (show::tokens(sig.input.payload), show::tokens(success));
        let why = format!("a controller says whether it goes on: write `Step<{again}, {done}>`, or `#[node]` above");
        diags.error(success.span(), why);
    }
}

/// Retries need something that can fail. One mistake, however many words tell of it.
fn fallibility(args: &NodeArgs, sig: &Sig, diags: &mut Diags) {
    let name = sig.name;
    if let Some(fallible) = args.fallible.as_ref().filter(|_| sig.output.ty.is_none_or(is_no_result)) {
        let given = sig.output.ty.map_or("()".to_owned(), show::tokens);
        diags.error(fallible.word, format!("`{name}` returns `{given}`, which is no `Result`: leave `fallible` out"));
        return;
    }
    if sig.output.is_result || args.fallible.is_some() {
        return;
    }
    let alias = match sig.output.ty {
        Some(ty) => format!(", or `fallible` here if `{}` is an alias of one", show::tokens(ty)),
        None => String::new(),
    };
    if let Some(retry_if) = &args.policy.retry_if {
        let why = format!("`{name}` cannot fail, so there is nothing to ask about: return a `Result`{alias}");
        diags.error(retry_if.key, why);
    } else if let Some(retries) = args.policy.retries.as_ref().filter(|retries| retries.value > 0)
        && args.policy.timeout.is_none()
    {
        let why =
            format!("`{name}` cannot fail, so it is never tried again: return a `Result`{alias}, or set a `timeout`");
        diags.error(retries.key, why);
    }
}
