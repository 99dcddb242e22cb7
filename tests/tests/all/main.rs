//! All integration tests of penguiflow, in one binary: each further one would be linked once more.

mod acceptance;
mod blocking;
mod cancel;
mod deadlines;
mod dependencies;
mod envelopes;
mod errors;
mod front_desk;
mod joins;
mod kit;
mod limits;
mod loops;
mod maps;
mod nodes;
mod overrides;
mod panics;
mod registry;
mod retries;
mod routes;
mod secrets;
mod shutdown;
mod stubs;
mod subflows;
mod tidy;
mod timeouts;
mod validation;
