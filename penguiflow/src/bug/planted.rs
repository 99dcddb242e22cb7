//! Asks the environment, once, which fault is there.

use std::sync::OnceLock;

/// Whether the fault `name` is there: `PENGUIFLOW_BUG` names it.
pub(crate) fn bug(name: &str) -> bool {
    static NAMED: OnceLock<Option<String>> = OnceLock::new();
    NAMED.get_or_init(|| std::env::var("PENGUIFLOW_BUG").ok()).as_deref() == Some(name)
}
