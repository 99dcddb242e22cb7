//! Prints the closures that read what arrives and what comes back, and the type that is left of it.

use super::Parts;
use crate::args::Validate;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

pub(super) struct Settle<'a> {
    parts: &'a Parts<'a>,
    /// The private door, at the type that comes back.
    p: TokenStream,
}

impl<'a> Settle<'a> {
    pub(super) fn of(parts: &'a Parts<'a>) -> Self {
        Settle { parts, p: parts.args.krate.private(parts.at_output) }
    }

    /// The type that comes back, out of its `Result` and its envelope.
    pub(super) fn given(&self) -> TokenStream {
        let (at, p, output) = (self.parts.at_output, &self.p, &self.parts.sig.output);
        match (output.ty, output.envelope) {
            (_, Some(payload)) => quote_spanned!(at=> #payload),
            (Some(ty), None) if self.is_fallible() => {
                quote_spanned!(at=> <#p::Returned<{ #p::Asked::<#ty>::IS_RESULT }> as #p::ValueOf<#ty>>::Value)
            }
            (Some(ty), None) => quote_spanned!(at=> #ty),
            (None, None) => quote_spanned!(at=> ()),
        }
    }

    /// Checks the message before the first attempt.
    pub(super) fn accept(&self) -> TokenStream {
        let at = self.parts.at_input;
        let p = self.parts.args.krate.private(at);
        if self.validates(Validate::In) {
            return quote_spanned!(at=> |input| #p::valid(input));
        }
        quote_spanned!(at=> |_| ::core::result::Result::Ok(()))
    }

    /// Reads what the function returned.
    pub(super) fn closure(&self) -> TokenStream {
        let (at, p) = (self.parts.at_output, &self.p);
        let is_envelope = self.parts.sig.output.envelope.is_some();
        let mut steps = TokenStream::new();
        if self.is_fallible() {
            let class = self.class();
            steps.extend(quote_spanned! {at=>
                let out = #p::Fallible::into_result(out).map_err(|error| {
                    #class
                    #p::failed(error, class)
                })?;
            });
        }
        if is_envelope {
            steps.extend(quote_spanned!(at=> let out = back.open(out)?;));
        }
        let name = self.parts.sig.name;
        let give = match self.validates(Validate::Out) {
            true => quote_spanned!(at=> <#name as #p::NodeDef>::checked),
            false => quote_spanned!(at=> ::core::result::Result::Ok),
        };
        let back = if is_envelope { quote_spanned!(at=> back) } else { quote_spanned!(at=> _) };
        match (self.parts.is_by_reference(), steps.is_empty()) {
            (false, true) => quote_spanned!(at=> |out, _| #give(out)),
            (false, false) => quote_spanned!(at=> |out, #back| { #steps #give(out) }),
            (true, _) => quote_spanned!(at=> |(out, input), #back| { #steps #give((out, input)) }),
        }
    }

    /// Checks what the function or its stub gives. The one place that asks for the bound, so that its lack is told once.
    pub(super) fn checked(&self) -> Option<TokenStream> {
        let (at, p) = (self.parts.at_output, &self.p);
        let (given, checks) = match self.parts.is_by_reference() {
            true => {
                let checks = quote_spanned!(at=> ::core::result::Result::Ok((#p::validated(out)?, input)));
                (quote_spanned!(at=> (out, input)), checks)
            }
            false => (quote_spanned!(at=> out), quote_spanned!(at=> #p::validated(out))),
        };
        let checked = quote_spanned! {at=>
            fn checked(#given: Self::Yield) -> ::core::result::Result<Self::Yield, #p::NodeError> { #checks }
        };
        self.validates(Validate::Out).then_some(checked)
    }

    /// What the error says about another attempt: its type, and `retry_if` over it.
    fn class(&self) -> TokenStream {
        let (at, p) = (self.parts.at_output, &self.p);
        let by_function = self.parts.args.policy.retry_if.as_ref().map(|retry_if| {
            let predicate = &retry_if.value;
            let at = Span::mixed_site().located_at(predicate.span());
            let p = self.parts.args.krate.private(at);
            quote_spanned!(at=> let class = #p::Judge(&error).by(#predicate, class);)
        });
        quote_spanned! {at=>
            #[allow(unused_imports)]
            use #p::{ByClassify as _, ByDefault as _};
            let class = (&#p::Judge(&error)).classified();
            #by_function
        }
    }

    fn is_fallible(&self) -> bool {
        self.parts.sig.output.is_result || self.parts.args.fallible.is_some()
    }

    fn validates(&self, side: Validate) -> bool {
        self.parts
            .args
            .policy
            .validate
            .as_ref()
            .is_some_and(|given| given.value == side || given.value == Validate::Both)
    }
}
