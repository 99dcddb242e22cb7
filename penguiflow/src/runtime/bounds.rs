//! What a flow tells of itself before it is started.

use crate::graph::bound::Bound;
use crate::graph::node::FlowDef;
use crate::graph::topology::FlowInfo;
use crate::runtime::flow::FlowBuilder;

impl<F: FlowDef, S> FlowBuilder<F, S> {
    /// What the flow tells of itself, as [`Handle::info`](crate::Handle::info) does once it is started.
    pub fn info(&self) -> &'static FlowInfo {
        F::INFO
    }

    /// What a run of the flow takes at most, as [`FlowInfo::bound`] says it: by the policies that the code writes, not by those that
    /// are overridden here.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    ///
    /// #[node(timeout = "2s")]
    /// async fn clean(question: String) -> String { question }
    ///
    /// let bound = flow! { clean }.bound();
    /// assert_eq!(bound.to_string(), "`flow` takes at most 2 s, 1 hop and 1 attempt\n  longest: clean 2 s = 2 s\n");
    /// ```
    pub fn bound(&self) -> Bound {
        F::INFO.bound()
    }
}
