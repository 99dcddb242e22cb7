//! Prints the names of a flow's nodes: a type alias for each mention, a type for each `as` instance.

use super::at;
use super::policies::Policies;
use crate::args::PolicyArgs;
use crate::crate_path::CratePath;
use crate::flow::graph::{Graph, Hop, Item, Ix, Seq, Vertex};
use crate::flow::syntax::{Attr, EntryKind, Path};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

/// All mentions of a flow, in source order.
pub(super) struct Names {
    krate: CratePath,
    mentions: Vec<Named>,
    policies: Policies,
    strays: Vec<Path>,
}

/// One mention, apart from its place in the graph.
struct Named {
    ix: Ix,
    alias: Ident,
    path: Path,
    /// The instance that it is, with its policy.
    instance: Option<(Ident, PolicyArgs)>,
    /// What must hold for the mention to be there at all: the conditions of the arms around it.
    cfgs: Vec<TokenStream>,
    broken: bool,
    /// Whether it takes batches.
    batched: bool,
    at: Span,
}

impl Names {
    /// The names of `graph`.
    pub(super) fn of(graph: &Graph, krate: &CratePath) -> Self {
        let mut conditions = vec![Vec::new(); graph.vertices.len()];
        under_conditions(&graph.body, &[], &mut conditions);
        let policies = Policies::of(graph, &conditions);
        let mut named = |ix: Ix, vertex: &Vertex, hop: &Hop| Named {
            ix,
            alias: alias(vertex, hop),
            path: hop.path.clone(),
            instance: instance(hop),
            cfgs: std::mem::take(&mut conditions[ix]),
            broken: vertex.broken,
            batched: matches!(hop.entry, Some(EntryKind::Batch(_))),
            at: at(vertex.span),
        };
        let mentions = graph.hops().map(|(ix, hop)| named(ix, &graph.vertices[ix], hop)).collect();
        Names { krate: krate.clone(), mentions, policies, strays: graph.strays.clone() }
    }

