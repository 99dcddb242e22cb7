//! What a node that takes batches looks like, and how its results are taken apart. Runs nothing.

use crate::error::BoxError;
use crate::graph::node::NodeDef;
use crate::runtime::asked::Returned;
use crate::runtime::judge::{Fallible, Leaves};

/// A node that takes a `Vec` and returns one.
pub trait TakesBatch: NodeDef<In = Vec<Self::Item>, Out = Vec<Self::Each>> {
    /// What one trace brings.
    type Item: Send + 'static;
    /// What the node returns for one trace.
    type Each: Send + 'static;
}

impl<N, T, U> TakesBatch for N
where
    N: NodeDef<In = Vec<T>, Out = Vec<U>>,
    T: Send + 'static,
    U: Send + 'static,
{
    type Item = T;
    type Each = U;
}

/// The batch check: what arrives is one item of what the node takes.
#[diagnostic::on_unimplemented(
    message = "`{N}` takes batches of `{W}`, but gets `{Self}`",
    label = "takes a `Vec<{W}>` from many traces, but gets `{Self}`",
    note = "each trace brings one item: put a node between the two that turns `{Self}` into `{W}`"
)]
pub trait FitsItem<W, N: ?Sized> {
    /// The value, as an item of what the node takes.
    fn fit_item(self) -> W;
}

#[diagnostic::do_not_recommend]
impl<T, N: ?Sized> FitsItem<T, N> for T {
    fn fit_item(self) -> T {
        self
    }
}

/// One result of a batch, by whether it is a `Result`: a value, or the error of one trace alone.
pub trait PartOf<U> {
    /// The value.
    type Value: Send + 'static;

    /// Takes the result apart.
    fn part(each: U) -> Result<Self::Value, BoxError>;
}

impl<R> PartOf<R> for Returned<true>
where
    R: Fallible<Value: Send + 'static, Error: Leaves>,
{
    type Value = R::Value;

    fn part(each: R) -> Result<R::Value, BoxError> {
        each.into_result().map_err(Leaves::leave)
    }
}

impl<U: Send + 'static> PartOf<U> for Returned<false> {
    type Value = U;

    fn part(each: U) -> Result<U, BoxError> {
        Ok(each)
    }
}
