//! Collects the names in a piece of a flow. Knows no meaning.

use crate::flow::syntax::{Chain, Mention, Path, Step};

/// Adds every name in `chain` to `paths`, in source order.
pub(crate) fn collect(chain: &Chain, paths: &mut Vec<Path>) {
    for at in &chain.steps {
        step(at, paths);
    }
}

/// Adds every name in the step `at` to `paths`, in source order.
pub(crate) fn step(at: &Step, paths: &mut Vec<Path>) {
    match at {
        Step::Node(node) => mention(node, paths),
        Step::Fork(fork) => fork.branches.iter().for_each(|branch| collect(branch, paths)),
        Step::Tee(tee) => collect(&tee.side, paths),
        Step::Map(map) => mention(&map.worker, paths),
        Step::Repeat(repeat) => {
            collect(&repeat.body, paths);
            if let Some(otherwise) = repeat.otherwise.as_deref() {
                step(otherwise, paths);
            }
        }
        Step::Gather(_) | Step::Entry(_) | Step::Lost(_) => {}
    }
}

fn mention(node: &Mention, paths: &mut Vec<Path>) {
    paths.push(node.path.clone());
    for arm in node.arms.iter().flat_map(|arms| &arms.arms) {
        collect(&arm.chain, paths);
    }
}