    /// `type __N4 = search;` for each mention, under the condition that it is a node, with the user's own tokens: an editor knows them, whatever is wrong elsewhere.
    pub(super) fn aliases(&self) -> TokenStream {
        let alias = |named: &Named| {
            let Named { alias, path, cfgs, at, .. } = named;
            let p = self.krate.private(*at);
            let bare = format_ident!("{alias}Named", span = *at);
            let words =
                format!("`{}` is no node: put `#[node]` above the function, or write the name of a flow", path.text);
            let is_node = quote_spanned!(*at=> #p::holds(#p::Asked::<#bare>::IS_NODE, #words));
            let type_ = quote_spanned!(*at=> type #alias = #p::If<{ #is_node }, #bare>;);
            let bare = quote_spanned!(*at=> type #bare = #path;);
            let batch = named.batched.then(|| self.takes_batch(named));
            let batch_if = batch.iter().map(|batch| quote_spanned!(*at=> #[cfg(all(#(#cfgs),*))] #batch));
            if cfgs.is_empty() {
                return quote_spanned!(*at=> #bare #type_ #batch);
            }
            quote_spanned! {*at=>
                #[cfg(all(#(#cfgs),*))]
                #bare
                #[cfg(all(#(#cfgs),*))]
                #type_
                #[cfg(not(all(#(#cfgs),*)))]
                type #alias = #p::Absent;
                #(#batch_if)*
            }
        };
        let stray = |(index, path): (usize, &Path)| {
            let (alias, at) = (format_ident!("__X{index}"), at(path.last.span()));
            quote_spanned!(at=> type #alias = #path;)
        };
        let strays = self.strays.iter().enumerate().map(stray);
        let at = self::at(Span::call_site());
        let p = self.krate.private(at);
        let asks = quote_spanned!(at=> #[allow(unused_imports)] use #p::AskedNot as _;);
        let policies = std::iter::once(self.policies.aliases(&self.krate));
        std::iter::once(asks).chain(self.mentions.iter().map(alias)).chain(policies).chain(strays).collect()
    }

    /// `type __N4Batch = __N4;` under the condition that the node takes batches.
    fn takes_batch(&self, named: &Named) -> TokenStream {
        let Named { alias, path, at, .. } = named;
        let (p, batch) = (self.krate.private(*at), batch_of(alias));
        let words =
            format!("`{}` takes no batch: behind `batch` stands a node that takes a `Vec` and returns one", path.text);
        let is_vec = |end: &str| {
            let end = Ident::new(end, *at);
            quote_spanned!(*at=> #p::Asked::<<#alias as #p::NodeDef>::#end>::IS_VEC)
        };
        let (takes, gives) = (is_vec("In"), is_vec("Out"));
        quote_spanned!(*at=> type #batch = #p::If<{ #p::holds(#takes && #gives, #words) }, #alias>;)
    }

    /// A type for each `as` instance: its node under another name and policy.
    pub(super) fn instances(&self) -> TokenStream {
        let with_instance =
            |named: &Named| named.instance.as_ref().map(|(name, policy)| self.instance(named, name, policy));
        self.mentions.iter().filter(|named| !named.broken).filter_map(with_instance).collect()
    }

    fn instance(&self, named: &Named, name: &Ident, policy: &PolicyArgs) -> TokenStream {
        let (node, at) = (&named.alias, at(name.span()));
        let p = self.krate.private(at);
        let title = name.to_string();
        let title = title.trim_start_matches("r#");
        let keep = match policy.retries.as_ref().filter(|retries| retries.value > 0) {
            Some(retries) => {
                let at = self::at(retries.key);
                let p = self.krate.private(at);
                quote_spanned!(at=> type Keep = #p::Again<<#node as #p::NodeDef>::In>;)
            }
            None => quote_spanned!(at=> type Keep = <#node as #p::NodeDef>::Keep;),
        };
        // An instance that says nothing about its effect has that of its node, which may be a flow.
        let effect = policy
            .effect
            .is_none()
            .then(|| quote_spanned!(at=> const IRREVERSIBLE: bool = <#node as #p::NodeDef>::IRREVERSIBLE;));
        let policy = policy.expr(quote_spanned!(at=> <#node as #p::NodeDef>::POLICY), &self.krate, at);
        quote_spanned! {at=>
            struct #name {}
            #[automatically_derived]
            impl #p::NodeDef for #name {
                type In = <#node as #p::NodeDef>::In;
                type Out = <#node as #p::NodeDef>::Out;
                type Yield = <#node as #p::NodeDef>::Yield;
                type Arms<__A> = <#node as #p::NodeDef>::Arms<__A>;
                #keep
                const NAME: &'static str = #title;
                const POLICY: #p::Policy = #policy;
                const TURNS: ::core::option::Option<u32> = <#node as #p::NodeDef>::TURNS;
                const INPUT: ::core::option::Option<fn() -> #p::schemars::Schema> = <#node as #p::NodeDef>::INPUT;
                const OUTPUT: ::core::option::Option<fn() -> #p::schemars::Schema> = <#node as #p::NodeDef>::OUTPUT;
                const CODEC: ::core::option::Option<#p::Codec> = <#node as #p::NodeDef>::CODEC;
                const WAITS: bool = <#node as #p::NodeDef>::WAITS;
                #effect
                const NODE: &'static str = <#node as #p::NodeDef>::NODE;
                const FLOW: ::core::option::Option<&'static #p::FlowInfo> = <#node as #p::NodeDef>::FLOW;

                fn list(listing: &mut #p::Listing) {
                    listing.instance::<Self, #node>();
                }
            }
        }
    }

    /// The where clauses of the flow's body: each mention can run over the state.
    pub(super) fn needs(&self) -> TokenStream {
        let need = |named: &Named| {
            let (alias, at, p) = (&named.alias, named.at, self.krate.private(named.at));
            quote_spanned!(at=> #alias: #p::Node<__S>,)
        };
        self.mentions.iter().filter(|named| !named.broken).map(need).collect()
    }

    /// Whether a node of the flow is irreversible, as an expression.
    pub(super) fn irreversible(&self) -> TokenStream {
        self.any_irreversible(at(Span::call_site()), |_| true)
    }

    /// Whether a node of `seqs` is irreversible, as an expression.
    pub(super) fn irreversible_in<'s>(&self, seqs: impl IntoIterator<Item = &'s Seq>, at: Span) -> TokenStream {
        let hops: Vec<Ix> = seqs.into_iter().flat_map(hops).collect();
        self.any_irreversible(at, |ix| hops.contains(&ix))
    }

    fn any_irreversible(&self, at: Span, counts: impl Fn(Ix) -> bool) -> TokenStream {
        let one = |named: &Named| {
            let (at, p) = (named.at, self.krate.private(named.at));
            let name = named.instance.as_ref().map_or(&named.alias, |(name, _)| name);
            quote_spanned!(at=> || <#name as #p::NodeDef>::IRREVERSIBLE)
        };
        let any: TokenStream =
            self.mentions.iter().filter(|named| !named.broken && counts(named.ix)).map(one).collect();
        quote_spanned!(at=> false #any)
    }

    /// The statements that list the flow's nodes.
    pub(super) fn lists(&self) -> TokenStream {
        let list = |named: &Named| {
            let (at, p) = (named.at, self.krate.private(named.at));
            let name = named.instance.as_ref().map_or(&named.alias, |(name, _)| name);
            quote_spanned!(at=> <#name as #p::NodeDef>::list(listing);)
        };
        let nodes = self.mentions.iter().filter(|named| !named.broken).map(list);
        nodes.chain([self.policies.lists()]).collect()
    }
}

/// The type alias of the mention `hop`.
pub(super) fn alias(vertex: &Vertex, hop: &Hop) -> Ident {
    format_ident!("__N{}", hop.place, span = at(vertex.span))
}

/// The type alias under which the mention `alias` takes batches.
pub(super) fn batch_of(alias: &Ident) -> Ident {
    format_ident!("{alias}Batch", span = alias.span())
}

fn instance(hop: &Hop) -> Option<(Ident, PolicyArgs)> {
    let policy = hop.policy.as_ref().map(|policy| policy.args.clone()).unwrap_or_default();
    hop.alias.clone().map(|name| (name, policy))
}

/// Notes for each vertex under which conditions it is there.
fn under_conditions(seq: &Seq, around: &[TokenStream], conditions: &mut [Vec<TokenStream>]) {
    for item in &seq.items {
        match item {
            Item::Hop(ix) => conditions[*ix] = around.to_vec(),
            Item::Fork(fork) => fork.branches.iter().for_each(|branch| under_conditions(branch, around, conditions)),
            Item::Loop(turns) => {
                under_conditions(&turns.body, around, conditions);
                turns.otherwise.iter().for_each(|otherwise| under_conditions(otherwise, around, conditions));
            }
            Item::Route(route) => {
                conditions[route.router] = around.to_vec();
                for arm in &route.arms {
                    let own = arm.cfgs.iter().filter_map(Attr::condition);
                    let inside: Vec<TokenStream> = around.iter().cloned().chain(own).collect();
                    under_conditions(&arm.body, &inside, conditions);
                }
            }
            Item::Tee(tee) => {
                under_conditions(&tee.side, around, conditions);
                under_conditions(&tee.rest, around, conditions);
            }
            Item::Weave(weave) => {
                weave.stretches.iter().for_each(|stretch| under_conditions(&stretch.body, around, conditions));
            }
            Item::Lost(_) => {}
        }
    }
}

/// The nodes of a sequence, with those inside its forks, arms and loops.
fn hops(seq: &Seq) -> Vec<Ix> {
    let inside = |item: &Item| match item {
        Item::Hop(ix) => vec![*ix],
        Item::Fork(fork) => fork.branches.iter().flat_map(hops).collect(),
        Item::Loop(turns) => turns.otherwise.iter().chain([&turns.body]).flat_map(hops).collect(),
        Item::Route(route) => {
            let arms = route.arms.iter().flat_map(|arm| hops(&arm.body));
            arms.chain([route.router]).collect()
        }
        Item::Tee(tee) => [&tee.side, &tee.rest].into_iter().flat_map(hops).collect(),
        Item::Weave(weave) => weave.stretches.iter().flat_map(|stretch| hops(&stretch.body)).collect(),
        Item::Lost(_) => Vec::new(),
    };
    seq.items.iter().flat_map(inside).collect()
}
