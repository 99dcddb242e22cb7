//! The typed statements that `flow!` writes for its edges. Each holds one bound, in our words, on the user's own token.
//!
//! The shape of every check: the known type is the method's receiver, the bound is an equality trait with a blanket impl
//! over the message, and the result does not mention the checked type. So one wrong edge is one error.

use crate::error::Stop;
use crate::graph::context::Cx;
use crate::graph::node::{NodeDef, Router};
use crate::graph::run::{Node, Ran};
use crate::graph::value::M;
use std::future::Future;
use std::marker::PhantomData;

/// The edge check: what arrives is what the node takes.
#[diagnostic::on_unimplemented(
    message = "`{N}` takes `{W}`, but gets `{Self}`",
    label = "takes `{W}`, but gets `{Self}`",
    note = "put a node between the two that turns `{Self}` into `{W}`, or change what one of them takes or returns",
    note = "a `Result` under another name is a message, unless the node that returns it says `#[node(fallible)]`"
)]
pub trait Fits<W, N: ?Sized> {
    /// The value, as what the node takes.
    fn fit(self) -> W;
}

#[diagnostic::do_not_recommend]
impl<T, N: ?Sized> Fits<T, N> for T {
    #[inline]
    fn fit(self) -> T {
        self
    }
}

/// The exit check: what arrives at the end is what the flow's header says.
#[diagnostic::on_unimplemented(
    message = "the flow `{F}` ends with `{Self}`, but its header says `{W}`",
    label = "ends with `{Self}`",
    note = "write `-> {Self}` in the header, or add a node that turns `{Self}` into `{W}`"
)]
pub trait Exits<W, F: ?Sized> {
    /// The value, as what the flow ends with.
    fn exit(self) -> W;
}

#[diagnostic::do_not_recommend]
impl<T, F: ?Sized> Exits<T, F> for T {
    #[inline]
    fn exit(self) -> T {
        self
    }
}

/// The fork check: every branch gets a clone.
#[diagnostic::on_unimplemented(
    message = "a fork gives each branch a clone, but `{Self}` is not `Clone`",
    label = "`{Self}` is not `Clone`",
    note = "put `#[message]` or `#[derive(Clone)]` on `{Self}`, or wrap it in `Arc`"
)]
pub trait Share {
    /// A copy for another branch.
    fn share(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Share for T {
    fn share(&self) -> T {
        self.clone()
    }
}

/// The merge check: arms that go on together bring one type.
#[diagnostic::on_unimplemented(
    message = "this arm ends with `{Self}`, but the arms before it end with `{W}`",
    label = "ends with `{Self}`, not `{W}`",
    note = "arms that go on together bring one type: add a node to this arm that returns `{W}`, or end it with `drop`"
)]
pub trait Merges<W> {
    /// The value, as what the other arms end with.
    fn merge(self) -> W;
}

#[diagnostic::do_not_recommend]
impl<T> Merges<T> for T {
    #[inline]
    fn merge(self) -> T {
        self
    }
}

/// The loop check: what stands behind its `else` brings what the loop brings.
#[diagnostic::on_unimplemented(
    message = "the step behind `else` ends with `{Self}`, but the loop ends with `{W}`",
    label = "ends with `{Self}`, not `{W}`",
    note = "the loop's last node returns `Step::Done({W})`: let the step behind `else` return `{W}` as well"
)]
pub trait Replaces<W> {
    /// The value, as what the loop ends with.
    fn replace(self) -> W;
}

#[diagnostic::do_not_recommend]
impl<T> Replaces<T> for T {
    fn replace(self) -> T {
        self
    }
}

impl<T> M<T> {
    /// Takes the edge into the node `N`.
    #[inline]
    pub fn to<N: NodeDef>(self) -> To<N>
    where
        T: Fits<N::In, N>,
    {
        To { m: M { value: self.value.fit(), meta: self.meta } }
    }

    /// A clone for another branch.
    pub fn share(&self) -> Self
    where
        T: Share,
    {
        M { value: self.value.share(), meta: self.meta.clone() }
    }

    /// Leaves the flow `F` with its output.
    pub fn exit<W, F>(self) -> M<W>
    where
        T: Exits<W, F>,
    {
        M { value: self.value.exit(), meta: self.meta }
    }

    /// Ends the first arm that goes on: what it brings, the others must bring.
    pub fn first_end(self, _: &Ends<T>) -> M<T> {
        self
    }
}

