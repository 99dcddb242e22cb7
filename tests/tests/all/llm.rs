//! Models: formats, client, stand-ins.

mod stand_ins;
