//! Asks at compile time what a type is, without asking it to be that.
//!
//! An inherent constant wins over a trait's where its bound holds. So with [`AskedNot`] in scope each constant of
//! [`Asked`] is the right answer for each type; and an expansion that chooses by it has one error to tell, not one for
//! each place that takes the type for what it is not.

use crate::graph::edge::Gone;
use crate::graph::node::NodeDef;
use crate::graph::routing::RoutingPolicy;
use crate::runtime::judge::Fallible;
use crate::runtime::route::Routed;
use std::marker::PhantomData;

/// The questions about `T`.
#[derive(Debug)]
pub struct Asked<T>(PhantomData<T>);

impl<T: NodeDef> Asked<T> {
    /// It is a node.
    pub const IS_NODE: bool = true;
}

impl<T: RoutingPolicy> Asked<T> {
    /// It is a routing policy.
    pub const IS_POLICY: bool = true;
}

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

impl<T> Asked<Vec<T>> {
    /// It is a `Vec`.
    pub const IS_VEC: bool = true;
}

/// The answers for a type that is none of this.
pub trait AskedNot {
    /// It is none.
    const IS_NODE: bool = false;
    /// It is none.
    const IS_POLICY: bool = false;
    /// It cannot.
    const IS_SEND: bool = false;
    /// It has none.
    const HAS_ARMS: bool = false;
    /// It is none.
    const IS_RESULT: bool = false;
    /// It is none.
    const IS_VEC: bool = false;
}

impl<T> AskedNot for Asked<T> {}

// === what is chosen by the answers ===

/// A type under a condition: [`holds`] tells the one error where it is not met, and then rustc knows that the type is
/// broken and says nothing more about whatever mentions it.
pub type If<const MET: bool, T> = <Met<MET> as Stands<T>>::Type;

/// Whether a condition is met.
#[derive(Debug)]
pub struct Met<const MET: bool>;

/// The type itself.
pub trait Stands<T> {
    /// The type.
    type Type;
}

impl<T> Stands<T> for Met<true> {
    type Type = T;
}

/// A condition, with what to say where it is not met.
#[track_caller]
pub const fn holds(met: bool, words: &str) -> bool {
    assert!(met, "{}", words);
    true
}

/// A type of a flow's header: the type itself, or a stand-in for one that cannot be sent.
pub type Carried<const IS_SEND: bool, T> = <Carrier<IS_SEND> as Carries<T>>::Type;

/// A type of a flow's header, by whether it can be sent. One that cannot is told at the node that takes or returns it.
#[derive(Debug)]
pub struct Carrier<const IS_SEND: bool>;

/// What the header means.
pub trait Carries<T> {
    /// The type, or a stand-in.
    type Type;
}

impl<T> Carries<T> for Carrier<true> {
    type Type = T;
}

impl<T> Carries<T> for Carrier<false> {
    type Type = Gone;
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
