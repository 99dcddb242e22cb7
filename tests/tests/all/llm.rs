//! Models: formats, client, stand-ins.

mod cassettes;
mod stand_ins;
