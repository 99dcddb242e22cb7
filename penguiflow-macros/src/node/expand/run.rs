//! Prints how a node runs: its hop, the loop of a controller, the choice of a router. Knows no types but by our names.

use super::Parts;
use super::call::Call;
use super::settle::Settle;
use crate::sig::Kind;
use proc_macro2::TokenStream;
use quote::quote_spanned;

/// How the node runs, and for a router how it chooses.
pub(super) fn runs(parts: &Parts<'_>) -> TokenStream {
    match parts.kind {
        Kind::Node => node(parts, &hop(parts, &message(parts)), None),
        Kind::Controller => node(parts, &turns(parts), None),
        Kind::Router if parts.is_by_reference() => router_by_reference(parts),
        Kind::Router => router(parts),
    }
}

/// A router keeps what its arms will need of the message before it gives the message away.
fn router(parts: &Parts<'_>) -> TokenStream {
    let p = &parts.p;
    let at_input = parts.args.krate.private(parts.at_input);
    let choose = quote_spanned!(parts.at_input=> <__Choice as #at_input::Choose<__Out, __In, __A>>);
    let keep = quote_spanned!(parts.at_input=> #choose::keep(&m));
    let route = quote_spanned! {parts.at=>
        async move {
            let kept = #keep;
            let m = <Self as #p::Node<__S>>::run_as::<__I>(cx, place, m).await?;
            ::core::result::Result::Ok(#choose::choose(m, kept))
        }
    };
    node(parts, &hop(parts, &message(parts)), Some(&route))
}

/// A router that borrows its message has it back with the result.
fn router_by_reference(parts: &Parts<'_>) -> TokenStream {
    let (p, types, bounds) = (&parts.p, instance(parts), bounds(parts));
    let hop = hop(parts, &message(parts));
    let shared = quote_spanned! {parts.at=>
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
    let call = quote_spanned!(parts.at=> __hop::<__I, __S>(cx, place, m).await?);
    let chosen = quote_spanned!(parts.at=> <__Choice as #p::ChooseByRef<__Out, __In, __A>>::choose(#call));
    let run = quote_spanned!(parts.at=> async move { ::core::result::Result::Ok(#call.without_input()) });
    let route = quote_spanned!(parts.at=> async move { ::core::result::Result::Ok(#chosen) });
    let runs = node(parts, &run, Some(&route));
    quote_spanned!(parts.at=> #shared #runs)
}

fn node(parts: &Parts<'_>, run: &TokenStream, route: Option<&TokenStream>) -> TokenStream {
    let (p, name, types, bounds) = (&parts.p, parts.sig.name, instance(parts), bounds(parts));
    let route = route.map(|body| route_as(parts, body));
    quote_spanned! {parts.at=>
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
                #run
            }

            #route
        }
    }
}

fn route_as(parts: &Parts<'_>, body: &TokenStream) -> TokenStream {
    let (p, types) = (&parts.p, instance(parts));
    quote_spanned! {parts.at=>
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
fn turns(parts: &Parts<'_>) -> TokenStream {
    let (p, name) = (&parts.p, parts.sig.name);
    let limit = parts.args.turns.as_ref().map_or(1, |turns| turns.value);
    let hop = hop(parts, &quote_spanned!(parts.at=> turns.take()));
    let after = {
        let p = parts.args.krate.private(parts.at_output);
        quote_spanned!(parts.at_output=> #p::Turns::after::<#name, _>(&mut turns, m))
    };
    quote_spanned! {parts.at=>
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

fn message(parts: &Parts<'_>) -> TokenStream {
    quote_spanned!(parts.at=> m)
}

fn hop(parts: &Parts<'_>, m: &TokenStream) -> TokenStream {
    let p = &parts.p;
    let settle = Settle::of(parts);
    let (accept, make, settle) = (settle.accept(), Call::of(parts).make(), settle.closure());
    quote_spanned!(parts.at=> #p::hop::<__I, _, _, _, _, _>(cx, place, #m, #accept, #make, #settle))
}

/// What an instance has in common with its node.
fn instance(parts: &Parts<'_>) -> TokenStream {
    let p = &parts.p;
    quote_spanned!(parts.at=> __I: #p::NodeDef<In = __In, Out = __Out, Yield = __Yield>)
}

/// What the node asks of the flow's state.
fn bounds(parts: &Parts<'_>) -> TokenStream {
    let states = parts.states().map(|(alias, _, at)| {
        let p = parts.args.krate.private(at);
        quote_spanned!(at=> __S: #p::Provides<#alias>,)
    });
    quote_spanned!(parts.at=> __S: ::core::marker::Send + ::core::marker::Sync + 'static, #(#states)*)
}
