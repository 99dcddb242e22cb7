//! Models: formats, client, stand-ins.
