//! Models: formats, client, stand-ins.

mod dialects;
mod lenient;
mod structured;
