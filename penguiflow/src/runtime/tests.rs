//! Tests of rooms that the model tests include as they are and that therefore have none inside, and of what a trace's root
//! does for others.

mod floe;
mod root;
