//! Prints a node: a type beside the function, what wiring knows of it, and how it runs. Decides nothing: all checks are
//! done, and `docs/EXPANSION.md` says what stands where.

mod call;
mod def;
mod info;
mod run;
mod settle;

use crate::args::NodeArgs;
use crate::sig::item::Item;
use crate::sig::{Kind, Sig, Taken};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

/// What stands beside the user's function.
pub(super) fn node(item: &Item, args: &NodeArgs, sig: &Sig, kind: Kind) -> TokenStream {
    let parts = Parts::of(args, sig, kind);
    let (definition, cfgs, info) = (def::definition(&parts, item), item.cfgs(), info::info(&parts, item));
    let (types, def, run) = (def::types(&parts), def::def(&parts), run::runs(&parts));
    quote_spanned! {parts.at=>
        #definition
        #(#cfgs)*
        #[allow(deprecated, clippy::all, clippy::pedantic)]
        const _: () = { #types #def #run #info };
    }
}

/// What all parts of one expansion share.
struct Parts<'a> {
    args: &'a NodeArgs,
    sig: &'a Sig<'a>,
    kind: Kind,
    /// The runtime's private door.
    p: TokenStream,
    /// The function's name: blamed for what is wrong with the node as a whole.
    at: Span,
    /// The message's type.
    at_input: Span,
    /// The type that comes back.
    at_output: Span,
}

impl<'a> Parts<'a> {
    fn of(args: &'a NodeArgs, sig: &'a Sig<'a>, kind: Kind) -> Self {
        let mixed = Span::mixed_site();
        let at = mixed.located_at(sig.name.span());
        let at_input = mixed.located_at(sig.input.payload.span());
        let at_output = sig.output.ty.map_or(at, |ty| mixed.located_at(ty.span()));
        Parts { args, sig, kind, p: args.krate.private(at), at, at_input, at_output }
    }

    fn is_by_reference(&self) -> bool {
        self.sig.input.taken == Taken::Reference
    }

    /// The parts of the state that the node asks for: our name, the user's type, and where it stands.
    fn states(&self) -> impl Iterator<Item = (Ident, &'a Type, Span)> {
        self.sig.states().enumerate().map(|(index, ty)| {
            let at = Span::mixed_site().located_at(ty.span());
            (format_ident!("__State{index}", span = at), ty, at)
        })
    }
}
