//! Questions about a directed graph of numbers. Pure: no tokens, no flows.

use std::collections::VecDeque;

/// A graph with the vertices `0..len`.
pub(crate) struct Directed {
    next: Vec<Vec<usize>>,
}

impl Directed {
    pub(crate) fn new(len: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut next = vec![Vec::new(); len];
        for (from, to) in edges {
            next[from].push(to);
        }
        Directed { next }
    }

    /// The shortest way over one edge or more from `from` to `to`, both ends included, through vertices that `may_pass`.
    pub(crate) fn way(&self, from: usize, to: usize, may_pass: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        let mut came_from = vec![None; self.next.len()];
        let mut waiting = VecDeque::from([from]);
        while let Some(at) = waiting.pop_front() {
            for &next in &self.next[at] {
                if next == to {
                    return Some(walk_back(&came_from, from, at, to));
                }
                if next != from && came_from[next].is_none() && may_pass(next) {
                    came_from[next] = Some(at);
                    waiting.push_back(next);
                }
            }
        }
        None
    }
}

fn walk_back(came_from: &[Option<usize>], from: usize, last: usize, to: usize) -> Vec<usize> {
    let mut way = vec![to, last];
    let mut at = last;
    while at != from {
        let Some(before) = came_from[at] else { break };
        way.push(before);
        at = before;
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::Directed;

    const DIAMOND: [(usize, usize); 5] = [(0, 1), (1, 2), (0, 3), (2, 4), (3, 4)];

    #[test]
    fn the_shortest_way_wins() {
        assert_eq!(Directed::new(5, DIAMOND).way(0, 4, |_| true), Some(vec![0, 3, 4]));
    }

    #[test]
    fn a_closed_vertex_is_walked_around() {
        assert_eq!(Directed::new(5, DIAMOND).way(0, 4, |at| at != 3), Some(vec![0, 1, 2, 4]));
    }

    #[test]
    fn there_is_no_way_against_the_edges_or_from_a_vertex_to_itself() {
        assert_eq!(Directed::new(5, DIAMOND).way(4, 0, |_| true), None);
        assert_eq!(Directed::new(5, DIAMOND).way(1, 1, |_| true), None);
    }

    #[test]
    fn a_loop_leads_back_to_its_beginning() {
        assert_eq!(Directed::new(2, [(0, 1), (1, 0)]).way(0, 0, |_| true), Some(vec![0, 1, 0]));
    }
}
