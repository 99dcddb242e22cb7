//! Models: formats, client, stand-ins.

mod catalog;
mod prices;
mod tokens;
