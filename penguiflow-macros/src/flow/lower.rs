//! Makes the graph from what the user wrote: pairs forks with the words that gather them, follows arms and loops to
//! their ends, and tells where a message would get stuck.

use crate::diag::Diags;
use crate::flow::graph::{
    Arm, ArmEnd, Edge, Fork, Graph, Hop, Item, Ix, Kind, Label, Loop, Meeting, Route, Seq, Tee, Vertex, Width,
};
use crate::flow::syntax::{self, Chain, Entry, EntryKind, ExitKind, Flow, Form, Gather, Mention, Rule, Settings, Step};
use crate::flow::words::{exit, join};
use crate::flow::{weave, web};
use proc_macro2::Span;

mod stretch;

/// The graph of `flow`.
pub(crate) fn lower(mut flow: Flow, diags: &mut Diags) -> Graph {
    let owner = match &flow.form {
        Form::Item(header) => header.owner.name.span(),
        Form::Headless(_) | Form::Expression => Span::call_site(),
    };
    let tied = web::tie(&flow.chains).ok_or_else(|| weave::stretches(&flow.chains, &mut flow.strays, diags));
    let Settings { budget, channels } = flow.settings;
    let (form, strays) = (flow.form, flow.strays);
    let graph = Graph { form, vertices: Vec::new(), edges: Vec::new(), body: Seq::default(), strays, budget };
    let channels = channels.map(|channels| channels.kind);
    let mut lowering = Lowering { graph, diags, places: 0, forks: 0, done: Vec::new(), channels, entry: None };
    let input = lowering.vertex(Kind::Input, owner);
    let from = Tails::Open(vec![(input, Label::Always)]);
    let (body, tails) = match &tied {
        Ok(chain) => lowering.steps(&chain.steps, from),
        Err(woven) => lowering.weave(woven, &from),
    };
    lowering.graph.body = body;
    lowering.close(tails, owner);
    lowering.graph
}

/// The label of a way that leads into a side branch.
fn aside(label: &Label) -> Label {
    match label {
        Label::Always => Label::Aside,
        other => other.clone(),
    }
}

/// The vertices that a message leaves a piece from.
type Ends = Vec<(Ix, Label)>;

/// Where a message is when it leaves a piece of a flow.
#[derive(Clone)]
enum Tails {
    Open(Ends),
    /// Every arm of this router left the flow.
    Ended(Ix),
    /// A mistake was told, and nobody knows what comes from here: only the ways are still followed.
    Lost(Ends),
}

impl Tails {
    fn into_ends(self) -> Ends {
        match self {
            Tails::Open(ends) | Tails::Lost(ends) => ends,
            Tails::Ended(_) => Vec::new(),
        }
    }

    fn lose(self) -> Self {
        Tails::Lost(self.into_ends())
    }
}

struct Lowering<'d> {
    graph: Graph,
    diags: &'d mut Diags,
    places: u32,
    /// How many forks are open around the piece that is being read.
    forks: usize,
    /// The ways to the flow's end from arms that say `done`.
    done: Ends,
    /// What stands before each node that says nothing else.
    channels: Option<EntryKind>,
    /// What stands before the next node.
    entry: Option<EntryKind>,
}

