//! Tells what is wrong with the arrows of a flow: cycles, two ways into one node, joins that starve, two ends.

use super::guards::Guard;
use super::{Element, Ix, Web, What};
use crate::diag::Diags;
use crate::flow::check::cycle;
use crate::flow::syntax::Step;
use crate::flow::topo::Directed;
use crate::flow::words::exit;
use proc_macro2::Span;
use std::collections::BTreeMap;

/// Tells all mistakes; what depends on a told one is silent.
pub(super) fn check(web: &mut Web, diags: &mut Diags) {
    cycles(web, diags);
    let mut guards = Guards::of(web, diags);
    if !guards.told && !web.told {
        guards.gathers(diags);
    }
    if !guards.told && !web.told {
        guards.ends(diags);
    }
    web.told |= guards.told;
}

/// Tells each arrow that closes a cycle, in source order.
fn cycles(web: &mut Web, diags: &mut Diags) {
    let mut order: Vec<usize> = (0..web.arrows.len()).collect();
    order.sort_by_key(|&at| web.arrows[at].chain);
    let mut open: Vec<(Ix, Ix)> = Vec::new();
    for at in order {
        let (from, to) = (web.arrows[at].from, web.arrows[at].to);
        let ways = Directed::new(web.elements.len(), open.iter().copied().chain([(from, to)]));
        let Some(way) = ways.way(to, to, |_| true) else {
            open.push((from, to));
            continue;
        };
        web.arrows[at].closes = true;
        web.told = true;
        let members: Vec<&str> =
            way.iter().map(|&ix| &web.elements[ix]).filter(|at| at.is_shown()).map(|at| &*at.name).collect();
        diags.error(web.arrows[at].span, cycle::is_reached_from_itself(&web.elements[to].name, &members));
    }
}

/// The conditions under which each element runs.
struct Guards<'w> {
    web: &'w Web,
    guards: Vec<Guard>,
    told: bool,
}

impl<'w> Guards<'w> {
    /// Follows all ways, and tells of two into one element that may both bring a message.
    fn of(web: &'w Web, diags: &mut Diags) -> Self {
        let mut arms: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (ix, element) in web.elements.iter().enumerate() {
            let What::Arm(arm) = &element.what else { continue };
            web.into(ix).for_each(|arrow| arms.entry(arrow.from).or_default().push(*arm));
        }
        let mut all = Guards { web, guards: vec![Guard::always(); web.elements.len()], told: false };
        for ix in web.order() {
            all.guards[ix] = all.guard(ix, &arms, diags);
        }
        all
    }

    fn guard(&mut self, ix: Ix, arms: &BTreeMap<usize, Vec<usize>>, diags: &mut Diags) -> Guard {
        let web = self.web;
        let mut ways = web.into(ix);
        let Some(first) = ways.next() else { return Guard::always() };
        let mut guard = self.guards[first.from].clone();
        match web.elements[ix].what {
            What::Arm(arm) => {
                let guard = guard.and(first.from, arm);
                return guard.or(&guard, arms);
            }
            // Its branches are compared when all is known.
            What::Gather(_) => return guard,
            What::Begin | What::Steps(_) | What::Done(_) | What::Router(..) | What::Side(_) => {}
        }
        let mut before = first;
        for arrow in ways {
            let other = &self.guards[arrow.from];
            if guard.excludes(other) {
                guard = guard.or(other, arms);
            } else {
                self.told = true;
                diags.error(arrow.span, self.twice(before.from, arrow.from, &web.elements[ix].name));
            }
            before = arrow;
        }
        guard
    }

    /// Tells of a gather that is fed under different conditions.
    fn gathers(&mut self, diags: &mut Diags) {
        for (ix, element) in self.web.elements.iter().enumerate() {
            let What::Gather(gather) = &element.what else { continue };
            let feeds: Vec<Ix> = self.web.into(ix).map(|arrow| arrow.from).collect();
            let starved = feeds.iter().find_map(|&one| {
                feeds.iter().find_map(|&two| Some((one, self.guards[one].beyond(&self.guards[two])?)))
            });
            let Some((feed, (router, arm))) = starved else { continue };
            self.told = true;
            let (router, arm) = (&self.web.elements[router], self.arm(router, arm));
            let text = format!(
                "`{}` may never fire: `{}` runs only in arm `{arm}` of `{}`; write the `{}` inside that arm, or let all arms \
                 go on to this branch",
                gather.word,
                self.before(feed),
                router.name,
                gather.word
            );
            diags.error(gather.word.span(), text);
        }
    }

