//! Models: formats, client, stand-ins.

mod cassettes;
mod catalog;
mod client;
mod conformance;
mod dialects;
mod lenient;
mod network;
mod observed;
mod prices;
mod stand_ins;
mod structured;
mod tokens;
