//! Makes stretches of the graph from those that chains were cut into.

use super::{Ends, Label, Lowering, Tails, aside};
use crate::flow::graph::{Arm, ArmEnd, Feed, Item, Ix, Route, Seq, Stretch, Weave};
use crate::flow::syntax::{ExitKind, Gather, Mention, Step};
use crate::flow::weave;

/// Where a message is behind a stretch: at its end, or at the end of one of its router's arms.
struct Behind {
    tails: Tails,
    arms: Vec<Tails>,
}

impl Lowering<'_> {
    /// All of a flow whose chains do not nest.
    pub(super) fn weave(&mut self, woven: &weave::Weave, from: &Tails) -> (Seq, Tails) {
        let (mut stretches, mut behind): (Vec<Stretch>, Vec<Behind>) = (Vec::new(), Vec::new());
        let mut told = woven.told;
        self.forks += 1;
        for stretch in &woven.stretches {
            let (feed, before) = self.feed(&stretch.feed, from, &behind);
            let weave::Stretch { side, apart, readers, span, .. } = stretch;
            let (mut body, tails) = match side {
                Some(tee) => self.steps(&tee.side.steps, into_side(before)),
                None => self.steps(&stretch.steps, before),
            };
            let mut end = Behind { tails, arms: Vec::new() };
            if let Some((router, entry)) = &stretch.router {
                let (item, arms) = self.hands(router, entry.as_ref(), &end.tails);
                body.items.push(item);
                end.arms = arms;
            }
            told |= matches!(end.tails, Tails::Lost(_));
            behind.push(end);
            let aside = side.as_ref().map(|tee| tee.best_effort);
            stretches.push(Stretch { feed, body, aside, apart: *apart, readers: *readers, span: *span });
        }
        self.forks -= 1;
        let ended = |exit: &usize| matches!(behind[*exit].tails, Tails::Ended(_));
        let exits: Vec<usize> = woven.exits.iter().copied().filter(|exit| !ended(exit)).collect();
        let tails = either(woven.exits.iter().map(|&exit| &behind[exit].tails));
        let tails = if told { tails.lose() } else { tails };
        (Seq { items: vec![Item::Weave(Weave { stretches, exits, told })] }, tails)
    }

    fn feed(&mut self, feed: &Feed<Gather>, from: &Tails, behind: &[Behind]) -> (Feed<Ix>, Tails) {
        match feed {
            Feed::Begin => (Feed::Begin, from.clone()),
            Feed::One(one) => (Feed::One(*one), behind[*one].tails.clone()),
            Feed::Either(ways) => (Feed::Either(ways.clone()), either(ways.iter().map(|&way| &behind[way].tails))),
            Feed::Arm(router, arm) => {
                let tails = behind[*router].arms.get(*arm).cloned();
                (Feed::Arm(*router, *arm), tails.unwrap_or(Tails::Lost(Ends::new())))
            }
            Feed::Gather(gather, ways) => {
                let branches: Vec<_> = ways.iter().map(|&way| (&behind[way].tails, None)).collect();
                let (ix, tails) = self.meeting(gather, &branches);
                (Feed::Gather(ix, ways.clone()), tails)
            }
            Feed::Lost => (Feed::Lost, Tails::Lost(Ends::new())),
        }
    }

    /// A router whose arms hand on to other stretches, but for those that drop.
    fn hands(&mut self, router: &Mention, entry: Option<&Step>, from: &Tails) -> (Item, Vec<Tails>) {
        if let Some(Step::Entry(entry)) = entry {
            self.entry = Some(entry.kind);
        }
        let ix = self.mention(router, from);
        let (mut arms, mut tails) = (Vec::new(), Vec::new());
        for arm in router.arms.iter().flat_map(|arms| &arms.arms) {
            let from = Tails::Open(vec![(ix, Label::Arm(arm.variant.to_string()))]);
            let (body, end) = match &arm.chain.exit {
                Some(exit) if exit.kind == ExitKind::Drop => {
                    let (body, inside) = self.steps(&arm.chain.steps, from);
                    let end = self.leave(exit, inside);
                    (body, end)
                }
                Some(_) | None => {
                    tails.push(from);
                    (Seq::default(), ArmEnd::Hands(tails.len() - 1))
                }
            };
            arms.push(Arm { cfgs: arm.cfgs.clone(), variant: arm.variant.clone(), body, end });
        }
        (Item::Route(Route { router: ix, arms }), tails)
    }
}

/// Where a message is that has taken one of these ways.
fn either<'t>(ways: impl Iterator<Item = &'t Tails>) -> Tails {
    let (mut ends, mut lost, mut ended) = (Ends::new(), false, None);
    for way in ways {
        match way {
            Tails::Ended(router) => ended = Some(*router),
            Tails::Open(open) => ends.extend(open.iter().cloned()),
            Tails::Lost(open) => {
                lost = true;
                ends.extend(open.iter().cloned());
            }
        }
    }
    match ended {
        Some(router) if ends.is_empty() && !lost => Tails::Ended(router),
        _ if lost => Tails::Lost(ends),
        _ => Tails::Open(ends),
    }
}

/// The same on the way into a side branch.
pub(super) fn into_side(from: Tails) -> Tails {
    match from {
        Tails::Open(ends) => Tails::Open(ends.iter().map(|(ix, label)| (*ix, aside(label))).collect()),
        from @ (Tails::Ended(_) | Tails::Lost(_)) => from,
    }
}
