//! Walks the chains of a flow and notes the elements and arrows that they name.

use super::names::{Names, heads, leaves};
use super::{Arrow, Element, Ix, Web, What};
use crate::args::near;
use crate::diag::Diags;
use crate::flow::paths;
use crate::flow::syntax::{Arms, Chain, Fork, Gather, Mention, Path, Step};
use crate::flow::words::join;
use proc_macro2::Span;
use std::collections::BTreeMap;

/// The elements and arrows of `chains`.
pub(super) fn walk(chains: &[Chain], strays: &mut Vec<Path>, diags: &mut Diags) -> Web {
    let begin = Element { what: What::Begin, span: Span::call_site(), name: "input".to_owned(), apart: false };
    let mut walk = Walk {
        web: Web { elements: vec![begin], arrows: Vec::new(), told: false },
        known: BTreeMap::new(),
        names: Names::of(chains),
        chain: 0,
        apart: false,
        strays,
        diags,
    };
    let mut waiting: Vec<usize> = (0..chains.len()).collect();
    while let Some(next) = waiting.iter().position(|&at| walk.begins(at, &chains[at])) {
        let at = waiting.remove(next);
        walk.chain = at;
        if at == 0 {
            walk.steps(&chains[0].steps, Front::Ways(vec![0]));
        } else {
            walk.later(&chains[at]);
        }
    }
    walk.never_reached(waiting.iter().map(|&at| &chains[at]), chains);
    walk.web
}

/// A name of so many letters is near to any other one of as many.
const OF_ANY_NAME: usize = 2;

struct Walk<'d> {
    web: Web,
    /// The elements that have a name which a chain can begin with.
    known: BTreeMap<String, Known>,
    names: Names,
    /// The chain that is walked.
    chain: usize,
    apart: bool,
    strays: &'d mut Vec<Path>,
    diags: &'d mut Diags,
}

/// A named element: where an arrow into it leads, and where one out of it begins.
#[derive(Clone)]
struct Known {
    head: Ix,
    tails: Vec<Ix>,
    /// Whether it has the name from `as`: then there is no item of that name.
    is_instance: bool,
    /// Whether a later chain says its arms.
    arms_follow: bool,
}

/// Where a message is when it leaves a step.
#[derive(Clone)]
enum Front {
    /// Behind one of these.
    Ways(Vec<Ix>),
    /// Behind all branches of a fork that nothing gathers so far.
    Open(Vec<Front>),
    /// Nobody knows, which was told.
    Lost,
}

