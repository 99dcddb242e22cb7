//! Runs every example in-process and reads what it prints.

mod docs_search;
mod folder;
mod process;
