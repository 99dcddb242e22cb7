//! Polls the stretches of a flow whose chains do not nest: straight pieces that feed each other in any acyclic way, all in
//! the trace's own task, in one pass for each wake-up. Knows neither nodes nor chains.
//!
//! A pass visits the stretches in an order in which each stands behind those that feed it. So what a stretch has ended with
//! starts the next one in the same pass: nothing wakes, locks or stores between them.

use crate::error::Stop;
use crate::error::shared::twice;
use crate::graph::context::Cx;
use crate::graph::edge::{Ends, Merges, Share};
use crate::graph::run::Ran;
use crate::graph::scope::Halt;
use crate::graph::value::M;
use crate::runtime::fork::End;
use crate::runtime::root::panicked;
use pin_project_lite::pin_project;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

pub(crate) mod meet;

pin_project! {
    /// One stretch: it waits to be fed, runs, and keeps what it ended with for those that it feeds.
    pub struct Stretch<Make, Fut, P> {
        #[pin]
        state: State<Make, Fut, P>,
        // How many stretches take the value.
        readers: usize,
        share: Option<fn(&P) -> P>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<Make, Fut, P> {
        Waiting { make: Option<Make> },
        Running { #[pin] steps: Fut },
        Ended { end: End, ended: Option<Result<P, Stop>> },
    }
}

/// A stretch that is fed with what `_` stands for.
#[inline]
pub fn stretch<I, P, Fut, Make>(_: Ends<I>, make: Make) -> Stretch<Make, Fut, P>
where
    Make: FnOnce(M<I>) -> Fut,
    Fut: Future<Output = Result<P, Stop>>,
{
    Stretch { state: State::Waiting { make: Some(make) }, readers: 1, share: None }
}

/// A value that is there or not, and will not come behind a failure.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "only expansions hold one")]
pub enum Fed<T> {
    /// The value.
    Value(T),
    /// Nothing so far.
    NotYet,
    /// Nothing at all.
    Failed(Stop),
}

/// Of the type that `feed` would bring. It is not run.
pub fn fed_by<T>(feed: impl FnOnce() -> Fed<M<T>>) -> Ends<T> {
    drop(feed);
    Ends::new()
}

impl<T> Fed<T> {
    /// The value that waits in `m`, once.
    pub fn once(m: &mut Option<T>) -> Self {
        m.take().map_or(Fed::NotYet, Fed::Value)
    }

    /// Turns the value into another one.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Fed<U> {
        match self {
            Fed::Value(value) => Fed::Value(turn(value)),
            Fed::NotYet => Fed::NotYet,
            Fed::Failed(stop) => Fed::Failed(stop),
        }
    }
}

impl<Make, Fut, T> Stretch<Make, Fut, M<T>> {
    /// The same, for `readers` stretches: each of them gets a clone, the last one the value itself.
    pub fn shared(self, readers: usize) -> Self
    where
        T: Share,
    {
        Stretch { readers, share: Some(M::share), ..self }
    }

    /// Takes the value, if the stretch has ended with one.
    pub fn pull(self: Pin<&mut Self>) -> Fed<M<T>> {
        self.given()
    }

    /// Takes the value, if the stretch has ended with one. Where a failure is none of the reader's.
    pub fn pick(self: Pin<&mut Self>) -> Option<M<T>> {
        match self.given() {
            Fed::Value(m) => Some(m),
            Fed::NotYet | Fed::Failed(_) => None,
        }
    }

    /// Takes the value. Call it when the stretch has ended with one.
    pub fn take(self: Pin<&mut Self>) -> M<T> {
        match self.pick() {
            Some(m) => m,
            None => unreachable!("a join takes what its stretches have ended with when each of them has a value"),
        }
    }
}

impl<Make, Fut, P> Stretch<Make, Fut, P> {
    /// Whether the stretch was not fed so far.
    pub fn waits(&self) -> bool {
        matches!(self.state, State::Waiting { .. })
    }

    /// What an arm hands on, if the stretch has ended with a router that chose it.
    pub fn arm<T>(self: Pin<&mut Self>, arm: impl FnOnce(&mut P) -> &mut Option<M<T>>) -> Fed<M<T>> {
        let StateProj::Ended { ended, .. } = self.project().state.project() else { return Fed::NotYet };
        match ended {
            Some(Ok(arms)) => Fed::once(arm(arms)),
            Some(Err(_)) => copied(ended),
            None => Fed::NotYet,
        }
    }

    fn given(self: Pin<&mut Self>) -> Fed<P> {
        let this = self.project();
        let StateProj::Ended { ended, .. } = this.state.project() else { return Fed::NotYet };
        *this.readers = this.readers.saturating_sub(1);
        match (&ended, this.share) {
            (Some(Ok(value)), Some(share)) if *this.readers > 0 => Fed::Value(share(value)),
            (Some(Err(_)), _) if *this.readers > 0 => copied(ended),
            _ => match ended.take() {
                Some(Ok(value)) => Fed::Value(value),
                Some(Err(stop)) => Fed::Failed(stop),
                None => Fed::NotYet,
            },
        }
    }

    fn ends(self: Pin<&mut Self>, end: End, ended: Option<Result<P, Stop>>) {
        self.project().state.set(State::Ended { end, ended });
    }
}

/// A failure for one of several readers.
#[cold]
fn copied<P, T>(ended: &mut Option<Result<P, Stop>>) -> Fed<T> {
    match ended.take() {
        Some(Err(stop)) => {
            let (kept, copy) = twice(stop);
            *ended = Some(Err(kept));
            Fed::Failed(copy)
        }
        other => {
            *ended = other;
            Fed::NotYet
        }
    }
}

/// What the arms of a router hand on to other stretches: the chosen one has a value. A list, so that there is no limit.
#[derive(Debug)]
#[allow(clippy::exhaustive_structs, reason = "only expansions hold one")]
pub struct Arms<T, Further>(pub Option<M<T>>, pub Further);

/// The end of the list.
#[derive(Debug)]
#[allow(clippy::exhaustive_structs, reason = "only expansions hold one")]
pub struct NoArm;

/// What another stretch brings to a step that exclusive ways lead to. Both types are the receiver's: an argument's would be
/// inferred from the bound before it is compared.
#[derive(Debug)]
#[allow(clippy::exhaustive_structs, reason = "only expansions hold one")]
pub struct Either<'e, T, W>(pub Fed<M<T>>, pub &'e Ends<W>);