impl Walk<'_> {
    /// Whether all nodes that the chain `at` begins with are known.
    fn begins(&self, at: usize, chain: &Chain) -> bool {
        let mentions = matches!(chain.steps.first(), Some(Step::Node(_) | Step::Fork(_) | Step::Lost(_)) | None);
        at == 0 || (mentions && heads(chain).iter().all(|(name, _)| self.known.contains_key(name)))
    }

    /// A chain that goes on where others have been.
    fn later(&mut self, chain: &Chain) {
        let Some((first, rest)) = chain.steps.split_first() else { return };
        let front = self.head(first);
        self.steps(rest, front);
    }

    /// The end of the nodes that a later chain begins with.
    fn head(&mut self, step: &Step) -> Front {
        match step {
            Step::Node(node) => match self.known.get(&node.name()).cloned() {
                Some(known) => {
                    let says_arms = known.arms_follow && self.names.says_arms(node, self.chain);
                    if !node.is_bare() && !says_arms {
                        self.said_before(node);
                    }
                    self.mentions(node, &known);
                    Front::Ways(known.tails)
                }
                None => self.lost(),
            },
            Step::Fork(fork) => {
                let mut branches = Vec::new();
                for branch in &fork.branches {
                    let Some((first, rest)) = branch.steps.split_first() else { continue };
                    let front = self.head(first);
                    branches.push(self.steps(rest, front));
                }
                Front::Open(branches)
            }
            Step::Gather(_) | Step::Map(_) | Step::Repeat(_) | Step::Tee(_) | Step::Entry(_) | Step::Lost(_) => {
                self.lost()
            }
        }
    }

    fn steps(&mut self, steps: &[Step], mut front: Front) -> Front {
        let mut left = steps.iter().peekable();
        let mut entry = None;
        while let Some(step) = left.next() {
            let next = left.peek().copied();
            front = match step {
                Step::Entry(_) if matches!(next, Some(Step::Node(_))) => {
                    entry = Some(step.clone());
                    continue;
                }
                Step::Node(node) => self.node(node, entry.take(), front),
                Step::Fork(fork) => {
                    let gather = left.next_if(|next| matches!(next, Step::Gather(_)));
                    match gather {
                        Some(gather) if !self.names.opens_fork(fork) => self.element(
                            What::Steps(vec![step.clone(), gather.clone()]),
                            gather.span(),
                            gather.name(),
                            front,
                        ),
                        Some(Step::Gather(gather)) => {
                            let open = self.fork(fork, front);
                            self.gather(gather, open)
                        }
                        _ => self.fork(fork, front),
                    }
                }
                Step::Gather(gather) => self.gather(gather, front),
                Step::Tee(tee) => {
                    let front = self.one_way(front, &step.name(), step.span());
                    self.element(What::Side(tee.clone()), step.span(), step.name(), front.clone());
                    front
                }
                Step::Map(_) | Step::Repeat(_) | Step::Entry(_) => {
                    // A word that nothing follows is told when the steps are read.
                    self.web.told |= matches!(step, Step::Entry(_));
                    self.element(What::Steps(vec![step.clone()]), step.span(), step.name(), front)
                }
                Step::Lost(_) => self.lost(),
            };
        }
        front
    }

    fn node(&mut self, node: &Mention, entry: Option<Step>, front: Front) -> Front {
        let name = node.name();
        let span = node.path.last.span();
        if let (None, Some(known)) = (&node.alias, self.known.get(&name).cloned()) {
            self.mentions(node, &known);
            match node.is_bare() && entry.is_none() {
                true => self.enter(front, known.head, span, &name),
                false => self.said_before(node),
            }
            return Front::Ways(known.tails);
        }
        // Two instances of one name are told when all names are known.
        self.web.told |= self.known.contains_key(&name);
        let (is_instance, had_arms) = (node.alias.is_some(), node.arms.is_some());
        let node = self.names.with_arms(node);
        let arms_follow = node.arms.is_some() && !had_arms;
        let opened = node.arms.as_ref().filter(|arms| self.names.opens_arms(arms, self.chain));
        let what = match opened {
            Some(_) => What::Router(Box::new((cut(&node), entry))),
            None => What::Steps(entry.into_iter().chain([Step::Node(node.clone())]).collect()),
        };
        let head = self.add(what, span, name.clone());
        self.enter(front, head, span, &name);
        let tails = opened.map_or_else(|| vec![head], |arms| self.arms(head, arms));
        self.known.entry(name).or_insert(Known { head, tails: tails.clone(), is_instance, arms_follow });
        Front::Ways(tails)
    }

    /// Keeps a further mention of a node for an editor.
    fn mentions(&mut self, node: &Mention, known: &Known) {
        self.strays.extend((!known.is_instance).then(|| node.path.clone()));
    }

    /// Tells that a node is given a second time what it has.
    fn said_before(&mut self, node: &Mention) {
        let name = node.name();
        let text = format!(
            "`{name}` stands in this flow already: write its name alone here, and all that is said about it where an arrow \
             leads to it first; or `{name} as other` for a second instance"
        );
        self.diags.error(node.path.last.span(), text);
        self.web.told = true;
    }

    /// The arms of a router that lead to elements of their own; where those go on that do.
    fn arms(&mut self, router: Ix, arms: &Arms) -> Vec<Ix> {
        let mut tails = Vec::new();
        let going = arms.arms.iter().filter(|arm| !leaves(arm.chain.exit.as_ref()));
        for (at, arm) in going.enumerate() {
            if let [cfg, ..] = arm.cfgs.as_slice() {
                let text = "an arm that other chains go on from is there in every build: put the `#[cfg(…)]` on another arm, \
                            or write all that follows inside this one";
                self.diags.error_on(&cfg.tokens, text);
                self.web.told = true;
            }
            let span = arm.variant.span();
            let head = self.add(What::Arm(at), span, String::new());
            self.enter(Front::Ways(vec![router]), head, span, "");
            match (self.steps(&arm.chain.steps, Front::Ways(vec![head])), &arm.chain.exit) {
                (Front::Ways(ways), None) => tails.extend(ways),
                (front @ Front::Ways(_), Some(exit)) => {
                    let word = &exit.word;
                    let done = self.add(What::Done(word.clone()), word.span(), String::new());
                    self.enter(front, done, word.span(), "done");
                }
                (Front::Open(_), _) => {
                    self.diags.error(arm.chain.steps.last().map_or(span, Step::span), join::NEVER_JOINS);
                    self.web.told = true;
                }
                (Front::Lost, _) => {}
            }
        }
        tails
    }

    fn fork(&mut self, fork: &Fork, front: Front) -> Front {
        let front = self.one_way(front, "(…)", fork.span);
        // A fork of one branch was told by the parser.
        self.web.told |= fork.branches.len() < 2;
        let around = self.apart;
        self.apart |= fork.parallel;
        let branches = fork.branches.iter().map(|branch| self.steps(&branch.steps, front.clone())).collect();
        self.apart = around;
        Front::Open(branches)
    }

    fn gather(&mut self, gather: &Gather, front: Front) -> Front {
        let (word, span) = (gather.word.to_string(), gather.word.span());
        let Front::Open(branches) = front else {
            if let Front::Ways(_) = front {
                self.diags.error(span, join::needs_a_fork(&gather.word));
            }
            return self.lost();
        };
        let mut feeds = Vec::new();
        for branch in branches {
            let Front::Ways(ways) = self.one_way(branch, &word, span) else { return self.lost() };
            feeds.extend(ways);
        }
        if let Some(twice) = (1..feeds.len()).find(|&at| feeds[..at].contains(&feeds[at])) {
            let name = &self.web.elements[feeds[twice]].name;
            self.diags.error(
                span,
                format!("`{name}` stands before this `{word}` twice: each of its branches is another one"),
            );
            return self.lost();
        }
        let to = self.add(What::Gather(gather.clone()), span, word);
        feeds.into_iter().for_each(|feed| self.lead(vec![feed], to, span));
        Front::Ways(vec![to])
    }

    /// The one element that a message is behind; tells if that is a fork which nothing gathers, and `name` follows it.
    fn one_way(&mut self, front: Front, name: &str, span: Span) -> Front {
        match front {
            Front::Open(_) => {
                self.diags.error(span, join::is_missing_before(name));
                self.lost()
            }
            Front::Ways(ways) if ways.len() > 1 => {
                let merge = self.add(What::Steps(Vec::new()), span, String::new());
                self.lead(ways, merge, span);
                Front::Ways(vec![merge])
            }
            front => front,
        }
    }

    /// An element in a chain.
    fn element(&mut self, what: What, span: Span, name: String, front: Front) -> Front {
        let to = self.add(what, span, name.clone());
        self.enter(front, to, span, &name);
        Front::Ways(vec![to])
    }

    fn add(&mut self, what: What, span: Span, name: String) -> Ix {
        self.web.elements.push(Element { what, span, name, apart: self.apart });
        self.web.elements.len() - 1
    }

    /// Leads a message from `front` into the element `to`.
    fn enter(&mut self, front: Front, to: Ix, span: Span, name: &str) {
        match front {
            Front::Ways(ways) => self.lead(ways, to, span),
            front @ (Front::Open(_) | Front::Lost) => {
                self.one_way(front, name, span);
                self.web.told = true;
            }
        }
    }

    fn lead(&mut self, ways: Vec<Ix>, to: Ix, span: Span) {
        let arrow = |from| Arrow { from, to, chain: self.chain, span, closes: false };
        self.web.arrows.extend(ways.into_iter().map(arrow));
    }

    fn lost(&mut self) -> Front {
        self.web.told = true;
        Front::Lost
    }

    /// Tells of each chain whose first nodes no chain before it leads to.
    fn never_reached<'c>(&mut self, waiting: impl Iterator<Item = &'c Chain>, chains: &[Chain]) {
        let begin = chains.first().and_then(|chain| chain.steps.first()).map_or_else(|| "…".to_owned(), Step::name);
        let before = self.diags.count();
        let mut first = None;
        for chain in waiting {
            paths::collect(chain, self.strays);
            self.web.told = true;
            let missing = |(name, _): &(String, Span)| !self.known.contains_key(name);
            let unknown: Vec<(String, Span)> = heads(chain).into_iter().filter(missing).collect();
            first = first.or_else(|| unknown.first().cloned());
            match chain.steps.first() {
                Some(Step::Node(_) | Step::Fork(_) | Step::Lost(_)) | None => {
                    // One that an arrow leads to waits for another chain, of which this is told.
                    let unknown = unknown.into_iter().find(|(name, _)| !self.names.leads_to(name));
                    unknown.into_iter().for_each(|(name, span)| self.is_never_reached(&name, span, &begin));
                }
                Some(step) => {
                    let name = step.name();
                    let text =
                        format!("a later chain begins with nodes that are named before: put one in front of `{name}`");
                    self.diags.error(step.span(), text);
                }
            }
        }
        if let (true, Some((name, span))) = (self.diags.count() == before, first) {
            self.is_never_reached(&name, span, &begin);
        }
    }

    /// Tells of the node `name`, to which no chain leads.
    fn is_never_reached(&mut self, name: &str, span: Span, begin: &str) {
        let others = self.known.keys().map(String::as_str).chain(self.names.led_to());
        let is_typo = name.chars().count() > OF_ANY_NAME && !self.names.leads_to(name);
        let text = match near::nearest(name, others).filter(|_| is_typo) {
            Some(near) => {
                // Told as a typo: what an editor would learn of it is only that there is no such item.
                self.strays.retain(|path| path.text != name);
                format!("no chain leads to `{name}`: did you mean `{near}`?")
            }
            None => format!(
                "`{name}` is never reached: a flow begins with its first chain, at `{begin}`, and a later chain with a node \
                 that is named before; lead an arrow to `{name}`"
            ),
        };
        self.diags.error(span, text);
    }
}

/// The router without what its arms lead to elsewhere.
fn cut(node: &Mention) -> Mention {
    let mut node = node.clone();
    for arm in node.arms.iter_mut().flat_map(|arms| &mut arms.arms) {
        if !leaves(arm.chain.exit.as_ref()) {
            arm.chain = Chain::default();
        }
    }
    node
}
