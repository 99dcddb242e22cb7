//! Models: formats, client, stand-ins.

mod conformance;
