//! Prints a node: a type beside the function, what wiring knows of it, and how it runs. Decides nothing: all checks are
//! done, and `docs/EXPANSION.md` says what stands where.

mod call;
mod info;
mod settle;

use crate::args::NodeArgs;
use crate::sig::item::Item;
use crate::sig::{Kind, Sig, Taken};
use call::Call;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use settle::Settle;
use syn::Type;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// What stands beside the user's function.
pub(super) fn node(item: &Item, args: &NodeArgs, sig: &Sig, kind: Kind) -> TokenStream {
    let parts = Parts::of(args, sig, kind);
    let definition = parts.definition(item);
    let cfgs = item.cfgs();
    let (types, choice, def, run) = (parts.types(), parts.choice(), parts.def(), parts.runs());
    let info = info::info(&parts, item);
    quote_spanned! {parts.at=>
        #definition
        #(#cfgs)*
        #[allow(deprecated, clippy::all, clippy::pedantic)]
        const _: () = { #types #choice #def #run #info };
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

    /// The type that bears the function's name: the name then means both, and one `use` brings both.
    ///
    /// The types of the signature are the defaults of its parameters, so that every impl for it names them: a node may
    /// then be more visible than its messages, as a function may.
    fn definition(&self, item: &Item) -> TokenStream {
        let (cfgs, docs, vis, name) = (item.cfgs(), item.docs(), &item.vis, self.sig.name);
        let payload = self.sig.input.payload;
        let returned = match self.sig.output.ty {
            Some(ty) => quote_spanned!(self.at_output=> #ty),
            None => quote_spanned!(self.at=> ()),
        };
        quote_spanned! {self.at=>
            #(#cfgs)*
            #(#docs)*
            #[doc(hidden)]
            #[allow(non_camel_case_types, dead_code, private_interfaces)]
            #vis struct #name<__In = #payload, __Out = #returned> {
                types: ::core::marker::PhantomData<fn(__In) -> __Out>,
            }
        }
    }

    fn is_by_reference(&self) -> bool {
        self.sig.input.taken == Taken::Reference
    }

    /// The node's types under names of our own; the user's tokens keep their place.
    fn types(&self) -> TokenStream {
        let (name, payload, p) = (self.sig.name, self.sig.input.payload, self.args.krate.private(self.at_output));
        let given = Settle::of(self).given();
        let (yields, out) = match self.kind {
            Kind::Controller => {
                let done = match self.sig.output.done() {
                    Some(done) => quote_spanned!(self.at_output=> #done),
                    None => quote_spanned!(self.at_output=> <__Given as #p::StepOf<__In, #name>>::Done),
                };
                (quote_spanned!(self.at_output=> __Given), done)
            }
            _ if self.is_by_reference() => {
                (quote_spanned!(self.at_output=> (__Given, __In)), quote_spanned!(self.at_output=> __Given))
            }
            Kind::Node | Kind::Router => {
                (quote_spanned!(self.at_output=> __Given), quote_spanned!(self.at_output=> __Given))
            }
        };
        let input = quote_spanned!(self.at_input=> type __In = #payload;);
        let states = self.states().map(|(alias, ty, at)| quote_spanned!(at=> type #alias = #ty;));
        let at = &self.p;
        let import = quote_spanned!(self.at=> #[allow(unused_imports)] use #at::{AskedNot as _, NoSchema as _};);
        quote_spanned! {self.at_output=>
            #import
            #input
            #(#states)*
            type __Given = #given;
            type __Yield = #yields;
            type __Out = #out;
        }
    }

    /// What wiring knows of the node.
    fn def(&self) -> TokenStream {
        let (p, name) = (&self.p, self.sig.name);
        let text = match &self.args.name {
            Some(name) => name.value.clone(),
            None => name.unraw().to_string(),
        };
        let policy = self.args.policy.expr(quote_spanned!(self.at=> #p::Policy::new()), &self.args.krate, self.at);
        let (input, output) = (self.input_types(), self.output_types());
        let router = matches!(self.kind, Kind::Router).then(|| quote_spanned!(self.at=> impl #p::Router for #name {}));
        quote_spanned! {self.at=>
            #router
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

    fn input_types(&self) -> TokenStream {
        let p = self.args.krate.private(self.at_input);
        // `retries = 0` asks for the clone as well: it is how a node says that its retries may be overridden.
        let keep = match self.args.policy.retries {
            Some(_) => quote_spanned!(self.at_input=> #p::Again<__In>),
            None => quote_spanned!(self.at_input=> #p::Once),
        };
        quote_spanned! {self.at_input=>
            type In = __In;
            type Keep = #keep;
        }
    }

    /// Asks whether what comes back has arms, and says no to an enum that cannot be routed on. The answer chooses between
    /// types that exist in any case, so one mistake is one error, and the flows that mention the router stay silent.
    fn choice(&self) -> Option<TokenStream> {
        let p = self.args.krate.private(self.at_output);
        let choice = quote_spanned! {self.at_output=>
            type __Choice = #p::Choice<{ #p::Asked::<__Out>::HAS_ARMS }>;
            const _: () = #p::routes::<__Out>();
        };
        (self.kind == Kind::Router).then_some(choice)
    }

    fn output_types(&self) -> TokenStream {
        let p = self.args.krate.private(self.at_output);
        let arms = match self.kind {
            Kind::Node | Kind::Controller => quote_spanned!(self.at_output=> __A),
            Kind::Router => quote_spanned!(self.at_output=> <__Choice as #p::ArmsOf<__Out, __In, __A>>::Arms),
        };
        quote_spanned! {self.at_output=>
            type Out = __Out;
            type Yield = __Yield;
            type Arms<__A> = #arms;
        }
    }

    /// How the node runs, and for a router how it chooses.
    fn runs(&self) -> TokenStream {
        let hop = self.hop(&quote_spanned!(self.at=> m));
        match self.kind {
            Kind::Node => self.run(&hop),
            Kind::Controller => self.run(&self.turns()),
            Kind::Router if self.is_by_reference() => {
                let (p, types, bounds) = (&self.p, self.instance(), self.bounds());
                let shared = quote_spanned! {self.at=>
                    fn __hop<'a, __I, __S>(
                        cx: &'a #p::Cx<'a, __S>,
                        place: u32,
                        m: #p::M<__In>,
                    ) -> impl ::core::future::Future<Output = #p::Ran<__Yield>> + ::core::marker::Send + use<'a, __I, __S>
                    where
                        #types,
                        #bounds
                    {
                        #hop
                    }
                };
                let call = quote_spanned!(self.at=> __hop::<__I, __S>(cx, place, m).await?);
                let run = self.ok(&quote_spanned!(self.at=> #call.without_input()));
                let route = self.ok(&quote_spanned! {self.at=>
                    <__Choice as #p::ChooseByRef<__Out, __In, __A>>::choose(#call)
                });
                let runs = self.run_and_route(&run, Some(&route));
                quote_spanned!(self.at=> #shared #runs)
            }
            Kind::Router => {
                let p = &self.p;
                let at_input = self.args.krate.private(self.at_input);
                let choose = quote_spanned!(self.at_input=> <__Choice as #at_input::Choose<__Out, __In, __A>>);
                let keep = quote_spanned!(self.at_input=> #choose::keep(&m));
                let route = quote_spanned! {self.at=>
                    async move {
                        let kept = #keep;
                        let m = <Self as #p::Node<__S>>::run_as::<__I>(cx, place, m).await?;
                        ::core::result::Result::Ok(#choose::choose(m, kept))
                    }
                };
                self.run_and_route(&hop, Some(&route))
            }
        }
    }

    fn ok(&self, value: &TokenStream) -> TokenStream {
        quote_spanned!(self.at=> async move { ::core::result::Result::Ok(#value) })
    }

    fn run(&self, body: &TokenStream) -> TokenStream {
        self.run_and_route(body, None)
    }

    fn run_and_route(&self, body: &TokenStream, route: Option<&TokenStream>) -> TokenStream {
        let (p, name, types, bounds) = (&self.p, self.sig.name, self.instance(), self.bounds());
        let route = route.map(|body| self.route(&self.carried(body)));
        let body = self.carried(body);
        quote_spanned! {self.at=>
            #[automatically_derived]
            impl<__S> #p::Node<__S> for #name
            where
                #bounds
            {
                #[inline]
                fn run_as<'a, __I>(
                    cx: &'a #p::Cx<'a, __S>,
                    place: u32,
                    m: #p::M<__In>,
                ) -> impl ::core::future::Future<Output = #p::Ran<__Out>> + ::core::marker::Send + 'a
                where
                    #types,
                    __S: 'a,
                {
                    #body
                }

                #route
            }
        }
    }

    fn route(&self, body: &TokenStream) -> TokenStream {
        let (p, types) = (&self.p, self.instance());
        quote_spanned! {self.at=>
            #[inline]
            fn route_as<'a, __I, __A>(
                cx: &'a #p::Cx<'a, __S>,
                place: u32,
                m: #p::M<__In>,
            ) -> impl ::core::future::Future<
                Output = ::core::result::Result<<Self as #p::NodeDef>::Arms<__A>, #p::Stop>,
            > + ::core::marker::Send
            + 'a
            where
                #types,
                __A: 'a,
                __S: 'a,
            {
                #body
            }
        }
    }

    /// The loop of a controller.
    fn turns(&self) -> TokenStream {
        let (p, name) = (&self.p, self.sig.name);
        let limit = self.args.turns.as_ref().map_or(1, |turns| turns.value);
        let hop = self.hop(&quote_spanned!(self.at=> turns.take()));
        let after = {
            let p = self.args.krate.private(self.at_output);
            quote_spanned!(self.at_output=> #p::Turns::after::<#name, _>(&mut turns, m))
        };
        quote_spanned! {self.at=>
            async move {
                let mut turns = #p::Turns::new(m, #limit);
                loop {
                    let cx = &cx.turn(place, turns.turn());
                    let m = #hop.await?;
                    match #after {
                        #p::Turned::Again => turns.breathe().await,
                        #p::Turned::Done(m) => return ::core::result::Result::Ok(m),
                        #p::Turned::Out(_) => {
                            return ::core::result::Result::Err(#p::Stop::BudgetExceeded(#p::Limit::Turns));
                        }
                    }
                }
            }
        }
    }

    fn hop(&self, m: &TokenStream) -> TokenStream {
        let p = &self.p;
        let settle = Settle::of(self);
        let (accept, make, settle) = (settle.accept(), Call::of(self).make(), settle.closure());
        quote_spanned!(self.at=> #p::hop::<__I, _, _, _, _, _>(cx, place, #m, #accept, #make, #settle))
    }

    /// A message that cannot be sent is told at its type, and nowhere else.
    fn carried(&self, run: &TokenStream) -> TokenStream {
        let p = &self.p;
        let carrier = quote_spanned!(self.at=> #p::Carrier<{ #p::Asked::<__In>::IS_SEND }>);
        quote_spanned!(self.at=> <#carrier as #p::Carry<_>>::carry(#run))
    }

    /// What an instance has in common with its node.
    fn instance(&self) -> TokenStream {
        let p = &self.p;
        quote_spanned!(self.at=> __I: #p::NodeDef<In = __In, Out = __Out, Yield = __Yield>)
    }

    /// The parts of the state that the node asks for: our name, the user's type, and where it stands.
    fn states(&self) -> impl Iterator<Item = (Ident, &'a Type, Span)> {
        self.sig.states().enumerate().map(|(index, ty)| {
            let at = Span::mixed_site().located_at(ty.span());
            (format_ident!("__State{index}", span = at), ty, at)
        })
    }

    /// What the node asks of the flow's state.
    fn bounds(&self) -> TokenStream {
        let states = self.states().map(|(alias, _, at)| {
            let p = self.args.krate.private(at);
            quote_spanned!(at=> __S: #p::Provides<#alias>,)
        });
        quote_spanned!(self.at=> __S: ::core::marker::Sync, #(#states)*)
    }
}
