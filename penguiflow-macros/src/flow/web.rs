//! Ties the chains of a flow into one: a later chain goes on where earlier ones have ended. Knows the names in chains, and
//! neither graphs nor types.

use crate::flow::syntax::{Chain, Fork, Mention, Step};

/// The one chain that `chains` are together, if they nest: each later one goes on where earlier ones have ended, and no name
/// is on two of their ways.
pub(crate) fn tie(chains: &[Chain]) -> Option<Chain> {
    let (first, rest) = chains.split_first()?;
    let mut whole = first.clone();
    let mut waiting: Vec<&Chain> = rest.iter().collect();
    while let Some(next) = waiting.iter().position(|chain| begins(chain).is_some_and(|names| fits(&whole, &names))) {
        let mut chain = waiting.remove(next).clone();
        let names = begins(&chain)?;
        chain.steps.remove(0);
        if meets(&whole, &chain) {
            return None;
        }
        go_on(&mut whole, &names, chain);
    }
    let open = matches!(whole.steps.last(), Some(Step::Fork(_)));
    (waiting.is_empty() && (chains.len() == 1 || !open)).then_some(whole)
}

/// The nodes that a chain begins with: one, or a group without arrows in it.
fn begins(chain: &Chain) -> Option<Vec<String>> {
    let first = chain.steps.first()?;
    let alone = |branch: &Chain| if let [step] = branch.steps.as_slice() { mentioned(step) } else { None };
    match first.fork() {
        Some(fork) => fork.branches.iter().map(alone).collect(),
        None => mentioned(first).map(|name| vec![name]),
    }
}

/// A name, and nothing that is said about it.
fn mentioned(step: &Step) -> Option<String> {
    step.node().filter(|node| node.is_bare()).map(Mention::name)
}

/// What a node is called where it stands.
fn name(step: &Step) -> Option<String> {
    step.node().map(Mention::name)
}

/// The fork that a chain ends in, if nothing gathers it yet.
fn open(chain: &Chain) -> Option<&Fork> {
    chain.steps.last()?.fork()
}

/// Whether `chain` ends in the node called `wanted`, and no arm leads elsewhere.
fn ends_in(chain: &Chain, wanted: &str) -> bool {
    chain.steps.last().and_then(Step::node).is_some_and(|node| node.arms.is_none() && node.name() == wanted)
}

/// The branches of `fork` that end in `names`, in their order.
fn branches(fork: &Fork, names: &[String]) -> Option<Vec<usize>> {
    let one = |wanted: &String| {
        let mut found = (0..fork.branches.len()).filter(|&at| ends_in(&fork.branches[at], wanted));
        found.next().filter(|_| found.next().is_none())
    };
    names.iter().map(one).collect()
}

/// Whether a chain that begins with `names` goes on at exactly one end of `whole`.
fn fits(whole: &Chain, names: &[String]) -> bool {
    places(whole, names) == 1
}

fn places(chain: &Chain, names: &[String]) -> usize {
    let here = match names {
        [name] => ends_in(chain, name),
        names => {
            let different = names.iter().enumerate().all(|(at, name)| !names[..at].contains(name));
            different && open(chain).is_some_and(|fork| branches(fork, names).is_some())
        }
    };
    let inside = open(chain).map_or(0, |fork| fork.branches.iter().map(|branch| places(branch, names)).sum());
    usize::from(here) + inside
}

/// Puts `rest` behind the end of `chain` that `names` name.
fn go_on(chain: &mut Chain, names: &[String], rest: Chain) {
    if let [name] = names
        && ends_in(chain, name)
    {
        chain.steps.extend(rest.steps);
        return;
    }
    let Some(Step::Fork(fork)) = chain.steps.last_mut() else { return };
    let found = if names.len() > 1 { branches(fork, names) } else { None };
    let Some(found) = found else {
        if let Some(branch) = fork.branches.iter_mut().find(|branch| places(branch, names) > 0) {
            go_on(branch, names, rest);
        }
        return;
    };
    let mut taken: Vec<Chain> = found.iter().map(|&at| std::mem::take(&mut fork.branches[at])).collect();
    if taken.len() == fork.branches.len() {
        std::mem::swap(&mut fork.branches, &mut taken);
        chain.steps.extend(rest.steps);
        return;
    }
    // Some branches meet before the others: they are a fork of their own in the place of the first one.
    let inner = Step::Fork(Fork { branches: taken, parallel: fork.parallel, span: fork.span });
    let first = found.iter().copied().min().unwrap_or_default();
    fork.branches[first] = Chain { steps: std::iter::once(inner).chain(rest.steps).collect(), exit: None };
    fork.branches.retain(|branch| !branch.steps.is_empty());
}

/// Whether a node of `rest` is in `whole` already.
fn meets(whole: &Chain, rest: &Chain) -> bool {
    let (mut here, mut there) = (Vec::new(), Vec::new());
    nodes(whole, &mut here);
    nodes(rest, &mut there);
    there.iter().any(|name| here.contains(name))
}

/// The names of all nodes outside gathered forks and arms.
fn nodes(chain: &Chain, found: &mut Vec<String>) {
    for (at, step) in chain.steps.iter().enumerate() {
        match step {
            Step::Fork(fork) if at + 1 == chain.steps.len() => {
                fork.branches.iter().for_each(|branch| nodes(branch, found))
            }
            step => found.extend(name(step)),
        }
    }
}