impl Lowering<'_> {
    fn steps(&mut self, steps: &[Step], from: Tails) -> (Seq, Tails) {
        let mut seq = Seq::default();
        let mut tails = from;
        let mut steps_left = steps.iter().peekable();
        while let Some(step) = steps_left.next() {
            if let Step::Entry(entry) = step {
                if !self.enters(entry, steps_left.peek().copied(), &tails) && steps_left.peek().is_none() {
                    seq.items.push(Item::Lost(entry.word.span()));
                    tails = tails.lose();
                }
                continue;
            }
            self.runs(&mut tails, step);
            if let Step::Tee(tee) = step {
                let (item, tails) = self.tee(tee, &steps[steps.len() - steps_left.len()..], tails);
                seq.items.push(item);
                return (seq, tails);
            }
            let (item, next) = match step {
                Step::Fork(fork) => {
                    let gather = steps_left.next_if(|next| matches!(next, Step::Gather(_)));
                    let follower = steps_left.peek().copied();
                    self.fork(fork, gather, follower, &tails)
                }
                Step::Node(node) => self.node(node, &tails),
                Step::Map(map) => self.map(map, &tails),
                Step::Repeat(repeat) => self.repeat(repeat, tails),
                Step::Gather(gather) => self.lone_gather(gather, tails),
                Step::Tee(_) | Step::Entry(_) | Step::Lost(_) => (Item::Lost(step.span()), tails.lose()),
            };
            seq.items.push(item);
            tails = next;
        }
        (seq, tails)
    }

    /// A side branch, and beside it all that follows.
    fn tee(&mut self, tee: &syntax::Tee, rest: &[Step], from: Tails) -> (Item, Tails) {
        self.forks += 1;
        let (side, _) = self.steps(&tee.side.steps, stretch::into_side(from.clone()));
        self.forks -= 1;
        let (rest, tails) = self.steps(rest, from);
        let (best_effort, span) = (tee.best_effort, tee.word.span());
        (Item::Tee(Tee { side, rest, best_effort, span }), tails)
    }

    /// Puts what `entry` says before the next node; tells if none follows.
    fn enters(&mut self, entry: &Entry, next: Option<&Step>, from: &Tails) -> bool {
        let (word, span) = (&entry.word, entry.word.span());
        let what = match next {
            Some(Step::Node(_)) => {
                self.entry = Some(entry.kind);
                return true;
            }
            Some(Step::Lost(_)) => return false,
            // Of a fork that is not joined before the word was told already.
            Some(Step::Gather(_)) if matches!(from, Tails::Lost(_)) => return false,
            None => {
                self.diags.error(span, format!("`{word}` leads to nothing: a node stands behind it"));
                return false;
            }
            Some(Step::Entry(second)) => {
                let text = format!("`{word}` and `{}` stand before one node: keep one of them", second.word);
                self.diags.error(span, text);
                return false;
            }
            Some(Step::Fork(_)) => "a fork",
            Some(Step::Gather(_)) => "a join",
            Some(Step::Map(_)) => "a map",
            Some(Step::Repeat(_)) => "a loop",
            Some(Step::Tee(_)) => "a side branch",
        };
        let text = format!("`{word}` stands before a node, and not before {what}: make that a flow of its own");
        self.diags.error(span, text);
        false
    }

    /// Tells if no message can reach `step`.
    fn runs(&mut self, tails: &mut Tails, step: &Step) {
        if let Tails::Ended(router) = *tails {
            let text = format!(
                "`{}` never runs: every arm of `{}` leaves the flow by `drop` or `done`; let one arm go on, or remove it",
                step.name(),
                self.graph.name(router)
            );
            self.diags.error(step.span(), text);
            *tails = Tails::Lost(Vec::new());
        }
    }

    fn node(&mut self, node: &Mention, from: &Tails) -> (Item, Tails) {
        let ix = self.mention(node, from);
        match &node.arms {
            None => (Item::Hop(ix), Tails::Open(vec![(ix, Label::Always)])),
            Some(arms) => self.arms(arms, ix),
        }
    }

    /// A node, or a router apart from its arms.
    fn mention(&mut self, node: &Mention, from: &Tails) -> Ix {
        let entry = self.entry.take().or(self.channels);
        let hop = Hop { entry, ..self.hop(node) };
        let ix = self.vertex(Kind::Node(hop), node.path.last.span());
        if let (Some(EntryKind::Batch(_)), Some(arms)) = (entry, &node.arms) {
            let text = "a router with arms chooses for one message, and takes no batch: put a node before it";
            self.diags.error(arms.span, text);
            self.graph.vertices[ix].broken = true;
        }
        self.connect(from, ix);
        ix
    }

    fn map(&mut self, map: &syntax::Map, from: &Tails) -> (Item, Tails) {
        let hop = self.hop(&map.worker);
        let width = Width { parallel: map.parallel, at_once: map.width, limit: map.limit };
        let ix = self.vertex(Kind::Map(hop, width), map.worker.path.last.span());
        self.connect(from, ix);
        (Item::Hop(ix), Tails::Open(vec![(ix, Label::Always)]))
    }

    fn fork(
        &mut self,
        fork: &syntax::Fork,
        gather: Option<&Step>,
        follower: Option<&Step>,
        from: &Tails,
    ) -> (Item, Tails) {
        self.forks += 1;
        let (mut branches, mut ends) = (Vec::new(), Vec::new());
        for branch in &fork.branches {
            let (seq, tails) = self.steps(&branch.steps, from.clone());
            branches.push(seq);
            ends.push(tails);
        }
        self.forks -= 1;
        let gathered = gather.and_then(|step| match step {
            Step::Gather(gather) => Some(gather),
            Step::Node(_)
            | Step::Fork(_)
            | Step::Map(_)
            | Step::Repeat(_)
            | Step::Tee(_)
            | Step::Entry(_)
            | Step::Lost(_) => None,
        });
        let Some(gather) = gathered else {
            self.never_joined(fork, follower);
            let ends = ends.into_iter().flat_map(Tails::into_ends).collect();
            return (
                Item::Fork(Fork { branches, parallel: fork.parallel, gather: None, span: fork.span }),
                Tails::Lost(ends),
            );
        };
        let last = fork.branches.iter().map(|branch| branch.steps.last().map(Step::span));
        let (ix, tails) = self.meeting(gather, &ends.iter().zip(last).collect::<Vec<_>>());
        (Item::Fork(Fork { branches, parallel: fork.parallel, gather: Some(ix), span: fork.span }), tails)
    }

    fn never_joined(&mut self, fork: &syntax::Fork, follower: Option<&Step>) {
        // A fork of one branch was told by the parser.
        if fork.branches.len() < 2 {
            return;
        }
        match follower {
            None => self.diags.error(fork.span, join::NEVER_JOINS),
            Some(Step::Lost(_)) => {}
            Some(step) => self.diags.error(step.span(), join::is_missing_before(&step.name())),
        }
    }

    /// A gather behind `branches`, each with the place where its last step is written.
    fn meeting(&mut self, gather: &Gather, branches: &[(&Tails, Option<Span>)]) -> (Ix, Tails) {
        let meeting = Meeting { place: self.place(), word: gather.word.clone(), rule: gather.rule };
        let told = self.gather_fits(gather, branches.len());
        let ix = self.vertex(Kind::Gather(meeting), gather.word.span());
        self.graph.vertices[ix].broken = told;
        for (branch, last) in branches {
            if let Tails::Ended(router) = branch {
                self.starves(gather, *router, *last);
            }
            self.connect(branch, ix);
        }
        let ends = vec![(ix, Label::Always)];
        (ix, if told { Tails::Lost(ends) } else { Tails::Open(ends) })
    }

    /// Tells if a gather cannot gather this many branches; returns whether its output is unknown.
    fn gather_fits(&mut self, gather: &Gather, branches: usize) -> bool {
        match gather.rule {
            Rule::Told => true,
            Rule::Settle if branches > join::BRANCHES_MAX => {
                let text = format!(
                    "`settle` takes 2 to {} branches and here are {branches}: make some of them a flow that settles its own",
                    join::BRANCHES_MAX
                );
                self.diags.error(gather.word.span(), text);
                true
            }
            Rule::All if branches > join::BRANCHES_MAX => {
                let text = format!(
                    "`join` takes 2 to {} branches and here are {branches}: write `join_k({branches})` for branches of \
                     one type, or `map(worker, 8)` over a list",
                    join::BRANCHES_MAX
                );
                self.diags.error(gather.word.span(), text);
                true
            }
            Rule::FirstK(k) if k.value > branches && branches > 1 => {
                let text = format!("`join_k({})` never fires: the fork has {branches} branches", k.value);
                self.diags.error(k.span, text);
                false
            }
            Rule::All | Rule::FirstK(_) | Rule::First | Rule::Settle => branches < 2,
        }
    }

    fn starves(&mut self, gather: &Gather, router: Ix, branch: Option<Span>) {
        let span = branch.unwrap_or(gather.word.span());
        let text = format!(
            "`{}` never fires: every arm of `{}` leaves this branch by `drop`; let one arm go on",
            gather.word,
            self.graph.name(router)
        );
        self.diags.error(span, text);
    }

    fn lone_gather(&mut self, gather: &Gather, from: Tails) -> (Item, Tails) {
        if !matches!((&from, gather.rule), (Tails::Lost(_), _) | (_, Rule::Told)) {
            self.diags.error(gather.word.span(), join::needs_a_fork(&gather.word));
        }
        (Item::Lost(gather.word.span()), from.lose())
    }

    fn arms(&mut self, arms: &syntax::Arms, router: Ix) -> (Item, Tails) {
        let (mut ends, mut lost_ends, mut lowered) = (Vec::new(), Vec::new(), Vec::new());
        let mut lost = arms.arms.is_empty();
        for arm in &arms.arms {
            let from = Tails::Open(vec![(router, Label::Arm(arm.variant.to_string()))]);
            let (body, tails) = self.steps(&arm.chain.steps, from);
            let end = match (&arm.chain.exit, tails) {
                (Some(exit), tails) => {
                    let end = self.leave(exit, tails);
                    lost |= matches!(end, ArmEnd::Lost);
                    end
                }
                (None, Tails::Open(open)) => {
                    ends.extend(open);
                    ArmEnd::GoesOn
                }
                (None, Tails::Lost(unknown)) => {
                    lost = true;
                    lost_ends.extend(unknown);
                    ArmEnd::GoesOn
                }
                (None, Tails::Ended(_)) => ArmEnd::GoesOn,
            };
            lowered.push(Arm { cfgs: arm.cfgs.clone(), variant: arm.variant.clone(), body, end });
        }
        let tails = match (ends.is_empty(), lost) {
            (false, _) => Tails::Open(ends),
            (true, true) => Tails::Lost(lost_ends),
            (true, false) => Tails::Ended(router),
        };
        (Item::Route(Route { router, arms: lowered }), tails)
    }

    fn leave(&mut self, exit: &syntax::Exit, from: Tails) -> ArmEnd {
        let span = exit.word.span();
        if let Tails::Ended(router) = from {
            let text =
                format!("`{}` is never reached: every arm of `{}` leaves already", exit.word, self.graph.name(router));
            self.diags.error(span, text);
        }
        match exit.kind {
            ExitKind::Drop => {
                let ix = self.vertex(Kind::Drop, span);
                self.connect(&from, ix);
                ArmEnd::Drop(ix)
            }
            ExitKind::Done => {
                if self.forks > 0 {
                    self.diags.error(span, exit::DONE_BESIDE);
                    return ArmEnd::Lost;
                }
                if let Tails::Open(ends) = from {
                    self.done.extend(ends);
                }
                ArmEnd::Done(span)
            }
        }
    }

    fn repeat(&mut self, repeat: &syntax::Repeat, from: Tails) -> (Item, Tails) {
        let place = self.place();
        let (body, end) = self.steps(&repeat.body.steps, from);
        let last = if matches!(&end, Tails::Lost(_)) { None } else { self.decides(&repeat.body, &body) };
        let mut ends = last.map_or_else(Vec::new, |last| vec![(last, Label::LoopDone)]);
        let otherwise = repeat.otherwise.as_deref().map(|step| {
            let from = last.map_or(Tails::Lost(Vec::new()), |last| Tails::Open(vec![(last, Label::OutOfTurns)]));
            let (item, tails) = match step {
                Step::Node(node) => self.node(node, &from),
                Step::Map(map) => self.map(map, &from),
                Step::Repeat(inner) => self.repeat(inner, from),
                Step::Fork(_) | Step::Gather(_) | Step::Tee(_) | Step::Entry(_) | Step::Lost(_) => {
                    (Item::Lost(step.span()), Tails::Lost(Vec::new()))
                }
            };
            if let Tails::Open(open) = tails {
                ends.extend(open);
            }
            Seq { items: vec![item] }
        });
        let item = Item::Loop(Loop { place, turns: repeat.turns, body, last, otherwise, span: repeat.word.span() });
        (item, if last.is_some() { Tails::Open(ends) } else { end.lose() })
    }

    /// The node that decides whether a loop has another turn: its body's last step.
    fn decides(&mut self, chain: &Chain, body: &Seq) -> Option<Ix> {
        let step = chain.steps.last()?;
        if let (Some(Item::Hop(ix)), Step::Node(_)) = (body.last(), step) {
            return Some(*ix);
        }
        let what = match step {
            Step::Node(_) => "a router with arms",
            Step::Fork(_) => "a fork",
            Step::Gather(_) => "a join",
            Step::Map(_) => "a map",
            Step::Repeat(_) => "another loop",
            Step::Tee(_) => "a side branch",
            Step::Entry(_) | Step::Lost(_) => return None,
        };
        let text = format!("a loop's last step is a node that returns `Step`, and not {what}: write one behind it");
        self.diags.error(step.span(), text);
        None
    }

    /// Leads what is left over to the flow's end.
    fn close(&mut self, tails: Tails, owner: Span) {
        let output = self.vertex(Kind::Output, owner);
        if let Tails::Ended(router) = tails
            && self.done.is_empty()
        {
            let text = format!(
                "this flow has no result: every arm of `{}` ends in `drop`; let one arm go on, or end it in `done`",
                self.graph.name(router)
            );
            self.diags.error(self.graph.vertices[router].span, text);
        }
        let done = Tails::Open(std::mem::take(&mut self.done));
        self.connect(&done, output);
        self.connect(&tails, output);
    }

    fn hop(&mut self, node: &Mention) -> Hop {
        Hop {
            place: self.place(),
            path: node.path.clone(),
            policy: node.policy.clone(),
            alias: node.alias.clone(),
            has_arms: node.arms.is_some(),
            asks: node.asks.clone().filter(|_| node.arms.is_some()),
            entry: None,
        }
    }

    fn place(&mut self) -> u32 {
        self.places += 1;
        self.places - 1
    }

    fn vertex(&mut self, kind: Kind, span: Span) -> Ix {
        self.graph.vertices.push(Vertex { kind, span, broken: false });
        self.graph.vertices.len() - 1
    }

    fn connect(&mut self, from: &Tails, to: Ix) {
        if let Tails::Open(ends) | Tails::Lost(ends) = from {
            let edge = |(from, label): &(Ix, Label)| Edge { from: *from, to, label: label.clone() };
            self.graph.edges.extend(ends.iter().map(edge));
        }
    }
}
