//! What is exported to servers of others, over real sockets of this machine: spans, runs, metrics; and that a server which is
//! down, slow or busy harms no flow.

mod links;
mod mlflow;
mod models;
mod otel;
mod server;
