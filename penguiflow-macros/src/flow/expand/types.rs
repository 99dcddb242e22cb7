//! What a flow takes and gives, as types: from its header, or from its first and last steps.

use super::{at, hop, names};
use crate::crate_path::CratePath;
use crate::flow::graph::{ArmEnd, Feed, Graph, Item, Ix, Kind, Loop, Route, Seq, Stretch, Weave};
use crate::flow::syntax::{EntryKind, Header, Rule};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// `type __In = …; type __Out = …;`, so that a type that is not found is told once.
pub(super) struct Ends {
    pub(super) aliases: TokenStream,
}

/// The types as the header writes them.
pub(super) fn of_header(header: &Header, krate: &CratePath) -> Ends {
    let (input, output) = (&header.input, &header.output);
    let span = at(header.owner.name.span());
    let p = krate.private(span);
    let carried = |ty| quote_spanned!(span=> #p::Carried<{ #p::Asked::<#ty>::IS_SEND }, #ty>);
    let (carried_in, carried_out) = (carried(quote_spanned!(span=> __Takes)), carried(quote_spanned!(span=> __Gives)));
    let aliases = quote_spanned! {span=>
        type __Takes = #input;
        type __Gives = #output;
        type __In = #carried_in;
        type __Out = #carried_out;
    };
    Ends { aliases }
}

/// The types of the first and the last steps.
pub(super) fn of_body(graph: &Graph, krate: &CratePath) -> Ends {
    let span = at(graph.vertices[0].span);
    let types = Types { graph, krate };
    let lost = || {
        let p = krate.private(span);
        quote_spanned!(span=> #p::Gone)
    };
    let input = types.input(&graph.body).unwrap_or_else(lost);
    let output = types.output(&graph.body).unwrap_or_else(lost);
    Ends { aliases: quote_spanned!(span=> type __In = #input; type __Out = #output;) }
}

struct Types<'g> {
    graph: &'g Graph,
    krate: &'g CratePath,
}

impl Types<'_> {
    /// What the sequence takes; nothing behind a mistake.
    fn input(&self, seq: &Seq) -> Option<TokenStream> {
        match seq.items.first()? {
            Item::Hop(ix) => self.taken(*ix),
            Item::Route(route) => self.taken(route.router),
            Item::Fork(fork) => self.input(fork.branches.first()?),
            Item::Loop(turns) => self.input(&turns.body),
            Item::Tee(tee) => self.input(&tee.rest).or_else(|| self.input(&tee.side)),
            Item::Weave(weave) => {
                let begins = |stretch: &&Stretch| matches!(stretch.feed, Feed::Begin | Feed::One(0));
                weave.stretches.iter().filter(begins).find_map(|stretch| self.input(&stretch.body))
            }
            Item::Lost(_) => None,
        }
    }

    /// What the sequence gives; nothing behind a mistake, or where no message leaves it.
    fn output(&self, seq: &Seq) -> Option<TokenStream> {
        self.behind(&seq.items, None)
    }

    /// What is there behind `items`, `before` being what is there before them.
    fn behind(&self, items: &[Item], before: Option<TokenStream>) -> Option<TokenStream> {
        let Some((last, earlier)) = items.split_last() else { return before };
        match last {
            Item::Hop(ix) => self.given(*ix),
            Item::Route(route) => self.of_arms(route),
            Item::Fork(fork) => {
                self.gathered(fork.gather?, &fork.branches.iter().map(|branch| self.output(branch)).collect::<Vec<_>>())
            }
            Item::Loop(turns) => self.of_loop(turns),
            Item::Tee(tee) => self.behind(&tee.rest.items, self.behind(earlier, before)),
            Item::Weave(weave) => weave.exits.iter().find_map(|&exit| self.of_stretch(weave, exit)),
            Item::Lost(_) => None,
        }
    }

    fn taken(&self, ix: Ix) -> Option<TokenStream> {
        self.end(ix, "In")
    }

    fn given(&self, ix: Ix) -> Option<TokenStream> {
        self.end(ix, "Out")
    }

    fn end(&self, ix: Ix, which: &str) -> Option<TokenStream> {
        let vertex = &self.graph.vertices[ix];
        let (hop, span) = (vertex.hop().filter(|_| !vertex.broken)?, at(vertex.span));
        let (p, alias) = (self.krate.private(span), names::alias(vertex, hop));
        if let Some(EntryKind::Batch(_)) = hop.entry {
            return Some(of_item(&p, &names::batch_of(&alias), which, span));
        }
        let which = Ident::new(which, span);
        let end = quote_spanned!(span=> <#alias as #p::NodeDef>::#which);
        Some(match &vertex.kind {
            Kind::Map(..) => quote_spanned!(span=> ::std::vec::Vec<#end>),
            Kind::Node(_) | Kind::Gather(_) | Kind::Input | Kind::Output | Kind::Drop => end,
        })
    }

    /// What the gather `ix` makes of what its branches end with.
    fn gathered(&self, ix: Ix, ends: &[Option<TokenStream>]) -> Option<TokenStream> {
        let vertex = &self.graph.vertices[ix];
        let Kind::Gather(gather) = &vertex.kind else { return None };
        let span = at(vertex.span);
        match gather.rule {
            Rule::All => {
                let branches: Option<Vec<_>> = ends.iter().cloned().collect();
                branches.map(|branches| quote_spanned!(span=> (#(#branches,)*)))
            }
            Rule::FirstK(_) => {
                let first = ends.first()?.as_ref()?;
                Some(quote_spanned!(span=> ::std::vec::Vec<#first>))
            }
            Rule::First => ends.first()?.clone(),
            Rule::Settle => {
                let p = self.krate.private(span);
                let branches: Option<Vec<_>> = ends.iter().cloned().collect();
                branches
                    .map(|branches| quote_spanned!(span=> (#(::core::result::Result<#branches, #p::BranchError>,)*)))
            }
            Rule::Told => None,
        }
    }

    /// What the stretch `at` ends with.
    fn of_stretch(&self, weave: &Weave, at: usize) -> Option<TokenStream> {
        let stretch = &weave.stretches[at];
        let before = match &stretch.feed {
            _ if !stretch.body.items.is_empty() => None,
            Feed::Gather(ix, from) => {
                self.gathered(*ix, &from.iter().map(|&from| self.of_stretch(weave, from)).collect::<Vec<_>>())
            }
            Feed::One(_) | Feed::Either(_) => stretch.fed_by().iter().find_map(|&from| self.of_stretch(weave, from)),
            Feed::Begin | Feed::Arm(..) | Feed::Lost => None,
        };
        self.behind(&stretch.body.items, before)
    }

    /// Arms that go on, or leave with the flow's result, bring one type.
    fn of_arms(&self, route: &Route) -> Option<TokenStream> {
        let going_on = route.arms.iter().filter(|arm| matches!(arm.end, ArmEnd::GoesOn));
        let done = route.arms.iter().filter(|arm| matches!(arm.end, ArmEnd::Done(_)));
        // An arm under a `cfg` may not be there.
        going_on.chain(done).filter(|arm| arm.cfgs.is_empty()).find_map(|arm| self.output(&arm.body))
    }

    fn of_loop(&self, turns: &Loop) -> Option<TokenStream> {
        let vertex = &self.graph.vertices[turns.last?];
        let (p, span) = (self.krate.private(at(vertex.span)), at(vertex.span));
        let (returned, state, alias) =
            (self.given(turns.last?)?, self.input(&turns.body)?, names::alias(vertex, vertex.hop()?));
        Some(quote_spanned!(span=> <#returned as #p::StepOf<#state, #alias>>::Done))
    }
}

/// What one trace brings to a node that takes batches, and what it gets back.
fn of_item(p: &TokenStream, node: &Ident, which: &str, span: Span) -> TokenStream {
    let each = quote_spanned!(span=> <#node as #p::TakesBatch>);
    if which == "In" {
        return quote_spanned!(span=> #each::Item);
    }
    let results = hop::results(p, node, span);
    quote_spanned!(span=> <#p::Returned<{ #results }> as #p::PartOf<#each::Each>>::Value)
}
