//! Who stands between a flow's hops and its nodes. Knows none of them.

use crate::graph::watch::interpose::Interposer;
use crate::graph::watch::play::Player;
use crate::graph::watch::tape::Tape;

/// Those who stand between the hops of a started flow and its nodes, from the start to the end.
#[derive(Clone, Default)]
pub(crate) struct Between {
    /// Who lets nodes fail, wait or panic.
    pub(crate) interposer: Option<Interposer>,
    /// Who writes down what goes in and comes out.
    pub(crate) tape: Option<Tape>,
    /// Who gives what was written down, in the place of the nodes.
    pub(crate) player: Option<Player>,
}

impl Between {
    /// Whether there is somebody. Then each trace is watched, whoever observes it.
    pub(crate) fn is_anybody(&self) -> bool {
        self.interposer.is_some() || self.tape.is_some() || self.player.is_some()
    }
}
