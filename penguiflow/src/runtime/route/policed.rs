//! Asks a routing policy about the arm that a router chose, and moves the message to another arm where it says so.

use crate::error::{BoxError, ErrorKind, Stop};
use crate::graph::context::{Cx, Failing};
use crate::graph::edge::{Ends, Gone, unreachable};
use crate::graph::routing::{KeepOrDrop, NoSuchArm, Proposal, Reroute, RoutingPolicy};
use crate::graph::value::M;
use std::any::Any;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// Asks the policy `P`; gives the arm to take instead, if it is another one.
pub async fn policed<P: RoutingPolicy, S: Sync>(
    cx: &Cx<'_, S>,
    (router, place, policy): (&'static str, u32, &'static str),
    arm: &'static str,
    arms: &[&'static str],
) -> Result<Option<&'static str>, Stop> {
    let at = Failing::once(router, Some(place));
    let fail = |error: BoxError| Stop::Failed(cx.fail(ErrorKind::Node(error), at));
    // A flow does not start without its policies.
    let Some(instance) = cx.nodes().routing::<P>() else { return Err(fail("the policy is missing".into())) };
    let proposal = Proposal { scope: cx.scope, router, arm, arms };
    let mark = PanicMark { cx, at };
    let answer = {
        let mut deciding = pin!(instance.decide(&proposal));
        poll_fn(|task| match cx.scope.halt() {
            Some(halt) => Poll::Ready(Err(Stop::from(halt))),
            None => deciding.as_mut().poll(task).map(Ok),
        })
        .await?
    };
    drop(mark);
    match answer.map_err(fail)?.into() {
        Reroute::Keep => Ok(None),
        Reroute::Drop => Err(Stop::Dropped { at: format!("{router}.{arm} by {policy}").into() }),
        Reroute::To(other) if *other == *arm => Ok(None),
        Reroute::To(other) => match NoSuchArm::find(&other, router, arms) {
            Ok(other) => Ok(Some(other)),
            Err(error) => Err(fail(error.into())),
        },
    }
}

/// Tells the trace which router's policy unwinds.
struct PanicMark<'a, 'c, S> {
    cx: &'a Cx<'c, S>,
    at: Failing,
}

impl<S> Drop for PanicMark<'_, '_, S> {
    fn drop(&mut self) {
        // It is dropped as well when the policy has answered, and when its trace ends meanwhile.
        if std::thread::panicking() {
            self.cx.site().note_panic(self.at);
        }
    }
}

/// The check that a message may go to another arm: what the arm takes is what the first one takes, or the policy keeps and
/// drops only. `A` is what the policy answers.
#[diagnostic::on_unimplemented(
    message = "the policy may take another arm, but this one takes `{Self}` and an arm before it takes `{W}`",
    label = "takes `{Self}`, not `{W}`",
    note = "a policy that answers `Reroute` stands where all arms take one type; one that answers `KeepOrDrop` stands anywhere"
)]
pub trait SharesArms<W, A>: Sized {
    /// The value, as what the other arms take.
    fn share(self) -> W;
}

#[diagnostic::do_not_recommend]
impl<T> SharesArms<T, Reroute> for T {
    fn share(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T, W> SharesArms<W, KeepOrDrop> for T {
    fn share(self) -> W {
        unreachable()
    }
}

/// The message of an arm that may be left for another one. `A` is what the policy answers. Both types are the receiver's,
/// as those of [`Meets`](crate::graph::edge::Meets) are.
#[derive(Debug)]
pub struct Leaving<'e, X, W, A>(pub X, pub &'e Ends<W>, pub std::marker::PhantomData<A>);

impl<T, A> Leaving<'_, M<T>, T, A> {
    /// Leaves the first arm: what it takes, the others must take.
    pub fn first(self) -> M<T> {
        self.0
    }
}

impl<T, W, A> Leaving<'_, M<T>, W, A> {
    /// Leaves another arm.
    pub fn further(self) -> M<W>
    where
        T: SharesArms<W, A>,
    {
        M { value: self.0.value.share(), meta: self.0.meta }
    }
}

impl<A> Leaving<'_, Gone, (), A> {
    /// Stands for the first arm behind a mistake that was told.
    pub fn first(self) -> M<()> {
        unreachable()
    }
}

impl<W, A> Leaving<'_, Gone, W, A> {
    /// Stands for another arm behind a mistake that was told.
    pub fn further(self) -> M<W> {
        unreachable()
    }
}

/// What an arm receives.
pub trait Arrives: Sized {
    /// Takes the message, if it is of the arm's type; it always is, see [`SharesArms`].
    fn arrive(message: Box<dyn Any>) -> Option<Self>;
}

impl<T: 'static> Arrives for M<T> {
    fn arrive(message: Box<dyn Any>) -> Option<Self> {
        message.downcast().ok().map(|message| *message)
    }
}

impl Arrives for Gone {
    fn arrive(_: Box<dyn Any>) -> Option<Self> {
        None
    }
}

/// Takes the message into the arm. Erased on the way: that two arms take one type is known to the check above alone.
pub fn arrives<X: Arrives, W: 'static>(m: M<W>) -> X {
    X::arrive(Box::new(m)).unwrap_or_else(unreachable)
}
