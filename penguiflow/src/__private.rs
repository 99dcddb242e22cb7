//! What expansions call. No part of the public interface: it changes with the macros, without notice.

pub use crate::error::Stop;
pub use crate::error::branch::BranchError;
pub use crate::error::{Limit, NodeError};
pub use crate::graph::absent::Absent;
pub use crate::graph::bound::prove;
pub use crate::graph::codec::{Codec, CodecOf, NoCodec};
pub use crate::graph::context::Cx;
pub use crate::graph::edge::{Ends, Gone, Instead, Meets, To, unreachable};
pub use crate::graph::node::{Again, FlowDef, Listing, NodeDef, Once, Router, refuse};
pub use crate::graph::routing::RoutingPolicy;
pub use crate::graph::run::{FlowBody, Node, Ran};
pub use crate::graph::schema::{NoSchema, SchemaOf};
pub use crate::graph::shape::{Part, Strand, Way};
pub use crate::graph::state::{Provides, State};
pub use crate::graph::step::step_of;
pub use crate::graph::topology::ways::{EdgeInfo, EdgeKind, Lane, LoopInfo, edge_info, loop_info};
pub use crate::graph::topology::{
    FlowInfo, NodeInfo, StepEntry, StepInfo, StepKind, Topology, flow_info, input_of, node_info, output_of, step_info,
};
pub use crate::graph::value::M;
pub use crate::graph::variants::{Variants, covers, is_variant};
pub use crate::message::{Budget, Meta};
pub use crate::money::Money;
pub use crate::policy::{Backoff, Effect, Jitter, OnCancel, Policy, Validation};
pub use crate::runtime::asked::{Asked, AskedNot, Carried, If, Returned, ValueOf, holds};
pub use crate::runtime::batch::{Batched, FitsItem, IntoBatch, PartOf, TakesBatch};
pub use crate::runtime::flow::FlowBuilder;
pub use crate::runtime::fork::join::{Joined, Pick, Picks};
pub use crate::runtime::fork::{branch, first, join, join_k, settle};
pub use crate::runtime::hop::blocking::blocking;
pub use crate::runtime::hop::{At, Back, hop};
pub use crate::runtime::judge::{ByClassify, ByDefault, Fallible, Judge, failed, valid, validated};
pub use crate::runtime::leave::{Exit, dropped, leave};
pub use crate::runtime::map::{ByItem, ITEMS_MAX, Items, Mapped, NoItem};
pub use crate::runtime::queue::Queued;
pub use crate::runtime::repeat::{Step, StepOf, Turned, Turns};
pub use crate::runtime::route::policed::{Leaving, arrives, policed};
pub use crate::runtime::route::{
    ArmsOf, Choice, Choose, ChooseByRef, Passes, PassesInput, PassesNothing, Routable, Routed, arm, routes,
};
pub use crate::runtime::spawned::spawned;
pub use crate::runtime::sub::sub_flow;
pub use crate::runtime::tee::{Waits, best_effort, never, rest, rested, side};
pub use crate::runtime::told::{met, took};
pub use crate::runtime::weave::meet::{all, raced, settled};
pub use crate::runtime::weave::{Arms as StretchArms, Either, Fed, NoArm, fed_by, stretch, weave};
pub use crate::runtime::woken::woken;
#[cfg(feature = "garde")]
pub use crate::validate::by_garde;
#[cfg(not(feature = "garde"))]
pub use crate::validate::ungarded::by_garde;
pub use crate::validate::{Validate, Violations};
pub use std::time::Duration;
pub use {inventory, schemars, serde};
