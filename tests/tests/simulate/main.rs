//! Runs flows under many seeds and holds each run against what must hold of all: those that a generator has drawn, and some that
//! use what the drawn ones do not.
#![allow(missing_docs, unreachable_pub, reason = "a program of tests")]

#[cfg(penguiflow_bugs)]
mod bugs;
mod flows;
#[allow(dead_code, reason = "what all tests share, of which this needs little")]
#[path = "../all/kit.rs"]
mod kit;
mod proof;
mod seeds;
mod words;
