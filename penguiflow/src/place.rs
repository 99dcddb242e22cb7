//! Where in a flow something stands: the way from a trace's root down to it, from which its path and its structural key are
//! written. Knows no node.

use serde::{Serialize, Serializer};
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// The structural key of a step in one run: its number in its flow, below the sub-flows, map items, loop turns and calls
/// around it. Cheap to clone; it is put into words when it is shown.
///
/// Shown as in [`FlowError::place`](crate::FlowError::place): `4/7[3]/0` is step 0 of what map item 3 of step 7 runs in the
/// sub-flow at step 4, and `5:2/5` is step 5 in turn 2 of its loop. The key of a flow's own beginning is empty.
///
/// ```
/// use penguiflow::{FlowEvent, Place};
///
/// /// In which flow, and at which of its steps.
/// fn where_it_was(event: &FlowEvent) -> (&'static str, Option<u32>) {
///     let place: &Place = &event.place;
///     (place.flow(), place.step())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    way: Way,
    step: Option<u32>,
}

impl Place {
    pub(crate) fn new(way: Way, step: Option<u32>) -> Self {
        Place { way, step }
    }

    /// The flow that the step stands in: the innermost sub-flow, or the flow that was called.
    pub fn flow(&self) -> &'static str {
        self.way.frame().flow()
    }

    /// The number of the step in that flow, as in [`StepInfo::place`](crate::StepInfo::place); none for the flow itself.
    pub fn step(&self) -> Option<u32> {
        self.step
    }

    /// The numbers of the steps from the started flow down, without the indices of items, turns and calls: the same for all
    /// runs of the step. Empty for the flow itself.
    pub fn steps(&self) -> Vec<u32> {
        let mut steps = Vec::new();
        self.way.frame().add_places(&mut steps);
        steps.extend(self.step);
        steps
    }

    /// The same numbers one by one, for who may not allocate.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.way.numbers().chain(self.step)
    }

    /// The names on the way, `support › map[3]`: what stands before the node in [`FlowError::path`](crate::FlowError::path).
    pub fn path(&self) -> String {
        self.way.frame().path()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.way.frame().key())?;
        self.step.map_or(Ok(()), |step| write!(f, "{step}"))
    }
}

/// As the text that is shown.
impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Where a hop stands. A chain through the stack of those above it, or a copy of that chain in a task of its own.
#[derive(Clone, Copy)]
pub(crate) enum Frame<'a> {
    Root(&'static str),
    Below { above: &'a Frame<'a>, level: Level },
    Detached(&'a [Level]),
}

/// A copy of the way, which may leave the task. At the root, where most nodes stand, it allocates nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Way {
    Root(&'static str),
    Below(Arc<[Level]>),
}

impl Way {
    /// The same way, and further down.
    pub(crate) fn below(&self, levels: &[Level]) -> Way {
        let mut all = self.frame().levels();
        all.extend_from_slice(levels);
        Way::Below(all.into())
    }

    /// The numbers of the steps that lead here, those in the flow that was called last.
    fn numbers(&self) -> impl Iterator<Item = u32> {
        let levels: &[Level] = match self {
            Way::Root(_) => &[],
            Way::Below(levels) => levels,
        };
        let called = levels.iter().rposition(|level| matches!(level, Level::Call { .. }));
        levels[called.map_or(0, |at| at + 1)..].iter().filter_map(|level| match level {
            Level::Sub { place, .. } | Level::Item { place, .. } => Some(*place),
            Level::Root(_) | Level::Turn { .. } | Level::By { .. } | Level::Attempt(_) | Level::Call { .. } => None,
        })
    }

    /// The frame that this is a copy of.
    pub(crate) fn frame(&self) -> Frame<'_> {
        match self {
            Way::Root(flow) => Frame::Root(flow),
            Way::Below(levels) => Frame::Detached(levels),
        }
    }
}

