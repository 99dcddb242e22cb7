//! Prints what routers with a policy need: the policy's type, its entry in the listing, and the asking. Knows no arm's body.

use super::at;
use super::code::{Printer, place};
use crate::crate_path::CratePath;
use crate::flow::graph::{Arm, Graph, Hop, Item, Ix, Route, Seq};
use crate::flow::syntax::Path;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt;

/// The policies of one flow, in source order.
pub(super) struct Policies(Vec<Policy>);

struct Policy {
    alias: Ident,
    path: Path,
    router: String,
    /// The arms, each under its own conditions.
    arms: TokenStream,
    /// What must hold for the router to be there at all.
    cfgs: Vec<TokenStream>,
    at: Span,
}

impl Policies {
    /// The policies of `graph`; `conditions` says for each vertex under which it is there.
    pub(super) fn of(graph: &Graph, conditions: &[Vec<TokenStream>]) -> Self {
        let mut policies = Policies(Vec::new());
        policies.collect(graph, &graph.body, conditions);
        policies
    }

    fn collect(&mut self, graph: &Graph, seq: &Seq, conditions: &[Vec<TokenStream>]) {
        for item in &seq.items {
            match item {
                Item::Hop(_) | Item::Lost(_) => {}
                Item::Fork(fork) => fork.branches.iter().for_each(|branch| self.collect(graph, branch, conditions)),
                Item::Tee(tee) => {
                    self.collect(graph, &tee.side, conditions);
                    self.collect(graph, &tee.rest, conditions);
                }
                Item::Loop(turns) => {
                    self.collect(graph, &turns.body, conditions);
                    turns.otherwise.iter().for_each(|otherwise| self.collect(graph, otherwise, conditions));
                }
                Item::Weave(weave) => {
                    weave.stretches.iter().for_each(|stretch| self.collect(graph, &stretch.body, conditions));
                }
                Item::Route(route) => {
                    self.0.extend(policy(graph, route, conditions));
                    route.arms.iter().for_each(|arm| self.collect(graph, &arm.body, conditions));
                }
            }
        }
    }

    /// `type __W4 = Tenants;` for each, under the condition that it is a policy.
    pub(super) fn aliases(&self, krate: &CratePath) -> TokenStream {
        let alias = |policy: &Policy| {
            let Policy { alias, path, at, .. } = policy;
            let (p, cfgs) = (krate.private(*at), policy.cfgs());
            let bare = format_ident!("{alias}Named", span = *at);
            let words = format!("`{0}` is no routing policy: write `impl RoutingPolicy for {0}`", path.text);
            let is_policy = quote_spanned!(*at=> #p::holds(#p::Asked::<#bare>::IS_POLICY, #words));
            quote_spanned! {*at=>
                #cfgs
                type #bare = #path;
                #cfgs
                type #alias = #p::If<{ #is_policy }, #bare>;
            }
        };
        self.0.iter().map(alias).collect()
    }

    /// The statements that list them.
    pub(super) fn lists(&self) -> TokenStream {
        let list = |policy: &Policy| {
            let Policy { alias, path, router, arms, at, .. } = policy;
            let (cfgs, name) = (policy.cfgs(), path.text.replace("r#", ""));
            quote_spanned!(*at=> #cfgs listing.routed::<#alias>(#name, #router, &[#arms]);)
        };
        self.0.iter().map(list).collect()
    }
}

impl Policy {
    fn cfgs(&self) -> Option<TokenStream> {
        let cfgs = &self.cfgs;
        (!cfgs.is_empty()).then(|| quote_spanned!(self.at=> #[cfg(all(#(#cfgs),*))]))
    }
}

fn policy(graph: &Graph, route: &Route, conditions: &[Vec<TokenStream>]) -> Option<Policy> {
    let vertex = &graph.vertices[route.router];
    let hop = vertex.hop().filter(|_| !vertex.broken)?;
    let path = hop.asks.clone()?;
    let named = |arm: &Arm| {
        let (name, cfgs) = (arm.variant.unraw().to_string(), arm.cfgs.iter().map(|cfg| &cfg.tokens));
        quote_spanned!(at(arm.variant.span())=> #(#cfgs)* #name,)
    };
    let arms = route.arms.iter().map(named).collect();
    let (cfgs, at) = (conditions[route.router].clone(), at(path.last.span()));
    Some(Policy { alias: alias(hop, at), router: title(hop), path, arms, cfgs, at })
}

/// Asks the policy about the arm in the variable `router`; `arms` are its arms, each with the type in which it names its
/// variant, and `first` is the one that says what the others take.
pub(super) fn ask(
    printer: &Printer<'_>,
    ix: Ix,
    router: &Ident,
    arms: &[(&Arm, TokenStream)],
    first: Option<usize>,
) -> Option<TokenStream> {
    let hop = printer.graph.vertices[ix].hop()?;
    let path = hop.asks.as_ref()?;
    let span = at(path.last.span());
    let (p, alias, title, name) = (printer.private(span), alias(hop, span), title(hop), path.text.replace("r#", ""));
    let place = place(hop.place, span);
    let each = |print: &dyn Fn(usize, Span, &TokenStream, String) -> TokenStream| -> TokenStream {
        let one = |(index, (arm, variant)): (usize, &(&Arm, TokenStream))| {
            let (span, cfgs) = (at(arm.variant.span()), arm.cfgs.iter().map(|cfg| &cfg.tokens));
            let printed = print(index, span, variant, arm.variant.unraw().to_string());
            quote_spanned!(span=> #(#cfgs)* #printed)
        };
        arms.iter().enumerate().map(one).collect()
    };
    let names = each(&|_, span, variant, name| quote_spanned!(span=> #variant(_) => #name,));
    let leave = each(&|index, span, variant, _| {
        let (p, alias) = (printer.private(span), format_ident!("{alias}", span = span));
        let leaves = format_ident!("{}", if Some(index) == first { "first" } else { "further" }, span = span);
        let answer = quote_spanned!(span=> <#alias as #p::RoutingPolicy>::Answer);
        quote_spanned!(span=> #variant(m) => #p::Leaving::<_, _, #answer>(m, &ends, ::core::marker::PhantomData).#leaves(),)
    });
    let arrive = each(&|_, span, variant, name| {
        let p = printer.private(span);
        quote_spanned!(span=> #name => #variant(#p::arrives(m)),)
    });
    Some(quote_spanned! {span=>
        let arm = match &#router { #names };
        let #router = match #p::policed::<#alias, __S>(cx, (#title, #place, #name), arm, ARMS).await? {
            ::core::option::Option::None => #router,
            ::core::option::Option::Some(to) => {
                let ends = #p::Ends::new();
                let m = match #router { #leave };
                match to { #arrive _ => #p::unreachable() }
            }
        };
    })
}

/// The type alias of a router's policy.
fn alias(hop: &Hop, span: Span) -> Ident {
    format_ident!("__W{}", hop.place, span = span)
}

/// The router's name in paths.
fn title(hop: &Hop) -> String {
    let name = hop.alias.as_ref().unwrap_or(&hop.path.last);
    name.unraw().to_string()
}