/// Carries from arm to arm what the first one ended with.
#[derive(Debug)]
pub struct Ends<T>(PhantomData<T>);

impl<T> Ends<T> {
    /// Before the first arm.
    #[expect(clippy::new_without_default, reason = "only expansions make one")]
    pub const fn new() -> Self {
        Ends(PhantomData)
    }

    /// Of a list of those.
    pub fn list(self) -> Ends<Vec<T>> {
        Ends(PhantomData)
    }
}

/// Another arm's value before it goes on like the first one's. Both types are the receiver's: an argument's would be
/// inferred from the bound before it is compared.
#[derive(Debug)]
pub struct Meets<'e, T, W>(pub M<T>, pub &'e Ends<W>);

impl<T, W> Meets<'_, T, W> {
    /// Ends the arm.
    pub fn end(self) -> M<W>
    where
        T: Merges<W>,
    {
        M { value: self.0.value.merge(), meta: self.0.meta }
    }
}

/// The value of the step behind a loop's `else`, in the shape of [`Meets`].
#[derive(Debug)]
pub struct Instead<'e, T, W>(pub M<T>, pub &'e Ends<W>);

impl<T, W> Instead<'_, T, W> {
    /// Ends the loop.
    pub fn end(self) -> M<W>
    where
        T: Replaces<W>,
    {
        M { value: self.0.value.replace(), meta: self.0.meta }
    }
}

/// A value that has taken the edge into the node `N`.
pub struct To<N: NodeDef> {
    pub(crate) m: M<N::In>,
}

impl<N: NodeDef> To<N> {
    /// Asks whether arms may follow. A method of its own: a bound on one that gives a future is told twice.
    #[inline]
    pub fn choosing(self) -> Self
    where
        N: Router,
    {
        self
    }

    /// Runs the node.
    #[inline]
    pub fn run<'a, S>(self, cx: &'a Cx<'a, S>, place: u32) -> impl Future<Output = Ran<N::Out>> + Send + use<'a, N, S>
    where
        N: Node<S>,
        S: 'a,
    {
        N::run_as::<N>(cx, place, self.m)
    }

    /// Runs the node under the name, the policy and the limits of the `as` instance `I`.
    #[inline]
    pub fn run_as<'a, I, S>(
        self,
        cx: &'a Cx<'a, S>,
        place: u32,
    ) -> impl Future<Output = Ran<N::Out>> + Send + use<'a, N, I, S>
    where
        N: Node<S>,
        I: NodeDef<In = N::In, Out = N::Out, Yield = N::Yield>,
        S: 'a,
    {
        N::run_as::<I>(cx, place, self.m)
    }

    /// Runs the router as the instance `I` and chooses the arm.
    #[inline]
    pub fn route_as<'a, I, A, S>(
        self,
        cx: &'a Cx<'a, S>,
        place: u32,
    ) -> impl Future<Output = Result<N::Arms<A>, Stop>> + Send + use<'a, N, I, A, S>
    where
        N: Node<S>,
        I: NodeDef<In = N::In, Out = N::Out, Yield = N::Yield>,
        A: 'a,
        S: 'a,
    {
        N::route_as::<I, A>(cx, place, self.m)
    }

    /// Runs the router and chooses the arm. `A` holds the arms as the flow writes them.
    #[inline]
    pub fn route<'a, A, S>(
        self,
        cx: &'a Cx<'a, S>,
        place: u32,
    ) -> impl Future<Output = Result<N::Arms<A>, Stop>> + Send + use<'a, N, A, S>
    where
        N: Node<S>,
        A: 'a,
        S: 'a,
    {
        N::route_as::<N, A>(cx, place, self.m)
    }
}

/// The value after a mistake that was told: it takes every edge, so that nothing else turns red.
#[derive(Debug)]
pub struct Gone;

impl Gone {
    /// Takes the edge into the node `N`.
    pub fn to<N: NodeDef>(self) -> To<N> {
        unreachable()
    }

    /// A copy for another branch.
    pub fn share(&self) -> Self {
        Gone
    }

    /// Leaves the flow.
    pub fn exit<W, F>(self) -> M<W> {
        unreachable()
    }

    /// Ends an arm.
    pub fn end<W>(self, _: &Ends<W>) -> M<W> {
        unreachable()
    }
}

/// Stands where an expansion with a told mistake goes on, which never runs, and behind the last of all arms.
#[expect(clippy::panic, reason = "never reached by a program that compiles")]
pub fn unreachable<T>() -> T {
    panic!("this flow has a mistake that the compiler told")
}
