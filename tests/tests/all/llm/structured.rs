//! Values of types, by way of a request and its answer.
