//! Models: formats, client, stand-ins.

mod conformance;
mod network;
