//! Cuts elements and arrows into straight stretches.

use super::{Ix, Weave, Web, What};
use crate::flow::graph::Feed;
use crate::flow::syntax::{Gather, Mention, Step, Tee};
use proc_macro2::Span;

/// A straight piece: what feeds it, and what runs in it.
pub(crate) struct Stretch {
    pub(crate) feed: Feed<Gather>,
    pub(crate) steps: Vec<Step>,
    /// The router that it ends with, and what stands before that.
    pub(crate) router: Option<(Mention, Option<Step>)>,
    /// The side branch that it is.
    pub(crate) side: Option<Tee>,
    /// Whether it runs in a task of its own.
    pub(crate) apart: bool,
    /// How many stretches take what it ends with.
    pub(crate) readers: usize,
    pub(crate) span: Span,
}

/// The stretches of `web`, each behind those that feed it.
pub(super) fn cut(web: Web) -> Weave {
    let order = web.order();
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut of: Vec<Option<usize>> = vec![None; web.elements.len()];
    for &ix in &order {
        let at = match goes_on(&web, ix).and_then(|before| of[before]) {
            Some(at) => at,
            None => {
                let (feed, apart, span) = (feed(&web, ix, &of), web.elements[ix].apart, web.elements[ix].span);
                let steps = Vec::new();
                stretches.push(Stretch { feed, steps, router: None, side: None, apart, readers: 0, span });
                stretches.len() - 1
            }
        };
        of[ix] = Some(at);
        let stretch = &mut stretches[at];
        if matches!(stretch.feed, Feed::Begin) && stretch.steps.is_empty() {
            // A message comes in nowhere in the source.
            stretch.span = web.elements[ix].span;
        }
        match &web.elements[ix].what {
            What::Begin | What::Arm(_) | What::Done(_) | What::Gather(_) => {}
            What::Steps(steps) => stretch.steps.extend(steps.iter().cloned()),
            What::Router(router) => stretch.router = Some((**router).clone()),
            What::Side(tee) => stretch.side = Some(tee.clone()),
        }
        stretch.readers = match web.elements[ix].what {
            // One for each arm, and each arm has a value of its own.
            What::Router(..) => 1,
            What::Begin | What::Steps(_) | What::Arm(_) | What::Done(_) | What::Gather(_) | What::Side(_) => {
                web.out_of(ix).count().max(1)
            }
        };
    }
    let exits = web.ends().filter_map(|ix| of[ix]).collect();
    Weave { stretches, exits, told: web.told || order.len() < web.elements.len() }
}

/// The element that `ix` goes straight on behind.
fn goes_on(web: &Web, ix: Ix) -> Option<Ix> {
    let mut ways = web.into(ix);
    let (before, None) = (ways.next()?.from, ways.next()) else { return None };
    let (one, two) = (&web.elements[before], &web.elements[ix]);
    let begins = match two.what {
        What::Begin | What::Arm(_) | What::Gather(_) | What::Side(_) => true,
        What::Steps(_) | What::Router(..) | What::Done(_) => false,
    };
    (!begins && one.apart == two.apart && web.out_of(before).count() == 1).then_some(before)
}

fn feed(web: &Web, ix: Ix, of: &[Option<usize>]) -> Feed<Gather> {
    let feeds: Vec<usize> = web.into(ix).filter_map(|arrow| of[arrow.from]).collect();
    match (&web.elements[ix].what, feeds.as_slice()) {
        (What::Begin, _) => Feed::Begin,
        (What::Arm(arm), [router]) => Feed::Arm(*router, *arm),
        (What::Gather(gather), _) => Feed::Gather(gather.clone(), feeds),
        (_, []) => Feed::Lost,
        (_, [one]) => Feed::One(*one),
        (_, _) => Feed::Either(feeds),
    }
}
