//! Polls the branches of a fork together, in the trace's own task, and decides when the join after it has what it needs.

use crate::bug::bug;
use crate::error::branch::BranchError;
use crate::error::{ErrorKind, FlowError, Stop};
use crate::graph::context::{Cx, Failing};
use crate::graph::scope::Halt;
use crate::graph::value::M;
use crate::message::Meta;
use crate::runtime::root::panicked;
use pin_project_lite::pin_project;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pub(crate) mod join;

pin_project! {
    /// One branch of a fork: its steps, then what it ended with.
    #[project = BranchProj]
    #[allow(clippy::exhaustive_enums, reason = "only expansions hold one")]
    pub enum Branch<Fut, T> {
        /// On its way.
        Running {
            // The branch's steps.
            #[pin]
            steps: Fut,
        },
        /// At its end, until that is taken.
        Ended {
            // How.
            end: End,
            // With what.
            ended: Option<Result<M<T>, Stop>>,
        },
    }
}

/// A branch of the steps `steps`.
#[inline]
pub fn branch<Fut, T>(steps: Fut) -> Branch<Fut, T>
where
    Fut: Future<Output = Result<M<T>, Stop>>,
{
    Branch::Running { steps }
}

/// How a branch has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "all are told apart")]
pub enum End {
    /// With a value.
    Value,
    /// With a failure, which a join may tolerate.
    Failed,
    /// With another ending of the trace.
    Over,
    /// Because the trace was asked to end.
    Halted,
}

impl End {
    fn of<T>(ended: &Result<M<T>, Stop>) -> End {
        match ended {
            Ok(_) => End::Value,
            Err(Stop::Failed(_)) => End::Failed,
            Err(Stop::Cancelled | Stop::DeadlineExceeded) => End::Halted,
            Err(Stop::BudgetExceeded(_) | Stop::Dropped { .. }) => End::Over,
        }
    }
}

/// A branch as its fork sees it.
pub trait Arm {
    /// Polls the branch unless it has ended.
    fn poll_arm(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<End>;
    /// Takes what the branch ended with, if that was no value.
    fn take_stop(self: Pin<&mut Self>) -> Option<Stop>;
    /// Ends the branch with a failure.
    fn fail(self: Pin<&mut Self>, stop: Stop);
}

impl<Fut, T> Arm for Branch<Fut, T>
where
    Fut: Future<Output = Result<M<T>, Stop>>,
{
    fn poll_arm(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<End> {
        let ended = match self.as_mut().project() {
            BranchProj::Running { steps } => ready!(steps.poll(task)),
            BranchProj::Ended { end, .. } => return Poll::Ready(*end),
        };
        let end = End::of(&ended);
        self.set(Branch::Ended { end, ended: Some(ended) });
        Poll::Ready(end)
    }

    fn take_stop(self: Pin<&mut Self>) -> Option<Stop> {
        self.ended()?.err()
    }

    fn fail(mut self: Pin<&mut Self>, stop: Stop) {
        self.set(Branch::Ended { end: End::Failed, ended: Some(Err(stop)) });
    }
}

impl<Fut, T> Branch<Fut, T> {
    #[inline]
    fn ended(self: Pin<&mut Self>) -> Option<Result<M<T>, Stop>> {
        match self.project() {
            BranchProj::Running { .. } => None,
            BranchProj::Ended { ended, .. } => ended.take(),
        }
    }

    /// What the branch ended with, if that was a value.
    #[inline]
    pub fn pick(self: Pin<&mut Self>) -> Option<M<T>> {
        self.ended()?.ok()
    }

    /// How the branch has settled. Call it when the fork's `settle` is done.
    #[inline]
    pub fn settled(self: Pin<&mut Self>) -> M<Result<T, BranchError>> {
        match self.ended() {
            Some(Ok(M { value, meta })) => M { value: Ok(value), meta },
            Some(Err(Stop::Failed(error))) => M { value: Err(BranchError::new(error)), meta: Meta::default() },
            Some(Err(_)) | None => {
                unreachable!("a `settle` is done when each of its branches has a value or a failure")
            }
        }
    }

    /// What the branch ended with. Call it when the fork's join is done.
    #[inline]
    pub fn take(self: Pin<&mut Self>) -> M<T> {
        match self.pick() {
            Some(m) => m,
            None => unreachable!("a join is done when each of its branches has a value"),
        }
    }
}

/// The branches of a fork, in branch order.
pub(crate) type Arms<'a, 'b> = &'a mut [Pin<&'b mut (dyn Arm + Send)>];

/// Waits for all branches; the first failure, in branch order when several are ready at once, ends the wait.
///
/// Where a branch holds an irreversible node, a failure lets the others end by themselves: it asks the trace to end, and
/// waits for the attempt that may finish. A trace that was asked to end is let go in the same way.
pub fn join<'a, S: Send + Sync>(
    cx: &'a Cx<'_, S>,
    irreversible: bool,
    arms: Arms<'a, '_>,
) -> impl Future<Output = Result<(), Stop>> + Send {
    let mut failed = None;
    poll_fn(move |task| {
        let mut waiting = false;
        let mut halted = None;
        for (index, arm) in arms.iter_mut().enumerate() {
            let polled = match irreversible {
                false => arm.as_mut().poll_arm(task),
                true => poll_unwound(cx, arm.as_mut(), task),
            };
            match polled {
                Poll::Pending => waiting = true,
                Poll::Ready(End::Value) => {}
                Poll::Ready(End::Halted) => halted = halted.or(Some(index)),
                Poll::Ready(End::Failed | End::Over) if irreversible => {
                    if failed.is_none() {
                        failed = Some(index);
                        cx.scope.ask(Halt::Failing);
                    }
                }
                Poll::Ready(End::Failed | End::Over) => {
                    return Poll::Ready(arm.as_mut().take_stop().map_or(Ok(()), Err));
                }
            }
        }
        match (waiting, failed.or(halted)) {
            (true, _) => Poll::Pending,
            (false, None) if bug("lost_join") && arms.len() > 1 => Poll::Pending,
            (false, None) => Poll::Ready(Ok(())),
            (false, Some(index)) => Poll::Ready(arms[index].as_mut().take_stop().map_or(Ok(()), Err)),
        }
    })
}

