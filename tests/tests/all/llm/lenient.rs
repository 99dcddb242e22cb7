//! Texts of models, read.