impl<T, W> Either<'_, T, W> {
    /// What it brings, unless an earlier stretch has brought something.
    pub fn or(self, earlier: Fed<M<W>>) -> Fed<M<W>>
    where
        T: Merges<W>,
    {
        match earlier {
            Fed::NotYet => self.0.map(|m| M { value: m.value.merge(), meta: m.meta }),
            brought @ (Fed::Value(_) | Fed::Failed(_)) => brought,
        }
    }
}

/// One pass over all stretches.
pub struct Pass<'p, 'c, 'w, S> {
    cx: &'p Cx<'c, S>,
    task: &'p mut Context<'w>,
    /// Whether a gather may tolerate a failure. Otherwise it is the trace's at once.
    tolerant: bool,
    /// Whether what runs may finish when the trace fails.
    irreversible: bool,
    running: usize,
    /// How many side branches are among them.
    aside: usize,
    over: &'p mut Over,
}

/// What has been decided in earlier passes.
struct Over {
    /// What ends the trace, once those that may finish have finished.
    ended: Option<Stop>,
    /// What a stretch ended with because the trace was asked to end.
    halted: Option<Stop>,
}

impl<S> Pass<'_, '_, '_, S> {
    /// Feeds `stretch` if it waits and there is something, then polls it.
    pub fn step<I, P, Make, Fut>(
        &mut self,
        mut stretch: Pin<&mut Stretch<Make, Fut, P>>,
        feed: impl FnOnce() -> Fed<M<I>>,
    ) where
        Make: FnOnce(M<I>) -> Fut,
        Fut: Future<Output = Result<P, Stop>>,
    {
        if self.over.ended.is_some() && !self.irreversible {
            return stretch.ends(End::Halted, None);
        }
        if let StateProj::Waiting { make } = stretch.as_mut().project().state.project() {
            match feed() {
                Fed::NotYet => return,
                Fed::Failed(stop) => return stretch.ends(End::Failed, Some(Err(stop))),
                Fed::Value(m) => {
                    let Some(make) = make.take() else { return };
                    stretch.as_mut().project().state.set(State::Running { steps: make(m) });
                }
            }
        }
        self.poll(stretch);
    }

    /// The same for a side branch: what it ends with goes nowhere, and its failure is the trace's.
    pub fn aside<I, Make, Fut>(
        &mut self,
        mut stretch: Pin<&mut Stretch<Make, Fut, M<()>>>,
        feed: impl FnOnce() -> Fed<M<I>>,
    ) where
        Make: FnOnce(M<I>) -> Fut,
        Fut: Future<Output = Ran<()>>,
    {
        // A failure before it goes the other ways.
        let feed = || match feed() {
            Fed::Failed(_) => Fed::NotYet,
            fed @ (Fed::Value(_) | Fed::NotYet) => fed,
        };
        // A dropped message lets it go on, a failure does not let it begin.
        let dropped = self.over.ended.take_if(|stop| matches!(stop, Stop::Dropped { .. }));
        let running = self.running;
        self.step(stretch.as_mut(), feed);
        self.aside += self.running - running;
        if let Fed::Failed(stop) = stretch.pull() {
            self.over.ended.get_or_insert(stop);
        }
        // Behind its failure: that is the trace's, whatever an arm has dropped.
        if let Some(dropped) = dropped {
            self.over.ended.get_or_insert(dropped);
        }
    }

    fn poll<P, Make, Fut>(&mut self, mut stretch: Pin<&mut Stretch<Make, Fut, P>>)
    where
        Fut: Future<Output = Result<P, Stop>>,
    {
        let StateProj::Running { steps } = stretch.as_mut().project().state.project() else { return };
        let polled = match self.tolerant || self.irreversible {
            false => steps.poll(self.task),
            true => catch_unwind(AssertUnwindSafe(|| steps.poll(self.task)))
                .unwrap_or_else(|panic| Poll::Ready(Err(panicked(self.cx, &*panic)))),
        };
        match polled {
            Poll::Pending => self.running += 1,
            Poll::Ready(Ok(value)) => stretch.ends(End::Value, Some(Ok(value))),
            Poll::Ready(Err(stop @ Stop::Failed(_))) if self.tolerant => stretch.ends(End::Failed, Some(Err(stop))),
            Poll::Ready(Err(stop @ (Stop::Cancelled | Stop::DeadlineExceeded))) => {
                self.over.halted.get_or_insert(stop);
                stretch.ends(End::Halted, None);
            }
            Poll::Ready(Err(stop @ (Stop::Failed(_) | Stop::BudgetExceeded(_) | Stop::Dropped { .. }))) => {
                self.over.ended.get_or_insert(stop);
                stretch.ends(End::Over, None);
            }
        }
    }

    /// Drops `stretch` unless somebody still waits for it. Ask in the opposite order, so that those who do have been asked.
    pub fn keep_if<P, Make, Fut>(&mut self, wanted: bool, stretch: Pin<&mut Stretch<Make, Fut, P>>) {
        match &stretch.state {
            _ if wanted => return,
            State::Waiting { .. } => {}
            State::Running { .. } => self.running -= 1,
            State::Ended { .. } => return,
        }
        stretch.ends(End::Halted, None);
    }
}

