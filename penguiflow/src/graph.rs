//! What a flow is made of: nodes, the values between them, the state they share, their context, their drawing.
//! Runs nothing.

pub(crate) mod absent;
pub(crate) mod allowance;
pub(crate) mod call;
pub(crate) mod channels;
pub(crate) mod context;
pub(crate) mod edge;
pub(crate) mod ledger;
pub(crate) mod letters;
pub(crate) mod near;
pub(crate) mod node;
pub(crate) mod routing;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod scope;
pub(crate) mod state;
pub(crate) mod step;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod topology;
pub(crate) mod value;
pub(crate) mod variants;
pub(crate) mod watch;
pub(crate) mod writer;
