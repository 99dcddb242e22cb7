//! What a test lets go wrong in a node, and whose turn it is. Knows no flow.

use crate::clock::Seam;
use crate::error::{ErrorClass, NodeError};
use crate::graph::watch::At;
use crate::graph::watch::interpose::{Before, Interpose};
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How the first attempts of a node fail.
///
/// ```
/// use penguiflow::clock::secs;
/// use penguiflow::testkit::Fault;
///
/// let busy = Fault::error("RATE", 2).with_retry_after(secs(3)); // twice, and asks for three seconds each time
/// let wrong = Fault::fatal("BAD_QUERY", 1); // no retry helps
/// # let _ = (busy, wrong);
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    code: Arc<str>,
    class: ErrorClass,
    retry_after: Option<Duration>,
    times: u32,
}

impl Fault {
    /// An error that another attempt may help, `times` times.
    pub fn error(code: impl Into<Arc<str>>, times: u32) -> Self {
        Fault { code: code.into(), class: ErrorClass::Retry, retry_after: None, times }
    }

    /// An error that no other attempt helps, `times` times.
    pub fn fatal(code: impl Into<Arc<str>>, times: u32) -> Self {
        Fault { class: ErrorClass::Fatal, ..Fault::error(code, times) }
    }

    /// Asks for a wait before the next attempt.
    pub fn with_retry_after(self, wait: Duration) -> Self {
        Fault { retry_after: Some(wait), ..self }
    }
}

/// The error that a [`Fault`] gives. Prints as `[RATE] simulated failure in search (attempt 1)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Simulated {
    /// The fault's code.
    pub code: Arc<str>,
    /// The node.
    pub node: &'static str,
    /// The attempt that failed, from 1.
    pub attempt: u32,
}

impl fmt::Display for Simulated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Simulated { code, node, attempt } = self;
        write!(f, "[{code}] simulated failure in {node} (attempt {attempt})")
    }
}

impl Error for Simulated {}

/// What happens to the attempts of a node.
pub(super) enum Rule {
    Fail(Fault),
    Delay(Duration),
    Panic(u32),
}

impl Rule {
    /// How often it happens, where that is limited.
    pub(super) fn times(&self) -> Option<u32> {
        match self {
            Rule::Fail(fault) => Some(fault.times),
            Rule::Panic(times) => Some(*times),
            Rule::Delay(_) => None,
        }
    }
}

/// All that happens to a flow's nodes.
pub(super) struct Faults {
    seam: Seam,
    rules: Vec<(String, Rule, AtomicU32)>,
}

impl Faults {
    pub(super) fn new(seam: Seam, rules: Vec<(String, Rule)>) -> Self {
        let counted = |(node, rule): (String, Rule)| {
            let left = AtomicU32::new(rule.times().unwrap_or(0));
            (node, rule, left)
        };
        Faults { seam, rules: rules.into_iter().map(counted).collect() }
    }

    /// Takes one of the times that are left.
    fn take(left: &AtomicU32) -> bool {
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

/// What an attempt ends with.
pub(super) enum Hit {
    Error(NodeError),
    Panic(String),
}

impl Hit {
    pub(super) fn simulated(at: &At, code: Arc<str>, class: ErrorClass, retry_after: Option<Duration>) -> Self {
        let error = NodeError::new(Simulated { code, node: at.node, attempt: at.attempt });
        Hit::Error(error.with_class(class).with_retry_after(retry_after))
    }

    pub(super) fn panic(at: &At) -> Self {
        Hit::Panic(format!("simulated panic in {} (attempt {})", at.node, at.attempt))
    }

    pub(super) fn strike(self) -> Result<(), NodeError> {
        match self {
            Hit::Error(error) => Err(error),
            // Without the words that a panic prints: a test asked for it.
            Hit::Panic(text) => std::panic::resume_unwind(Box::new(text)),
        }
    }
}

impl Interpose for Faults {
    fn before(&self, at: &At) -> Option<Before> {
        let own = || self.rules.iter().filter(|(node, ..)| node == at.node);
        let delay: Duration =
            own().filter_map(|(_, rule, _)| if let Rule::Delay(wait) = rule { Some(*wait) } else { None }).sum();
        let hit = own().find_map(|(_, rule, left)| match rule {
            Rule::Fail(Fault { code, class, retry_after, .. }) if Faults::take(left) => {
                Some(Hit::simulated(at, code.clone(), *class, *retry_after))
            }
            Rule::Panic(_) if Faults::take(left) => Some(Hit::panic(at)),
            Rule::Fail(_) | Rule::Panic(_) | Rule::Delay(_) => None,
        });
        if delay.is_zero() && hit.is_none() {
            return None;
        }
        let seam = self.seam.clone();
        Some(Box::pin(async move {
            if !delay.is_zero() {
                seam.sleep(delay).await;
            }
            hit.map_or(Ok(()), Hit::strike)
        }))
    }
}
