//! Prints the closure that calls the user's function once per attempt.

use super::Parts;
use crate::sig::{Extra, Taken};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

pub(super) struct Call<'a> {
    parts: &'a Parts<'a>,
}

impl<'a> Call<'a> {
    pub(super) fn of(parts: &'a Parts<'a>) -> Self {
        Call { parts }
    }

    /// `|at, input| search(input, …)`, with what has to be made before.
    pub(super) fn make(&self) -> TokenStream {
        let at = self.parts.at;
        let sig = self.parts.sig;
        let mut before = TokenStream::new();
        let mut arguments = vec![match sig.input.taken {
            Taken::Value => quote_spanned!(at=> input),
            Taken::Reference => quote_spanned!(at=> &input),
            Taken::Envelope => {
                before.extend(quote_spanned!(at=> let input = at.message(input);));
                quote_spanned!(at=> input)
            }
        }];
        let mut states = self.parts.states().map(|(alias, _, at)| (alias, at));
        for extra in &sig.extras {
            match extra {
                Extra::Ctx => {
                    before.extend(quote_spanned!(at=> let ctx = at.ctx();));
                    arguments.push(quote_spanned!(at=> &ctx));
                }
                Extra::State(_) => {
                    let Some((alias, at)) = states.next() else { continue };
                    let (make, argument) = self.state(&alias, at);
                    before.extend(make);
                    arguments.push(argument);
                }
            }
        }
        let name = sig.name;
        let call = quote_spanned!(at=> #name(#(#arguments),*));
        let run = self.run(&call);
        let needs_at = self.is_blocking() || !before.is_empty();
        let context = if needs_at { quote_spanned!(at=> at) } else { quote_spanned!(at=> _) };
        let run = match self.parts.args.boxed {
            Some(_) => quote_spanned!(at=> ::std::boxed::Box::pin(#run)),
            None => run,
        };
        quote_spanned!(at=> |#context, input| { #before #run })
    }

    /// What a borrow from the state is made of, and how it is passed. A thread of its own takes a share.
    fn state(&self, alias: &Ident, at_type: Span) -> (TokenStream, TokenStream) {
        let at = self.parts.at;
        let p = &self.parts.p;
        let state = Ident::new(&alias.to_string().to_lowercase(), at);
        let provided = quote_spanned!(at_type=> at.cx.provide::<#alias>());
        if self.is_blocking() {
            let shared = quote_spanned!(at_type=> let #state = ::core::clone::Clone::clone(#provided););
            return (shared, quote_spanned!(at=> #p::State(&#state)));
        }
        (quote_spanned!(at_type=> let #state = #provided;), quote_spanned!(at=> #p::State(#state)))
    }

    /// The future of one call. A router that borrows its message gives it back beside the enum.
    fn run(&self, call: &TokenStream) -> TokenStream {
        let at = self.parts.at;
        let p = &self.parts.p;
        let by_reference = self.parts.is_by_reference();
        let is_async = self.parts.sig.is_async;
        let called = match (is_async, by_reference) {
            (true, false) => quote_spanned!(at=> #call.await),
            (true, true) => quote_spanned!(at=> let out = #call.await; (out, input)),
            (false, false) => call.clone(),
            (false, true) => quote_spanned!(at=> let out = #call; (out, input)),
        };
        if self.is_blocking() {
            return quote_spanned!(at=> #p::blocking(at, move || { #called }));
        }
        let borrows = by_reference || self.parts.sig.extras.iter().any(|extra| matches!(extra, Extra::Ctx));
        match (is_async, borrows) {
            // The block owns what the function borrows.
            (true, true) => quote_spanned!(at=> async move { #called }),
            (true, false) => call.clone(),
            (false, _) => quote_spanned!(at=> ::core::future::ready({ #called })),
        }
    }

    fn is_blocking(&self) -> bool {
        self.parts.args.blocking.is_some()
    }
}
