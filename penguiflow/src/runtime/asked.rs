//! Asks at compile time what a type is, without asking it to be that.
//!
//! An inherent constant wins over a trait's where its bound holds. So with [`AskedNot`] in scope each constant of
//! [`Asked`] is the right answer for each type; and an expansion that chooses by it has one error to tell, not one for
//! each place that takes the type for what it is not.

use crate::runtime::judge::Fallible;
use crate::runtime::route::Routed;
use std::future::{Future, Pending, pending};
use std::marker::PhantomData;

/// The questions about `T`.
#[derive(Debug)]
pub struct Asked<T>(PhantomData<T>);

impl<T: Send> Asked<T> {
    /// It can be sent to another thread.
    pub const IS_SEND: bool = true;
}

impl<T: Routed> Asked<T> {
    /// It has arms.
    pub const HAS_ARMS: bool = true;
}

impl<T: Fallible> Asked<T> {
    /// It is a `Result`.
    pub const IS_RESULT: bool = true;
}

/// The answers for a type that is none of this.
pub trait AskedNot {
    /// It cannot.
    const IS_SEND: bool = false;
    /// It has none.
    const HAS_ARMS: bool = false;
    /// It is none.
    const IS_RESULT: bool = false;
}

impl<T> AskedNot for Asked<T> {}

// === what is chosen by the answers ===

/// A node's run, by whether its message can be sent. One that cannot was told so, and never runs.
#[derive(Debug)]
pub struct Carrier<const IS_SEND: bool>;

/// Hands a run on.
pub trait Carry<F: Future> {
    /// The run, or one that never ends and can be sent.
    type Carried: Future<Output = F::Output>;

    /// Hands it on.
    fn carry(run: F) -> Self::Carried;
}

impl<F: Future> Carry<F> for Carrier<true> {
    type Carried = F;

    #[inline]
    fn carry(run: F) -> F {
        run
    }
}

impl<F: Future> Carry<F> for Carrier<false> {
    type Carried = Pending<F::Output>;

    fn carry(_: F) -> Pending<F::Output> {
        pending()
    }
}

/// What a function returns, by whether it is a `Result`.
#[derive(Debug)]
pub struct Returned<const IS_RESULT: bool>;

/// The value of a return type `R`: what is in the `Result`, or `R` itself.
pub trait ValueOf<R> {
    /// The value.
    type Value;
}

impl<R: Fallible> ValueOf<R> for Returned<true> {
    type Value = R::Value;
}

impl<R> ValueOf<R> for Returned<false> {
    type Value = R;
}
