//! Prints what wiring knows of a node: its type, the types of its edges, its name and policy. Runs nothing.

use super::Parts;
use super::settle::Settle;
use crate::sig::item::Item;
use crate::sig::{Kind, show};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Type;
use syn::ext::IdentExt;

/// The type that bears the function's name: the name then means both, and one `use` brings both.
///
/// The types of the signature are the defaults of its parameters, so that every impl for it names them: a node may
/// then be more visible than its messages, as a function may.
pub(super) fn definition(parts: &Parts<'_>, item: &Item) -> TokenStream {
    let (cfgs, docs, vis, name) = (item.cfgs(), item.docs(), &item.vis, parts.sig.name);
    let payload = parts.sig.input.payload;
    let returned = match parts.sig.output.ty {
        Some(ty) => quote_spanned!(parts.at_output=> #ty),
        None => quote_spanned!(parts.at=> ()),
    };
    quote_spanned! {parts.at=>
        #(#cfgs)*
        #(#docs)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, private_interfaces)]
        #vis struct #name<__In = #payload, __Out = #returned> {
            types: ::core::marker::PhantomData<fn(__In) -> __Out>,
        }
    }
}

/// The node's types under names of our own; the user's tokens keep their place.
pub(super) fn types(parts: &Parts<'_>) -> TokenStream {
    let (name, payload, p) = (parts.sig.name, parts.sig.input.payload, &parts.p);
    let at_output = parts.args.krate.private(parts.at_output);
    let given = Settle::of(parts).given();
    let yields = match parts.is_by_reference() {
        true => quote_spanned!(parts.at_output=> (__Given, __In)),
        false => quote_spanned!(parts.at_output=> __Given),
    };
    let out = match (parts.kind, parts.sig.output.done()) {
        (Kind::Controller, Some(done)) => quote_spanned!(parts.at_output=> #done),
        (Kind::Controller, None) => {
            quote_spanned!(parts.at_output=> <__Given as #at_output::StepOf<__In, #name>>::Done)
        }
        (Kind::Node | Kind::Router, _) => quote_spanned!(parts.at_output=> __Given),
    };
    let import =
        quote_spanned!(parts.at=> #[allow(unused_imports)] use #p::{AskedNot as _, NoCodec as _, NoSchema as _};);
    let taken = sent(parts, quote_spanned!(parts.at_input=> __Taken), payload, parts.at_input);
    let input = quote_spanned!(parts.at_input=> type __Taken = #payload; type __In = #taken;);
    let out = match parts.sig.output.ty {
        Some(ty) => {
            let left = sent(parts, quote_spanned!(parts.at_output=> __Left), ty, parts.at_output);
            quote_spanned!(parts.at_output=> type __Left = #out; type __Out = #left;)
        }
        None => quote_spanned!(parts.at_output=> type __Out = #out;),
    };
    let states = parts.states().map(|(alias, ty, at)| quote_spanned!(at=> type #alias = #ty;));
    let choice = choice(parts);
    quote_spanned! {parts.at_output=>
        #import
        #input
        #(#states)*
        type __Given = #given;
        type __Yield = #yields;
        #out
        #choice
    }
}

/// The type `alias`, under the condition that it can be sent: what waits for a timer goes on where there is room.
fn sent(parts: &Parts<'_>, alias: TokenStream, written: &Type, at: Span) -> TokenStream {
    let p = parts.args.krate.private(at);
    let words = format!(
        "`{}` cannot be sent between threads, and a message is: write `Arc` for `Rc`, `Mutex` for `RefCell`, or leave out \
         the part that stays on its thread",
        show::tokens(written)
    );
    let is_sent = quote_spanned!(at=> #p::holds(#p::Asked::<#alias>::IS_SEND, #words));
    quote_spanned!(at=> #p::If<{ #is_sent }, #alias>)
}

/// Asks whether what comes back has arms, and says no to an enum that cannot be routed on. The answer chooses between
/// types that exist in any case, so one mistake is one error, and the flows that mention the router stay silent.
fn choice(parts: &Parts<'_>) -> Option<TokenStream> {
    let p = parts.args.krate.private(parts.at_output);
    let choice = quote_spanned! {parts.at_output=>
        type __Choice = #p::Choice<{ #p::Asked::<__Out>::HAS_ARMS }>;
        const _: () = #p::routes::<__Out>();
    };
    (parts.kind == Kind::Router).then_some(choice)
}

/// What wiring knows of the node.
pub(super) fn def(parts: &Parts<'_>) -> TokenStream {
    let (p, name) = (&parts.p, parts.sig.name);
    let text = match &parts.args.name {
        Some(name) => name.value.clone(),
        None => name.unraw().to_string(),
    };
    let policy = parts.args.policy.expr(quote_spanned!(parts.at=> #p::Policy::new()), &parts.args.krate, parts.at);
    let (input, output, checked) = (input_types(parts), output_types(parts), Settle::of(parts).checked());
    let turns = parts.args.turns.as_ref().filter(|_| parts.kind == Kind::Controller).map(|turns| {
        let turns = turns.value;
        quote_spanned!(parts.at=> const TURNS: ::core::option::Option<u32> = ::core::option::Option::Some(#turns);)
    });
    let is_plain = !parts.sig.is_async && parts.args.blocking.is_none();
    let waits = is_plain.then(|| quote_spanned!(parts.at=> const WAITS: bool = false;));
    let router = (parts.kind == Kind::Router).then(|| quote_spanned!(parts.at=> impl #p::Router for #name {}));
    quote_spanned! {parts.at=>
        #router
        #[automatically_derived]
        impl #p::NodeDef for #name {
            #input
            #output
            const NAME: &'static str = #text;
            const POLICY: #p::Policy = #policy;
            #turns
            #waits
            const INPUT: ::core::option::Option<fn() -> #p::schemars::Schema> = #p::SchemaOf::<__In>::SCHEMA;
            const OUTPUT: ::core::option::Option<fn() -> #p::schemars::Schema> = #p::SchemaOf::<__Out>::SCHEMA;
            const CODEC: ::core::option::Option<#p::Codec> = #p::CodecOf::<__Yield>::CODEC;

            fn list(listing: &mut #p::Listing) {
                listing.node::<Self>();
            }

            #checked
        }
    }
}

fn input_types(parts: &Parts<'_>) -> TokenStream {
    let p = parts.args.krate.private(parts.at_input);
    // `retries = 0` asks for the clone as well: it is how a node says that its retries may be overridden.
    let keep = match parts.args.policy.retries {
        Some(_) => quote_spanned!(parts.at_input=> #p::Again<__In>),
        None => quote_spanned!(parts.at_input=> #p::Once),
    };
    quote_spanned! {parts.at_input=>
        type In = __In;
        type Keep = #keep;
    }
}

fn output_types(parts: &Parts<'_>) -> TokenStream {
    let p = parts.args.krate.private(parts.at_output);
    let arms = match parts.kind {
        Kind::Node | Kind::Controller => quote_spanned!(parts.at_output=> __A),
        Kind::Router => quote_spanned!(parts.at_output=> <__Choice as #p::ArmsOf<__Out, __In, __A>>::Arms),
    };
    let variants = (parts.kind == Kind::Router).then(|| {
        let variants = quote_spanned!(parts.at_output=> <__Choice as #p::ArmsOf<__Out, __In, ()>>::VARIANTS);
        quote_spanned!(parts.at_output=> const VARIANTS: ::core::option::Option<#p::Variants> = #variants;)
    });
    quote_spanned! {parts.at_output=>
        type Out = __Out;
        type Yield = __Yield;
        type Arms<__A> = #arms;
        #variants
    }
}