/// Polls a branch whose panic is its failure and not its siblings'.
fn poll_unwound<S>(cx: &Cx<'_, S>, mut arm: Pin<&mut (dyn Arm + Send)>, task: &mut Context<'_>) -> Poll<End> {
    catch_unwind(AssertUnwindSafe(|| arm.as_mut().poll_arm(task))).unwrap_or_else(|panic| {
        arm.as_mut().fail(panicked(cx, &*panic));
        Poll::Ready(End::Failed)
    })
}

/// Waits for the first `k` values. Failures are tolerated, panics included, while `k` can still be reached.
pub async fn join_k<S>(cx: &Cx<'_, S>, place: u32, k: usize, arms: Arms<'_, '_>) -> Result<(), Stop> {
    wait_k(cx, ("join_k", place), k, arms).await
}

/// Waits for the first value. Failures are tolerated, panics included, while there is a branch left.
pub async fn first<S>(cx: &Cx<'_, S>, place: u32, arms: Arms<'_, '_>) -> Result<(), Stop> {
    wait_k(cx, ("first", place), 1, arms).await
}

async fn wait_k<S>(
    cx: &Cx<'_, S>,
    (word, place): (&'static str, u32),
    k: usize,
    arms: Arms<'_, '_>,
) -> Result<(), Stop> {
    poll_fn(|task| poll_k(cx, k, arms, task)).await.map_err(|stop| match stop {
        Some(stop) => stop,
        None => Stop::Failed(starved(cx, (word, place), k, failures(arms))),
    })
}

/// Waits for all branches, whatever each of them ends with: failures are outcomes, panics included. An ending of the whole
/// trace in one of them ends the wait, as it does before `join`.
pub async fn settle<S>(cx: &Cx<'_, S>, irreversible: bool, arms: Arms<'_, '_>) -> Result<(), Stop> {
    let mut over = None;
    poll_fn(|task| {
        let (mut waiting, mut halted) = (false, None);
        for (index, arm) in arms.iter_mut().enumerate() {
            match poll_unwound(cx, arm.as_mut(), task) {
                Poll::Pending => waiting = true,
                Poll::Ready(End::Value | End::Failed) => {}
                Poll::Ready(End::Halted) => halted = halted.or(Some(index)),
                Poll::Ready(End::Over) if irreversible => {
                    if over.is_none() {
                        over = Some(index);
                        cx.scope.ask(Halt::Failing);
                    }
                }
                Poll::Ready(End::Over) => return Poll::Ready(arm.as_mut().take_stop().map_or(Ok(()), Err)),
            }
        }
        match (waiting, over.or(halted)) {
            (true, _) => Poll::Pending,
            (false, None) => Poll::Ready(Ok(())),
            (false, Some(index)) => Poll::Ready(arms[index].as_mut().take_stop().map_or(Ok(()), Err)),
        }
    })
    .await
}

/// `Err(None)` tells that too many branches have failed.
fn poll_k<S>(cx: &Cx<'_, S>, k: usize, arms: Arms<'_, '_>, task: &mut Context<'_>) -> Poll<Result<(), Option<Stop>>> {
    let (mut values, mut failures, mut waiting, mut ending) = (0, 0, 0, None);
    for (index, arm) in arms.iter_mut().enumerate() {
        match poll_unwound(cx, arm.as_mut(), task) {
            Poll::Pending => waiting += 1,
            Poll::Ready(End::Value) => values += 1,
            Poll::Ready(End::Failed) => failures += 1,
            // A join in another branch tells the failure.
            Poll::Ready(End::Halted) if cx.scope.halt() == Some(Halt::Failing) => failures += 1,
            Poll::Ready(End::Over | End::Halted) => ending = ending.or(Some(index)),
        }
    }
    match ending {
        Some(_) if waiting > 0 && cx.scope.halt().is_some() => Poll::Pending,
        Some(index) => Poll::Ready(Err(arms[index].as_mut().take_stop())),
        None if bug("early_join") && k > 1 && values + 1 == k => Poll::Ready(Ok(())),
        None if values >= k => Poll::Ready(Ok(())),
        None if arms.len() - failures < k => Poll::Ready(Err(None)),
        None => Poll::Pending,
    }
}

fn failures(arms: Arms<'_, '_>) -> Vec<FlowError> {
    let failure = |arm: &mut Pin<&mut (dyn Arm + Send)>| match arm.as_mut().take_stop() {
        Some(Stop::Failed(error)) => Some(error),
        _ => None,
    };
    arms.iter_mut().filter_map(failure).collect()
}

/// Too few branches have a value.
#[cold]
pub(crate) fn starved<S>(
    cx: &Cx<'_, S>,
    (word, place): (&'static str, u32),
    needed: usize,
    errors: Vec<FlowError>,
) -> FlowError {
    cx.fail(ErrorKind::JoinStarved { needed, errors }, Failing::once(word, Some(place)))
}
