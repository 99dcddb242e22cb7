//! Models: formats, client, stand-ins.

mod cassettes;
mod catalog;
mod chat;
mod client;
mod conformance;
mod dialects;
mod errors;
mod lenient;
mod network;
mod observed;
mod prices;
mod signed;
mod stand_ins;
mod structured;
mod tokens;
