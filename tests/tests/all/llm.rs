//! Models: formats, client, stand-ins.

mod client;
mod stand_ins;
