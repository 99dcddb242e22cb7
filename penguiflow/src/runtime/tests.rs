//! Tests of rooms that the model tests include as they are, and that therefore have none inside.

mod floe;