/// One level of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Level {
    Root(&'static str),
    Sub {
        place: u32,
        flow: &'static str,
    },
    Item {
        place: u32,
        index: usize,
    },
    Turn {
        place: u32,
        turn: u32,
    },
    /// The node that calls a flow. Two levels, so that none of them is bigger than the others.
    By {
        place: u32,
        node: &'static str,
    },
    /// Its attempt, from the second one on.
    Attempt(u32),
    /// The call of that node run, and the flow that it runs.
    Call {
        number: u32,
        flow: &'static str,
    },
}

impl Frame<'_> {
    /// The flow that the frame stands in.
    pub(crate) fn flow(&self) -> &'static str {
        match self {
            Frame::Root(flow) => flow,
            Frame::Below { above, level } => level.flow().unwrap_or_else(|| above.flow()),
            Frame::Detached(levels) => levels.iter().rev().find_map(Level::flow).unwrap_or_default(),
        }
    }

    /// Gives `read` the place of a step as all traces share it: the numbers of the steps from the root down, without the
    /// indices of items and turns. Most steps stand in the root, and cost no allocation.
    pub(crate) fn at<R>(&self, step: u32, read: impl FnOnce(&[u32]) -> R) -> R {
        let mut places = Vec::new();
        self.add_places(&mut places);
        if places.is_empty() {
            return read(&[step]);
        }
        places.push(step);
        read(&places)
    }

    fn add_places(&self, places: &mut Vec<u32>) {
        match self {
            Frame::Root(_) => {}
            Frame::Below { above, level } => {
                above.add_places(places);
                level.add_place(places);
            }
            Frame::Detached(levels) => levels.iter().for_each(|level| level.add_place(places)),
        }
    }

    /// The places of the nodes that calls on the way here were made from, each in its own flow, the innermost first.
    pub(crate) fn callers(&self) -> Vec<Vec<u32>> {
        let (mut callers, mut places) = (Vec::new(), Vec::new());
        for level in self.levels() {
            match level {
                Level::By { place, .. } => places.push(place),
                Level::Call { .. } => callers.push(std::mem::take(&mut places)),
                Level::Root(_) | Level::Sub { .. } | Level::Item { .. } | Level::Turn { .. } | Level::Attempt(_) => {
                    level.add_place(&mut places);
                }
            }
        }
        callers.reverse();
        callers
    }

    /// A copy of the way down to here.
    pub(crate) fn way(&self) -> Way {
        match self {
            Frame::Root(flow) => Way::Root(flow),
            Frame::Below { .. } | Frame::Detached(_) => Way::Below(self.levels().into()),
        }
    }

    /// All levels, from the root down.
    fn levels(&self) -> Vec<Level> {
        match self {
            Frame::Root(flow) => vec![Level::Root(flow)],
            Frame::Below { above, level } => {
                let mut levels = above.levels();
                levels.push(*level);
                levels
            }
            Frame::Detached(levels) => levels.to_vec(),
        }
    }

    /// `support › map[3]`.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        self.levels().iter().for_each(|level| level.write_path(&mut path));
        path
    }

    /// `4/7[3]/`: what the structural keys of the steps here begin with.
    pub(crate) fn key(&self) -> String {
        let mut key = String::new();
        self.levels().iter().for_each(|level| level.write_key(&mut key));
        key
    }
}

