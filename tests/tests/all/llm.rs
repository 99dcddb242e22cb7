//! Models: formats, client, stand-ins.

mod cassettes;
mod client;
mod conformance;
mod observed;
mod stand_ins;
mod catalog;
mod prices;
mod tokens;
mod dialects;
mod lenient;
mod structured;
