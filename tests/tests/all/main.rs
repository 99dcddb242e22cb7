//! All integration tests of penguiflow, in one binary: each further one would be linked once more.

mod acceptance;
mod dependencies;
mod tidy;