impl Level {
    fn flow(&self) -> Option<&'static str> {
        match self {
            Level::Root(flow) | Level::Sub { flow, .. } | Level::Call { flow, .. } => Some(flow),
            Level::Item { .. } | Level::Turn { .. } | Level::By { .. } | Level::Attempt(_) => None,
        }
    }

    /// Adds the step that opens another numbering of steps. A loop's turn numbers on, and a called flow begins anew: it has
    /// its own places, wherever it is called from.
    fn add_place(&self, places: &mut Vec<u32>) {
        match self {
            Level::Sub { place, .. } | Level::Item { place, .. } => places.push(*place),
            Level::Root(_) | Level::Turn { .. } | Level::By { .. } | Level::Attempt(_) => {}
            Level::Call { .. } => places.clear(),
        }
    }

    fn write_path(self, path: &mut String) {
        // Writing to a `String` cannot fail.
        let _ = match self {
            Level::Root(flow) => write!(path, "{flow}"),
            Level::Sub { flow, .. } | Level::Call { flow, .. } => write!(path, " › {flow}"),
            Level::By { node, .. } => write!(path, " › {node}"),
            Level::Attempt(_) => Ok(()),
            Level::Item { index, .. } => write!(path, " › map[{index}]"),
            Level::Turn { turn, .. } => write!(path, " › turn {turn}"),
        };
    }

    fn write_key(self, key: &mut String) {
        let _ = match self {
            Level::Root(_) => Ok(()),
            Level::Sub { place, .. } => write!(key, "{place}/"),
            Level::Item { place, index } => write!(key, "{place}[{index}]/"),
            Level::Turn { place, turn } => write!(key, "{place}:{turn}/"),
            Level::By { place, .. } => write!(key, "{place}"),
            Level::Attempt(attempt) => write!(key, "~{attempt}"),
            Level::Call { number, .. } => write!(key, "({number})/"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Level};

    #[test]
    fn a_copy_of_the_way_tells_the_same_as_the_way() {
        let root = Frame::Root("support");
        let sub = Frame::Below { above: &root, level: Level::Sub { place: 4, flow: "answer" } };
        let item = Frame::Below { above: &sub, level: Level::Item { place: 7, index: 3 } };
        let turn = Frame::Below { above: &item, level: Level::Turn { place: 5, turn: 2 } };
        let way = turn.way();
        let copy = way.frame();
        let below = Frame::Below { above: &copy, level: Level::Item { place: 1, index: 0 } };
        assert_eq!(turn.path(), "support › answer › map[3] › turn 2");
        assert_eq!(turn.key(), "4/7[3]/5:2/");
        assert_eq!((copy.path(), copy.key(), copy.flow()), (turn.path(), turn.key(), "answer"));
        assert_eq!(below.key(), "4/7[3]/5:2/1[0]/");
        assert_eq!((below.at(0, <[u32]>::to_vec), turn.at(6, <[u32]>::to_vec)), (vec![4, 7, 1, 0], vec![4, 7, 6]));
        assert_eq!((copy.at(6, <[u32]>::to_vec), root.at(2, <[u32]>::to_vec)), (vec![4, 7, 6], vec![2]));
        assert_eq!((root.path(), root.key(), root.flow()), ("support".to_owned(), String::new(), "support"));
        assert_eq!((root.way().frame().path(), root.way().frame().key()), (root.path(), root.key()));
    }

    #[test]
    fn a_way_goes_on_into_a_call_and_tells_its_attempt() {
        let root = Frame::Root("support");
        let sub = Frame::Below { above: &root, level: Level::Sub { place: 4, flow: "answer" } };
        let by = Level::By { place: 2, node: "plan" };
        let called = sub.way().below(&[by, Level::Call { number: 1, flow: "retrieval" }]);
        let deeper = called.below(&[by, Level::Call { number: 0, flow: "again" }]);
        assert_eq!(deeper.frame().callers(), [vec![2], vec![4, 2]]);
        assert_eq!(
            (called.frame().path(), called.frame().key()),
            ("support › answer › plan › retrieval".into(), "4/2(1)/".into())
        );
        assert_eq!(called.frame().flow(), "retrieval");
        called.frame().at(6, |places| assert_eq!(places, [6]));
        let again = root.way().below(&[by, Level::Attempt(3), Level::Call { number: 0, flow: "retrieval" }]);
        assert_eq!(
            (again.frame().path(), again.frame().key()),
            ("support › plan › retrieval".into(), "2~3(0)/".into())
        );
    }

    #[test]
    fn a_level_takes_three_words_of_the_frame_at_most() {
        assert!(size_of::<Level>() <= 24);
    }
}
