//! What nearly every file with a flow needs: `use penguiflow::prelude::*;`.

pub use crate::clock::{millis, secs};
pub use crate::{Classify, Ctx, Ending, ErrorClass, Message, Provides, State, Step, Stop};
pub use penguiflow_macros::{controller, flow, message, node, router};
