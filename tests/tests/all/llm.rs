//! Models: formats, client, stand-ins.

mod cassettes;
mod client;
mod stand_ins;
