//! What the macros tell about nodes and flows, for listings, drawings and deploy checks. Plain constants.

use crate::policy::Policy;

/// A named node, as its attribute describes it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct NodeInfo {
    /// The name in paths and drawings.
    pub name: &'static str,
    /// The module that the node stands in.
    pub module: &'static str,
    /// The function's documentation.
    pub docs: &'static str,
    /// The policy that the attribute wrote.
    pub policy: Policy,
    /// The JSON Schema of what the node takes, where its type has one.
    pub input: Option<fn() -> schemars::Schema>,
    /// The JSON Schema of what the node returns, where its type has one.
    pub output: Option<fn() -> schemars::Schema>,
}

/// A named flow, as `flow!` describes it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FlowInfo {
    /// The flow's name.
    pub name: &'static str,
    /// The module that the flow stands in.
    pub module: &'static str,
    /// The flow's documentation.
    pub docs: &'static str,
    /// The drawing, as Mermaid text.
    pub mermaid: &'static str,
    /// Changes when nodes, edges or the types of the header change.
    pub fingerprint: u64,
    /// The JSON Schema of what the flow takes, where its type has one.
    pub input: Option<fn() -> schemars::Schema>,
    /// The JSON Schema of what the flow gives, where its type has one.
    pub output: Option<fn() -> schemars::Schema>,
}

/// The entry of a node. Called by what `#[node]` writes.
pub const fn node_info(
    name: &'static str,
    module: &'static str,
    docs: &'static str,
    policy: Policy,
    input: Option<fn() -> schemars::Schema>,
    output: Option<fn() -> schemars::Schema>,
) -> NodeInfo {
    NodeInfo { name, module, docs, policy, input, output }
}

/// The entry of a flow. Called by what `flow!` writes.
pub const fn flow_info(
    name: &'static str,
    module: &'static str,
    docs: &'static str,
    mermaid: &'static str,
    fingerprint: u64,
    input: Option<fn() -> schemars::Schema>,
    output: Option<fn() -> schemars::Schema>,
) -> FlowInfo {
    FlowInfo { name, module, docs, mermaid, fingerprint, input, output }
}

/// All named nodes that are linked into the program, in no particular order.
pub fn nodes() -> impl Iterator<Item = &'static NodeInfo> {
    inventory::iter::<NodeInfo>.into_iter()
}

/// All named flows that are linked into the program, in no particular order.
pub fn flows() -> impl Iterator<Item = &'static FlowInfo> {
    inventory::iter::<FlowInfo>.into_iter()
}

inventory::collect!(NodeInfo);
inventory::collect!(FlowInfo);
