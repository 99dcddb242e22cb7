//! Shared by the runnable examples.
