//! What the compiler says: programs with one mistake each, and programs that must keep compiling.
//! Needs cargo and the crates of the workspace's lock file; no network.

mod compiler;
mod mistakes;
mod programs;
mod renamed;

#[test]
fn mistakes_are_told_in_the_words_that_are_kept() {
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}

#[test]
fn programs_that_are_right_compile_and_run() {
    trybuild::TestCases::new().pass("pass/*.rs");
}
