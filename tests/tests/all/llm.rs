//! Models: formats, client, stand-ins.

mod cassettes;
mod observed;
mod stand_ins;
