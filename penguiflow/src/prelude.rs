//! What nearly every file with a flow needs: `use penguiflow::prelude::*;`.

pub use crate::clock::{millis, secs};
pub use crate::{Classify, Ctx, Ending, ErrorClass, Message, Provides, State, Step, Stop};
#[doc(no_inline)]
pub use penguiflow_macros::{controller, flow, message, node, router};
