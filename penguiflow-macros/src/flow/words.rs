//! The words of `flow!`, one row each. What a word means stands in its own file.

pub(crate) mod batch;
pub(crate) mod exit;
pub(crate) mod join;
pub(crate) mod join_k;
pub(crate) mod later;
pub(crate) mod map;
pub(crate) mod queue;
pub(crate) mod repeat;
pub(crate) mod with;

use crate::flow::parse::word::Word;

/// All words.
pub(crate) const WORDS: &[Word] = &[
    join::WORD,
    join_k::WORD,
    map::WORD,
    repeat::WORD,
    exit::DROP,
    exit::DONE,
    later::PARALLEL,
    later::FIRST,
    later::SETTLE,
    later::TEE,
    queue::WORD,
    batch::WORD,
    later::GATE,
    queue::CHANNELS,
    later::BUDGET,
    with::WORD,
];
