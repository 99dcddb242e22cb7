//! Prints a node: a type beside the function, what wiring knows of it, and how it runs. Decides nothing: all checks are done.

mod call;
mod settle;

use super::item::Item;
use crate::args::NodeArgs;
use crate::sig::{Kind, Sig, Taken};
use call::Call;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use settle::Settle;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// The user's function as it is, and the node beside it.
pub(super) fn node(tokens: &TokenStream, item: &Item, args: &NodeArgs, sig: &Sig, kind: Kind) -> TokenStream {
    let parts = Parts::of(args, sig);
    let definition = definition(item);
    let cfgs: Vec<_> = item.cfgs().collect();
    let types = parts.types(kind);
    let def = parts.def(kind);
    let run = match kind {
        Kind::Node | Kind::Router => parts.run(&parts.hop(&quote!(m), &parts.settle.own())),
        Kind::Controller => parts.run(&parts.turns()),
    };
    let route = matches!(kind, Kind::Router).then(|| parts.route());
    let info = parts.info(item);
    let span = parts.at;
    quote_spanned! {span=>
        #tokens
        #definition
        #(#cfgs)*
        #[allow(deprecated, clippy::all, clippy::pedantic)]
        const _: () = {
            #types
            #def
            #run
            #route
            #info
        };
    }
}

/// The type that bears the function's name: the name then means both, and one `use` brings both.
pub(crate) fn definition(item: &Item) -> TokenStream {
    let (cfgs, docs, vis, name) = (item.cfgs(), item.docs(), &item.vis, &item.sig.ident);
    let span = Span::mixed_site().located_at(name.span());
    quote_spanned! {span=>
        #(#cfgs)*
        #(#docs)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #name {}
    }
}

/// What all parts of one expansion share.
struct Parts<'a> {
    args: &'a NodeArgs,
    sig: &'a Sig<'a>,
    call: Call<'a>,
    settle: Settle<'a>,
    /// The runtime's private door, at the function's name.
    p: TokenStream,
    /// The function's name, for what is said about the node as a whole.
    at: Span,
    /// The message's type, for what is said about that.
    at_input: Span,
    /// The type that comes back.
    at_output: Span,
}

impl<'a> Parts<'a> {
    fn of(args: &'a NodeArgs, sig: &'a Sig<'a>) -> Self {
        let mixed = Span::mixed_site();
        let at = mixed.located_at(sig.name.span());
        let at_input = mixed.located_at(sig.input.payload.span());
        let at_output = sig.output.ty.map_or(at, |ty| mixed.located_at(ty.span()));
        let call = Call { args, sig, at };
        let settle = Settle { args, sig, at: at_output };
        Parts { args, sig, call, settle, p: args.krate.private(at), at, at_input, at_output }
    }

    /// The node's types under names of our own; the user's tokens keep their place.
    fn types(&self, kind: Kind) -> TokenStream {
        let (name, payload) = (self.sig.name, self.sig.input.payload);
        let p = self.args.krate.private(self.at_output);
        let given = self.settle.given();
        let out = match kind {
            Kind::Node | Kind::Router => quote_spanned!(self.at_output=> __Yield),
            Kind::Controller => quote_spanned!(self.at_output=> <__Yield as #p::StepOf<__In, #name>>::Done),
        };
        let types = quote_spanned! {self.at_output=>
            type __Yield = #given;
            type __Out = #out;
        };
        quote_spanned! {self.at_input=>
            type __In = #payload;
            #types
        }
    }

    fn def(&self, kind: Kind) -> TokenStream {
        let (p, name) = (&self.p, self.sig.name);
        let text = match &self.args.name {
            Some(name) => name.value.clone(),
            None => name.unraw().to_string(),
        };
        let at_output = self.args.krate.private(self.at_output);
        let arms = match kind {
            Kind::Node | Kind::Controller => quote_spanned!(self.at=> __A),
            Kind::Router => quote_spanned!(self.at_output=> <__Out as #at_output::Routed>::Arms<__In>),
        };
        let policy = self.args.policy.expr(quote_spanned!(self.at=> #p::Policy::new()), &self.args.krate, self.at);
        let input = self.input_items();
        let output = quote_spanned! {self.at_output=>
            type Out = __Out;
            type Yield = __Yield;
            type Arms<__A> = #arms;
        };
        quote_spanned! {self.at=>
            #[automatically_derived]
            impl #p::NodeDef for #name {
                #input
                #output
                const NAME: &'static str = #text;
                const POLICY: #p::Policy = #policy;

                fn list(listing: &mut #p::Listing) {
                    listing.node::<Self>();
                }
            }
        }
    }

    /// A retry needs the input again.
    fn input_items(&self) -> TokenStream {
        let p = self.args.krate.private(self.at_input);
        let retries = self.args.policy.retries.as_ref().is_some_and(|retries| retries.value > 0);
        let keep = if retries {
            quote_spanned!(self.at_input=> #p::Again<__In>)
        } else {
            quote_spanned!(self.at_input=> #p::Once)
        };
        quote_spanned! {self.at_input=>
            type In = __In;
            type Keep = #keep;
        }
    }

    fn run(&self, body: &TokenStream) -> TokenStream {
        let (p, name) = (&self.p, self.sig.name);
        let header = self.impl_header(&quote_spanned!(self.at=> Node));
        quote_spanned! {self.at=>
            #[automatically_derived]
            impl<__S> #header for #name
            #(where #p)*
        };
        let bounds = self.bounds();
        quote_spanned! {self.at=>
            #[automatically_derived]
            impl<__S: ::core::marker::Sync> #p::Node<__S> for #name
            where
                #bounds
            {
                fn run_as<'a, __I>(
                    cx: &'a #p::Cx<'a, __S>,
                    place: u32,
                    m: #p::M<__In>,
                ) -> impl ::core::future::Future<Output = #p::Ran<__Out>> + ::core::marker::Send + 'a
                where
                    __I: #p::NodeDef<In = __In, Out = __Out, Yield = __Yield>,
                    __S: 'a,
                {
                    #body
                }
            }
        }
    }
}
