//! The worst case of a flow, from its policies and its structure: a report at any time, and a proof while the flow compiles.
//! Runs nothing.

mod path;
mod prove;
mod worst;

use crate::graph::phrase::Words;
use crate::graph::topology::{FlowInfo, StepEntry, StepInfo};
use crate::message::{Budget, Cost};
use crate::money::Money;
pub use path::Leg;
use path::{Legs, duration};
pub use prove::prove;
use std::fmt;
use std::time::Duration;
use worst::{free, whole};

/// What a run of a flow takes at most. Made by [`FlowInfo::bound`].
///
/// Prints as a report: the worst case, the way that takes longest, what nothing bounds, and what was assumed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Bound {
    /// The flow's name.
    pub flow: &'static str,
    /// The longest that a run takes, its deadline included: where an attempt may finish behind that, by
    /// [`on_cancel`](crate::OnCancel) or because it is irreversible, so much longer. `None` where nothing bounds it.
    pub time: Option<Duration>,
    /// How long the [critical path](Bound::critical_path) takes, whatever the flow's own deadline says; `None` where a step of
    /// it has no bound.
    pub path_time: Option<Duration>,
    /// How many nodes run at most, those of all branches.
    pub hops: u64,
    /// How many attempts they have together.
    pub attempts: u64,
    /// What those attempts cost together, as their nodes [say](crate::Policy::cost), and no more than the flow's own budget allows. Nodes that say
    /// nothing count as nothing.
    pub cost: Cost,
    /// The way that takes longest: its steps in order, without those that take no time.
    pub critical_path: Vec<Leg>,
    /// The nodes that nothing bounds, on the critical path or not, as paths from the flow down.
    pub unbounded: Vec<String>,
    /// The waits that the bound knows nothing of, because they depend on other runs.
    pub assumed: Vec<Assumed>,
    /// What the flow and its sub-flows say about time and cost, the flow itself first.
    pub limits: Vec<Limits>,
}

/// A wait that depends on other runs of the flow. The bound counts it as nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assumed {
    /// The node, as a path from the flow down.
    pub path: String,
    /// What it may wait for.
    pub wait: Wait,
}

/// What a step may wait for, beside what it does itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// A permit of a node with `concurrency`.
    Permit,
    /// A turn of a node with a `rate`.
    Turn,
    /// Room in a queue, and a worker of it.
    Queue,
}

/// What `budget { … }` says of a flow.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// The flow, as a path from the outermost one down.
    pub path: String,
    /// The most that one run of it costs.
    pub budget: Budget,
    /// The longest that it takes.
    pub deadline: Option<Duration>,
}

impl FlowInfo {
    /// What a run of the flow takes at most, by its policies and its structure.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    /// use std::time::Duration;
    ///
    /// #[node(timeout = "2s")]
    /// async fn clean(question: String) -> String { question }
    /// #[node(timeout = "1s", retries = 2, backoff = ("250ms", 2.0))]
    /// async fn search(question: String) -> std::io::Result<String> { Ok(question) }
    /// flow! { support(String) -> String { clean -> search } }
    ///
    /// let bound = support::flow().info().bound();
    /// assert_eq!(bound.time, Some(Duration::from_millis(2_000 + 3 * 1_000 + 250 + 500)));
    /// assert_eq!((bound.hops, bound.attempts), (2, 4));
    /// assert!(bound.to_string().contains("clean 2 s -> search 3 × 1 s + 750 ms of backoff"));
    /// ```
    ///
    /// # What is counted
    /// Steps one after the other add up; of branches and of arms the longest counts, and a `first` or a `join_k` as if it waited
    /// for all. A loop counts each turn, a map the rounds that its `limit` of items takes, a batch what it waits for others.
    /// A node counts all its attempts, at their `timeout` and at the `tokens` and `usd` that it says, and the delays between them at
    /// their longest; without a `timeout` nothing bounds its time. A sub-flow counts at most its own deadline. A function that is neither `async` nor `blocking` counts as
    /// nothing: it never waits, so no timeout could end it.
    ///
    /// # What is not
    /// What depends on other runs, which [`Bound::assumed`] lists: permits, rates and queues. A longer delay that a failed call asked for
    /// ([`retry_after`](crate::Classify::retry_after)). Time on the processor. And what is changed when the flow starts:
    /// policies by [`override_policy`](crate::FlowBuilder::override_policy), the deadline by [`Options`](crate::Options) or by a message.
    pub fn bound(&'static self) -> Bound {
        let (capped, sums) = (whole(self), free(self));
        let mut bound = Bound {
            flow: self.name,
            time: duration(capped.time),
            path_time: duration(sums.time),
            hops: capped.hops,
            attempts: capped.attempts,
            cost: Cost::tokens(capped.tokens).and_usd(Money::from_picos(capped.picos)),
            critical_path: legs(self),
            unbounded: Vec::new(),
            assumed: Vec::new(),
            limits: Vec::new(),
        };
        bound.visit(self, self.name, true);
        bound
    }
}

