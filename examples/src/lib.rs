//! The examples that are more than one file.

pub mod docs_search;
