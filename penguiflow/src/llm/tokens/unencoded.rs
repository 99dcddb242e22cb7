//! Counts nothing: built without the tables of tokenizers. Must not know what is counted for.

pub(super) fn counted(_: &str, _: &str, _: &str) -> Option<u64> {
    None
}