    /// Tells of a second way out of the flow that a message takes beside the first one.
    fn ends(&mut self, diags: &mut Diags) {
        let ends: Vec<Ix> = self.web.ends().collect();
        let meets = |(at, &one): (usize, &Ix)| {
            let beside = ends[..at].iter().find(|&&other| !self.guards[other].excludes(&self.guards[one]));
            beside.map(|&other| (other, one))
        };
        let Some((other, one)) = ends.iter().enumerate().find_map(meets) else { return };
        let done = [one, other].into_iter().find_map(|ix| match &self.web.elements[ix].what {
            What::Done(word) => Some(word.span()),
            What::Begin | What::Steps(_) | What::Router(..) | What::Arm(_) | What::Gather(_) | What::Side(_) => None,
        });
        self.told = true;
        match done {
            Some(span) => diags.error(span, exit::DONE_BESIDE),
            None => {
                let (first, second) = (self.before(other), self.before(one));
                let text = format!(
                    "this flow ends with `{first}` and with `{second}`, which run side by side: gather them, \
                     `({first}, {second}) -> join`, or put `tee(…)` around what is not asked for"
                );
                diags.error(self.span(one), text);
            }
        }
    }

    /// `one` and `two` both lead to the node `to`.
    fn twice(&self, one: Ix, two: Ix, to: &str) -> String {
        let (from, other) = (self.before(one), self.before(two));
        if one == two {
            return format!("the arrow from `{from}` to `{to}` is written twice: keep one");
        }
        let way_out = if self.web.elements[one].is_node() && self.web.elements[two].is_node() {
            format!("write `({from}, {other}) -> join -> {to}`")
        } else {
            "lead both into one `join` before it".to_owned()
        };
        format!("`{to}` is reached from `{from}` and `{other}`: {way_out}, or `{to} as other` for a second instance")
    }

    fn arm(&self, router: Ix, arm: usize) -> String {
        match &self.web.elements[router].what {
            What::Router(router) => {
                let mut going = router.0.arms.iter().flat_map(|arms| &arms.arms).filter(|arm| arm.chain.exit.is_none());
                going.nth(arm).map_or_else(String::new, |arm| arm.variant.to_string())
            }
            What::Begin | What::Steps(_) | What::Arm(_) | What::Done(_) | What::Gather(_) | What::Side(_) => {
                String::new()
            }
        }
    }

    /// What a message calls the end of `ix`: what is before it, where it has no name of its own.
    fn before(&self, ix: Ix) -> &str {
        let element = &self.web.elements[ix];
        match self.web.into(ix).next() {
            Some(arrow) if element.name.is_empty() => self.before(arrow.from),
            _ => &element.name,
        }
    }

    fn span(&self, ix: Ix) -> Span {
        let element = &self.web.elements[ix];
        match self.web.into(ix).next() {
            Some(arrow) if element.name.is_empty() => self.span(arrow.from),
            _ => element.span,
        }
    }
}

impl Web {
    /// The elements that a message leaves the flow from.
    pub(super) fn ends(&self) -> impl Iterator<Item = Ix> {
        (0..self.elements.len()).filter(|&ix| match self.elements[ix].what {
            What::Router(..) | What::Side(_) => false,
            What::Begin | What::Steps(_) | What::Arm(_) | What::Done(_) | What::Gather(_) => {
                self.out_of(ix).next().is_none()
            }
        })
    }
}

impl Element {
    /// Whether a message shows it on the way.
    fn is_shown(&self) -> bool {
        !self.name.is_empty()
    }

    /// Whether a chain can begin with its name.
    fn is_node(&self) -> bool {
        match &self.what {
            What::Steps(steps) => steps.last().and_then(Step::node).is_some(),
            What::Router(..) => true,
            What::Begin | What::Arm(_) | What::Done(_) | What::Gather(_) | What::Side(_) => false,
        }
    }
}
