//! Faults that stand in the runtime to be found: each shows that the simulation would find one of its kind. In every build but one
//! with `--cfg penguiflow_bugs` they are nowhere. Must not know what a fault does.

#[cfg(penguiflow_bugs)]
mod planted;
#[cfg(not(penguiflow_bugs))]
mod unplanted;

#[cfg(penguiflow_bugs)]
pub(crate) use planted::bug;
#[cfg(not(penguiflow_bugs))]
pub(crate) use unplanted::bug;