impl Bound {
    /// Notes what is to be said of the steps of `flow`, which lies at `path`; `is_open` if no deadline around it bounds them.
    fn visit(&mut self, flow: &'static FlowInfo, path: &str, is_open: bool) {
        if flow.budget.is_limited() || flow.deadline.is_some() {
            self.limits.push(Limits { path: path.to_owned(), budget: flow.budget, deadline: flow.deadline });
        }
        for step in flow.steps {
            let path = || format!("{path} › {}", step.name);
            if let Some(inner) = step.flow {
                self.visit(inner, &path(), is_open && inner.deadline.is_none());
            } else if is_open && prove::is_untimed(step) {
                self.unbounded.push(path());
            }
            self.assumed.extend(waits(step).map(|wait| Assumed { path: path(), wait }));
        }
    }
}

/// The way that takes longest, window by window.
fn legs(flow: &FlowInfo) -> Vec<Leg> {
    let mut all: Vec<Leg> = Vec::new();
    loop {
        let window = Legs::of(flow, all.len());
        all.extend(window.legs.into_iter().flatten());
        if all.len() >= window.count {
            return all;
        }
    }
}

fn waits(step: &StepInfo) -> impl Iterator<Item = Wait> {
    let policy = step.policy.filter(|_| step.flow.is_none());
    let permit = policy.and_then(|policy| policy.concurrency).map(|_| Wait::Permit);
    let turn = policy.and_then(|policy| policy.rate).map(|_| Wait::Turn);
    let queue = match step.entry {
        StepEntry::Queue { .. } => Some(Wait::Queue),
        StepEntry::Straight | StepEntry::Batch { .. } => None,
    };
    [permit, turn, queue].into_iter().flatten()
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "`{}` takes at most {}", self.flow, text(time))?,
            None => write!(f, "nothing bounds how long `{}` takes", self.flow)?,
        }
        write!(f, ", {} and {}", counted(self.hops, "hop"), counted(self.attempts, "attempt"))?;
        let Cost { tokens, usd } = self.cost;
        let declared = [(tokens > 0).then(|| counted(tokens, "token")), (usd > Money::ZERO).then(|| usd.to_string())];
        let declared: Vec<String> = declared.into_iter().flatten().collect();
        match declared.is_empty() {
            true => writeln!(f)?,
            false => writeln!(f, ", declared to cost {}", declared.join(" and "))?,
        }
        if !self.critical_path.is_empty() {
            write!(f, "  longest: ")?;
            for (at, leg) in self.critical_path.iter().enumerate() {
                write!(f, "{}{}", if at == 0 { "" } else { " -> " }, leg.words().text())?;
            }
            match self.path_time {
                Some(time) => writeln!(f, " = {}", text(time))?,
                None => writeln!(f)?,
            }
        }
        for path in &self.unbounded {
            writeln!(f, "  without a timeout: {path}")?;
        }
        for Assumed { path, wait } in &self.assumed {
            writeln!(f, "  not counted: {path} waits for {wait}")?;
        }
        for limits in &self.limits {
            writeln!(f, "  {limits}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Leg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().text())
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Wait::Permit => "a permit",
            Wait::Turn => "its turn in the rate",
            Wait::Queue => "room in the queue and a worker",
        })
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Budget { hops, tokens, usd } = self.budget;
        let limits = [
            hops.map(|hops| counted(hops, "hop")),
            tokens.map(|tokens| counted(tokens, "token")),
            usd.map(|usd| usd.to_string()),
            self.deadline.map(text),
        ];
        let limits: Vec<String> = limits.into_iter().flatten().collect();
        write!(f, "limited: {} to {}", self.path, limits.join(", "))
    }
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn text(time: Duration) -> String {
    Words::new().and_nanos(time.as_nanos()).text().to_owned()
}
