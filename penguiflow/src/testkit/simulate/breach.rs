//! A rule that a run has broken. Knows no rule.

/// A rule that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) rule: &'static str,
    pub(super) why: String,
}

impl Breach {
    pub(super) fn new(rule: &'static str, why: String) -> Self {
        Breach { rule, why }
    }
}
