//! Stands in for the faults in every build that anybody runs: there are none.

/// Never.
#[inline(always)]
pub(crate) const fn bug(_: &str) -> bool {
    false
}
