//! Typed agent pipelines.
