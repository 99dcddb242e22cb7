//! What only shows when name, arguments and signature are seen together. Knows no tokens of the expansion.

use super::words;
use crate::args::NodeArgs;
use crate::diag::Diags;
use crate::sig::{Sig, show};
use proc_macro2::Ident;
use syn::ext::IdentExt;

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

pub(super) fn together(args: &NodeArgs, sig: &Sig, diags: &mut Diags) {
    if let Some(blocking) = args.blocking.as_ref().filter(|_| sig.is_async) {
        let why =
            "a `blocking` function runs on a thread of its own and awaits nothing: leave `async` out, or `blocking`";
        diags.error(blocking.word, why);
    }
    if let Some(boxed) = args.boxed.as_ref().filter(|_| !sig.is_async && args.blocking.is_none()) {
        diags.error(boxed.word, "a function that is not `async` has no future to box: leave `boxed` out");
    }
    fallibility(args, sig, diags);
}

/// Retries need something that can fail. One mistake, however many words tell of it.
fn fallibility(args: &NodeArgs, sig: &Sig, diags: &mut Diags) {
    let name = sig.name;
    if let Some(fallible) = args.fallible.as_ref().filter(|_| sig.output.ty.is_none()) {
        diags.error(
            fallible.word,
            format!("`{name}` gives nothing back that could be a `Result`: leave `fallible` out"),
        );
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
