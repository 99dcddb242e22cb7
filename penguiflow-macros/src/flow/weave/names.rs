//! Which names stand where in the chains of a flow, known before they are walked.

use crate::flow::syntax::{Arms, Chain, Exit, ExitKind, Fork, Mention, Step};
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The names of a flow.
pub(super) struct Names {
    /// What later chains begin with.
    heads: BTreeSet<String>,
    /// What arrows lead to, for each chain.
    led_to: Vec<BTreeSet<String>>,
    /// Arms that are written where a later chain begins.
    arms: BTreeMap<String, (usize, Mention)>,
}

impl Names {
    pub(super) fn of(chains: &[Chain]) -> Self {
        let mut names = Names { heads: BTreeSet::new(), led_to: Vec::new(), arms: BTreeMap::new() };
        for (at, chain) in chains.iter().enumerate() {
            let mut led_to = BTreeSet::new();
            let rest = if at == 0 { 0 } else { 1 };
            if at > 0 {
                names.heads.extend(heads(chain).into_iter().map(|(name, _)| name));
                if let Some(Step::Node(node)) = chain.steps.first()
                    && node.arms.is_some()
                {
                    names.arms.entry(node.name()).or_insert((at, node.clone()));
                }
                if let Some(Step::Fork(fork)) = chain.steps.first() {
                    fork.branches
                        .iter()
                        .for_each(|branch| outside(branch.steps.get(1..).unwrap_or_default(), &mut led_to));
                }
            }
            outside(chain.steps.get(rest..).unwrap_or_default(), &mut led_to);
            names.led_to.push(led_to);
        }
        names
    }

    pub(super) fn leads_to(&self, name: &str) -> bool {
        self.led_to.iter().any(|names| names.contains(name))
    }

    /// What arrows lead to.
    pub(super) fn led_to(&self) -> impl Iterator<Item = &str> {
        self.led_to.iter().flatten().map(String::as_str)
    }

    /// Whether a later chain begins inside the gathered fork: there is no other node of that name.
    pub(super) fn opens_fork(&self, fork: &Fork) -> bool {
        let mut inside = BTreeSet::new();
        fork.branches.iter().for_each(|branch| within(branch, &mut inside));
        inside.iter().any(|name| self.heads.contains(name) && !self.leads_to(name))
    }

    /// Whether another chain names a node inside the arms, or one of them leaves the flow from among other ways.
    pub(super) fn opens_arms(&self, arms: &Arms, chain: usize) -> bool {
        let mut inside = BTreeSet::new();
        arms.arms.iter().filter(|arm| !leaves(arm.chain.exit.as_ref())).for_each(|arm| within(&arm.chain, &mut inside));
        let elsewhere = |name: &String| {
            self.heads.contains(name)
                || self.led_to.iter().enumerate().any(|(at, names)| at != chain && names.contains(name))
        };
        inside.iter().any(elsewhere) || arms.arms.iter().any(|arm| says_done(&arm.chain))
    }

    /// Whether this mention, at the beginning of a later chain, is the one that says the node's arms.
    pub(super) fn says_arms(&self, node: &Mention, chain: usize) -> bool {
        let said = node.policy.is_none() && node.alias.is_none();
        said && self.arms.get(&node.name()).is_some_and(|(at, _)| *at == chain)
    }

    /// The node with the arms that a later chain says it has.
    pub(super) fn with_arms(&self, node: &Mention) -> Mention {
        match self.arms.get(&node.name()) {
            Some((_, router)) if node.arms.is_none() => {
                Mention { arms: router.arms.clone(), asks: router.asks.clone(), ..node.clone() }
            }
            _ => node.clone(),
        }
    }
}

/// Whether an arm in the chain leaves the flow by `done`.
fn says_done(chain: &Chain) -> bool {
    let arms = |node: &Mention| node.arms.iter().flat_map(|arms| &arms.arms).any(|arm| says_done(&arm.chain));
    let inner = |step: &Step| step.node().is_some_and(arms);
    chain.exit.as_ref().is_some_and(|exit| exit.kind == ExitKind::Done) || chain.steps.iter().any(inner)
}

/// The nodes that arrows lead to, outside gathered forks and arms.
fn outside(steps: &[Step], names: &mut BTreeSet<String>) {
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Node(node) => {
                names.insert(node.name());
            }
            Step::Fork(fork) if !matches!(steps.get(at + 1), Some(Step::Gather(_))) => {
                fork.branches.iter().for_each(|branch| outside(&branch.steps, names));
            }
            Step::Fork(_)
            | Step::Gather(_)
            | Step::Map(_)
            | Step::Repeat(_)
            | Step::Tee(_)
            | Step::Entry(_)
            | Step::Lost(_) => {}
        }
    }
}

/// All nodes of a chain, with those in its forks and arms.
fn within(chain: &Chain, names: &mut BTreeSet<String>) {
    for step in &chain.steps {
        match step {
            Step::Node(node) => {
                names.insert(node.name());
                let arms = node.arms.iter().flat_map(|arms| &arms.arms);
                arms.filter(|arm| !leaves(arm.chain.exit.as_ref())).for_each(|arm| within(&arm.chain, names));
            }
            Step::Fork(fork) => fork.branches.iter().for_each(|branch| within(branch, names)),
            Step::Gather(_) | Step::Map(_) | Step::Repeat(_) | Step::Tee(_) | Step::Entry(_) | Step::Lost(_) => {}
        }
    }
}

/// Whether the arm ends in `drop`: then nothing in it is seen from outside.
pub(super) fn leaves(exit: Option<&Exit>) -> bool {
    exit.is_some_and(|exit| exit.kind == ExitKind::Drop)
}

/// The nodes that a later chain begins with.
pub(super) fn heads(chain: &Chain) -> Vec<(String, Span)> {
    let Some(first) = chain.steps.first() else { return Vec::new() };
    match (first.node(), first.fork()) {
        (Some(node), _) => vec![(node.name(), node.path.last.span())],
        (None, Some(fork)) => fork.branches.iter().flat_map(heads).collect(),
        (None, None) => Vec::new(),
    }
}