/// Runs the stretches that `pass` visits until the last of them has ended, and gives what `pass` then gives.
///
/// A failure goes on from stretch to stretch as a value would, to a gather that tolerates it or to the end. Where a stretch
/// holds an irreversible node, an ending without a value waits for those that may finish, as it does in a join.
///
/// *Cancel safety*: dropping it drops all stretches.
pub fn weave<S, T, F>(
    cx: &Cx<'_, S>,
    irreversible: bool,
    tolerant: bool,
    mut pass: F,
) -> impl Future<Output = Ran<T>> + Send
where
    S: Send + Sync,
    T: Send,
    F: FnMut(&mut Pass<'_, '_, '_, S>) -> Fed<M<T>> + Send,
{
    let mut over = Over { ended: None, halted: None };
    let mut value = None;
    poll_fn(move |task| {
        let was_over = over.ended.is_some();
        let mut one = Pass { cx, task, tolerant, irreversible, running: 0, aside: 0, over: &mut over };
        let fed = pass(&mut one);
        let (running, aside) = (one.running, one.aside);
        match fed {
            Fed::Value(m) => value = Some(m),
            Fed::Failed(stop) => {
                over.ended.get_or_insert(stop);
            }
            Fed::NotYet => {}
        }
        if let Some(stop) = over.ended.take() {
            // A side branch comes to its end before an end that is no failure.
            let waits = aside > 0 && matches!(stop, Stop::Dropped { .. });
            let may_finish = !waits && irreversible && running > 0;
            if !was_over && may_finish {
                cx.scope.ask(Halt::Failing);
            } else if !was_over && waits {
                // Another pass drops what was polled before.
                task.waker().wake_by_ref();
            }
            if waits || may_finish {
                over.ended = Some(stop);
                return Poll::Pending;
            }
            return Poll::Ready(Err(stop));
        }
        if running == 0
            && let Some(stop) = over.halted.take()
        {
            return Poll::Ready(Err(stop));
        }
        match value.take() {
            Some(m) if aside == 0 => Poll::Ready(Ok(m)),
            kept => {
                value = kept;
                Poll::Pending
            }
        }
    })
}
