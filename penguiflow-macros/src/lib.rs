//! The macros of penguiflow. Use them through the `penguiflow` crate, which re-exports them with the runtime that
//! their output needs.
#![forbid(unsafe_code)]

mod args;
mod crate_path;
mod diag;
mod docs;
mod door;
mod fallback;
mod flow;
mod message;
mod node;
mod sig;
mod state;
#[cfg(test)]
mod table;

use proc_macro::TokenStream;

/// Written for the `penguiflow` crate, which re-exports it with the runtime that its output needs.
#[proc_macro_attribute]
pub fn message(args: TokenStream, item: TokenStream) -> TokenStream {
    door::attribute(args, item, message::run)
}

/// Written for the `penguiflow` crate, which re-exports it with the runtime that its output needs.
#[proc_macro_attribute]
pub fn node(args: TokenStream, item: TokenStream) -> TokenStream {
    door::attribute(args, item, node::run)
}

/// Written for the `penguiflow` crate, which re-exports it with the runtime that its output needs.
#[proc_macro_attribute]
pub fn router(args: TokenStream, item: TokenStream) -> TokenStream {
    door::attribute(args, item, node::run_router)
}

/// Written for the `penguiflow` crate, which re-exports it with the runtime that its output needs.
#[proc_macro_attribute]
pub fn controller(args: TokenStream, item: TokenStream) -> TokenStream {
    door::attribute(args, item, node::run_controller)
}

/// Lets a struct lend each of its fields to the nodes that ask for its type: `State<'_, Index>` borrows the field of type
/// `Index`.
///
/// Two fields of one type are an error; `#[provides(skip)]` leaves a field out.
#[proc_macro_derive(Provides, attributes(provides))]
pub fn provides(item: TokenStream) -> TokenStream {
    door::bang(item, state::run)
}

/// Written for the `penguiflow` crate, which re-exports it with the runtime that its output needs.
#[proc_macro]
pub fn flow(input: TokenStream) -> TokenStream {
    door::bang(input, flow::run)
}
