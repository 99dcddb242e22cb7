//! What a test asks of the table. Changes nothing.

use crate::graph::table::NodeTable;
use crate::policy::Policy;
use std::any::TypeId;

impl NodeTable {
    /// The policy in force of a node.
    pub(crate) fn policy_of(&self, id: TypeId) -> Option<Policy> {
        self.slots.get(&id).map(|slot| slot.policy)
    }
}
