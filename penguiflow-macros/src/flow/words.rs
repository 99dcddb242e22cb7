//! The words of `flow!`, one row each. What a word means stands in its own file.

pub(crate) mod batch;
pub(crate) mod budget;
pub(crate) mod exit;
pub(crate) mod first;
pub(crate) mod join;
pub(crate) mod join_k;
pub(crate) mod later;
pub(crate) mod map;
pub(crate) mod parallel;
pub(crate) mod queue;
pub(crate) mod repeat;
pub(crate) mod settle;
pub(crate) mod tee;
pub(crate) mod with;

use crate::flow::parse::word::Word;

/// All words.
pub(crate) const WORDS: &[Word] = &[
    parallel::WORD,
    join::WORD,
    join_k::WORD,
    first::WORD,
    settle::WORD,
    map::WORD,
    tee::WORD,
    repeat::WORD,
    exit::DROP,
    exit::DONE,
    queue::WORD,
    batch::WORD,
    later::GATE,
    queue::CHANNELS,
    budget::WORD,
    with::WORD,
];
