//! Ties the chains of a flow into one: a later chain goes on where earlier ones have ended. Knows the names in chains, and
//! neither graphs nor types.

use crate::diag::Diags;
use crate::flow::paths;
use crate::flow::syntax::{Chain, Fork, Path, Step};

/// The one chain that `chains` are together. Names that found no place are kept in `strays`, for an editor.
pub(crate) fn tie(chains: Vec<Chain>, strays: &mut Vec<Path>, diags: &mut Diags) -> Chain {
    let mut chains = chains.into_iter();
    let mut whole = chains.next().unwrap_or_default();
    let mut waiting: Vec<Chain> = chains.collect();
    let mut told = false;
    while let Some(next) = waiting.iter().position(|chain| begins(chain).is_some_and(|names| fits(&whole, &names))) {
        let mut chain = waiting.remove(next);
        let Some(names) = begins(&chain) else { break };
        chain.steps.remove(0);
        told |= meets(&whole, &names, &mut chain, diags);
        go_on(&mut whole, &names, chain);
    }
    for chain in &waiting {
        paths::collect(chain, strays);
        tell(chain, &whole, &waiting, &mut told, diags);
    }
    if told {
        // What the rest of the flow would get is unknown.
        whole.steps.extend(whole.steps.last().map(|last| Step::Lost(last.span())));
    }
    whole
}

/// The nodes that a chain begins with: one, or a group without arrows in it.
fn begins(chain: &Chain) -> Option<Vec<String>> {
    match chain.steps.first()? {
        Step::Fork(fork) => fork
            .branches
            .iter()
            .map(|branch| match branch.steps.as_slice() {
                [step] => mentioned(step),
                _ => None,
            })
            .collect(),
        step => mentioned(step).map(|name| vec![name]),
    }
}

/// A name, and nothing that is said about it.
fn mentioned(step: &Step) -> Option<String> {
    match step {
        Step::Node(node) if node.policy.is_none() && node.alias.is_none() && node.arms.is_none() => {
            Some(node.path.text.clone())
        }
        _ => None,
    }
}

/// What a node is called where it stands.
fn name(step: &Step) -> Option<String> {
    match step {
        Step::Node(node) => Some(node.alias.as_ref().map_or_else(|| node.path.text.clone(), ToString::to_string)),
        _ => None,
    }
}

/// The fork that a chain ends in, if nothing gathers it yet.
fn open(chain: &Chain) -> Option<&Fork> {
    match chain.steps.last()? {
        Step::Fork(fork) => Some(fork),
        _ => None,
    }
}

/// Whether `chain` ends in the node called `wanted`, and no arm leads elsewhere.
fn ends_in(chain: &Chain, wanted: &str) -> bool {
    match chain.steps.last() {
        Some(step @ Step::Node(node)) => node.arms.is_none() && name(step).is_some_and(|name| name == wanted),
        _ => false,
    }
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

/// Tells of nodes in `rest` that other chains lead to as well, on ways that run side by side; whether there was one. A node
/// before `names` on the same way is a cycle, which the graph tells.
fn meets(whole: &Chain, names: &[String], rest: &mut Chain, diags: &mut Diags) -> bool {
    let (mut all, mut before) = (Vec::new(), Vec::new());
    ways(whole, None, &mut all);
    on_the_way(whole, names, &mut before);
    let mut from = names.last().cloned().unwrap_or_default();
    let met = rest.steps.iter().position(|step| {
        let Some(to) = name(step) else {
            from = step.name();
            return false;
        };
        let other = all.iter().find(|(_, other)| *other == to && !before.contains(&to));
        if let Some((other, _)) = other {
            let named = |at: &String| {
                before.contains(at)
                    || rest.steps.iter().any(|step| name(step).as_ref() == Some(at))
                    || all.iter().any(|(_, node)| node == at)
            };
            let way_out = if named(&from) && named(other) {
                format!("write `({other}, {from}) -> join -> {to}`")
            } else {
                "lead both into one `join` before it".to_owned()
            };
            let text = format!(
                "`{to}` is reached from `{other}` and `{from}`: {way_out}, or `{to} as other` for a second instance"
            );
            diags.error(step.span(), text);
        }
        from.clone_from(&to);
        other.is_some()
    });
    if let Some(at) = met {
        rest.steps[at] = Step::Lost(rest.steps[at].span());
    }
    met.is_some()
}

/// Each node outside gathered forks, with what is before it.
fn ways(chain: &Chain, from: Option<&str>, found: &mut Vec<(String, String)>) {
    let mut from = from.map(str::to_owned);
    for (at, step) in chain.steps.iter().enumerate() {
        match step {
            Step::Fork(fork) if at + 1 == chain.steps.len() => {
                fork.branches.iter().for_each(|branch| ways(branch, from.as_deref(), found));
            }
            step => found.extend(name(step).map(|to| (from.clone().unwrap_or_else(|| "input".to_owned()), to))),
        }
        from = Some(step.name());
    }
}

/// The nodes that a message has passed when it is at the end that `names` name, that end included.
fn on_the_way(chain: &Chain, names: &[String], found: &mut Vec<String>) {
    if places(chain, names) == 0 {
        return;
    }
    found.extend(chain.steps.iter().filter_map(name));
    for branch in open(chain).iter().flat_map(|fork| &fork.branches) {
        if places(branch, names) > 0 || names.iter().any(|name| ends_in(branch, name)) {
            found.extend(branch.steps.iter().filter_map(name));
            on_the_way(branch, names, found);
        }
    }
}

/// Tells why `chain` found no place.
fn tell(chain: &Chain, whole: &Chain, waiting: &[Chain], told: &mut bool, diags: &mut Diags) {
    let (Some(first), already) = (chain.steps.first(), std::mem::replace(told, true)) else { return };
    if matches!(first, Step::Lost(_)) {
        return;
    }
    let mut known = Vec::new();
    paths::collect(whole, &mut known);
    for step in waiting.iter().flat_map(|other| other.steps.iter().skip(1)) {
        paths::step(step, &mut known);
    }
    let mut reached: Vec<String> = known.into_iter().map(|path| path.text).collect();
    let mut instances = Vec::new();
    ways(whole, None, &mut instances);
    reached.extend(instances.into_iter().map(|(_, to)| to));
    match name(first).filter(|name| !reached.contains(name)) {
        Some(name) => {
            let begin = whole.steps.first().map_or_else(|| "…".to_owned(), Step::name);
            let text = format!(
                "`{name}` is never reached: a flow begins with its first chain, at `{begin}`, and a later chain with a node \
                 that is named before; lead an arrow to `{name}`"
            );
            diags.error(first.span(), text);
        }
        None if already => {}
        None => {
            let text = "a chain that does not go on where earlier chains have ended is not supported yet: begin it with \
                        their last nodes, `b -> d` or `(b, c) -> join`, or make it a flow of its own and name it here";
            diags.error(first.span(), text);
        }
    }
}
