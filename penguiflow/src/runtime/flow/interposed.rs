//! Puts a test between a flow's hops and its nodes. Knows no fault.

use crate::clock::Seam;
use crate::graph::node::{FlowDef, Listed, Listing};
use crate::graph::watch::interpose::Interposer;
use crate::runtime::flow::{FlowBuilder, Options};

impl<F: FlowDef, S> FlowBuilder<F, S> {
    /// Lets `interposer` stand before all nodes, sub-flows included.
    pub(crate) fn interposed(mut self, interposer: Interposer) -> Self {
        self.between.interposer = Some(interposer);
        self
    }

    /// Takes time, ids and randomness from `seam`, and leaves the other options as they are.
    pub(crate) fn on(mut self, seam: Seam) -> Self {
        self.options.seam = seam;
        self
    }

    /// Lets fewer traces run at once, and fewer chunks be unread, where these are said.
    pub(crate) fn squeezed(mut self, in_flight: Option<usize>, chunk_lag: Option<usize>) -> Self {
        let Options { in_flight: places, chunk_lag: lag, .. } = &mut self.options;
        (*places, *lag) = (in_flight.unwrap_or(*places).min(*places), chunk_lag.unwrap_or(*lag).min(*lag));
        self
    }

    /// The nodes of the flow and of its sub-flows, each once, under the policies that their attributes wrote.
    pub(crate) fn listed(&self) -> Vec<Listed> {
        let mut listing = Listing::default();
        F::list(&mut listing);
        listing.nodes
    }
}
