//! Under which arms of which routers a message comes to an element. Pure: numbers only.

use std::collections::{BTreeMap, BTreeSet};

/// The arms that were chosen on one way, by router.
type Chosen = BTreeMap<usize, usize>;

/// All combinations of arms under which an element runs: each of them means that it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guard {
    ways: BTreeSet<Chosen>,
}

impl Guard {
    /// No condition.
    pub(super) fn always() -> Self {
        Guard { ways: BTreeSet::from([Chosen::new()]) }
    }

    /// The same, if `router` chooses `arm`.
    pub(super) fn and(&self, router: usize, arm: usize) -> Self {
        let mut ways = self.ways.clone();
        if !self.ways.iter().any(|way| way.contains_key(&router)) {
            ways = ways
                .into_iter()
                .map(|mut way| {
                    way.insert(router, arm);
                    way
                })
                .collect();
        }
        Guard { ways }
    }

    /// Either of them. `arms` are the arms of a router that go on.
    pub(super) fn or(&self, other: &Self, arms: &BTreeMap<usize, Vec<usize>>) -> Self {
        let mut ways: BTreeSet<Chosen> = self.ways.union(&other.ways).cloned().collect();
        while let Some((whole, parts)) = ways.iter().find_map(|way| complete(way, &ways, arms)) {
            parts.iter().for_each(|part| {
                ways.remove(part);
            });
            ways.insert(whole);
        }
        Guard { ways }
    }

    /// Whether no message has both.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        let apart = |one: &Chosen, two: &Chosen| {
            one.iter().any(|(router, arm)| two.get(router).is_some_and(|other| other != arm))
        };
        self.ways.iter().all(|one| other.ways.iter().all(|two| apart(one, two)))
    }

    /// A router and its arm that this one depends on, and `other` does not in the same way.
    pub(super) fn beyond(&self, other: &Self) -> Option<(usize, usize)> {
        let own = self.ways.iter().filter(|way| !other.ways.contains(*way));
        own.flatten()
            .map(|(router, arm)| (*router, *arm))
            .find(|(router, arm)| other.ways.iter().any(|way| way.get(router) != Some(arm)))
    }
}

/// `way` without one of its routers, and the ways that this stands for, if each arm of that router is among `ways`.
fn complete(
    way: &Chosen,
    ways: &BTreeSet<Chosen>,
    arms: &BTreeMap<usize, Vec<usize>>,
) -> Option<(Chosen, Vec<Chosen>)> {
    way.keys().find_map(|router| {
        let mut whole = way.clone();
        whole.remove(router);
        let with = |arm: &usize| {
            let mut part = whole.clone();
            part.insert(*router, *arm);
            part
        };
        let parts: Vec<Chosen> = arms.get(router)?.iter().map(with).collect();
        parts.iter().all(|part| ways.contains(part)).then_some((whole, parts))
    })
}

#[cfg(test)]
mod tests {
    use super::Guard;
    use std::collections::BTreeMap;

    fn arms() -> BTreeMap<usize, Vec<usize>> {
        BTreeMap::from([(1, vec![0, 1]), (2, vec![0, 1, 2])])
    }

    #[test]
    fn arms_of_one_router_exclude_each_other() {
        let one = Guard::always().and(1, 0);
        assert!(one.excludes(&Guard::always().and(1, 1)));
        assert!(!one.excludes(&one) && !one.excludes(&Guard::always()) && !one.excludes(&Guard::always().and(2, 0)));
        assert!(one.and(2, 0).excludes(&Guard::always().and(1, 1).and(2, 0)));
    }

    #[test]
    fn all_arms_together_are_no_condition() {
        let arm = |router, arm| Guard::always().and(router, arm);
        assert_eq!(arm(1, 0).or(&arm(1, 1), &arms()), Guard::always());
        let two = arm(2, 0).or(&arm(2, 2), &arms());
        assert_ne!(two, Guard::always());
        assert_eq!(two.or(&arm(2, 1), &arms()), Guard::always());
    }

    #[test]
    fn an_inner_router_ends_inside_the_arm_around_it() {
        let outer = Guard::always().and(1, 0);
        let inner = |at| outer.and(2, at);
        assert_eq!(inner(0).or(&inner(1), &arms()).or(&inner(2), &arms()), outer);
        // One way of the inner router meets the other arm first.
        let early = inner(0).or(&Guard::always().and(1, 1), &arms());
        assert!(early.excludes(&inner(1)));
        assert_eq!(early.or(&inner(1), &arms()).or(&inner(2), &arms()), Guard::always());
    }

    #[test]
    fn what_depends_on_more_names_the_arm() {
        let one = Guard::always().and(2, 1);
        assert_eq!(one.beyond(&Guard::always()), Some((2, 1)));
        assert_eq!(Guard::always().beyond(&one), None);
        assert_eq!(one.beyond(&Guard::always().and(2, 0)), Some((2, 1)));
    }
}
