//! Reads what a fallible node returned: its value, or its error with what the error's type says about retrying.

use crate::error::{BoxError, Classify, ErrorClass, ErrorKind, NodeError};
use crate::validate::Validate;
use std::time::Duration;

/// A node's `Result`, under whatever alias.
#[diagnostic::on_unimplemented(
    message = "a fallible node returns a `Result`, but `{Self}` is none",
    label = "no `Result`",
    note = "return `Result<T, E>`, or take `fallible` out of the attribute"
)]
pub trait Fallible {
    /// What the node returns when it succeeds.
    type Value;
    /// What the node returns when it fails.
    type Error;

    /// The `Result` itself.
    fn into_result(self) -> Result<Self::Value, Self::Error>;
}

impl<T, E> Fallible for Result<T, E> {
    type Value = T;
    type Error = E;

    fn into_result(self) -> Result<T, E> {
        self
    }
}

/// What an error says about another attempt.
pub(crate) type Class = (ErrorClass, Option<Duration>);

/// Asks an error's type whether it classifies itself: method lookup finds [`ByClassify`] first, and [`ByDefault`] one
/// reference later.
#[derive(Debug)]
pub struct Judge<'e, E>(pub &'e E);

/// The error's own word.
pub trait ByClassify {
    /// What the error says.
    fn classified(&self) -> Class;
}

impl<E: Classify> ByClassify for Judge<'_, E> {
    fn classified(&self) -> Class {
        (self.0.class(), self.0.retry_after())
    }
}

/// The default where the type says nothing.
pub trait ByDefault {
    /// Another attempt may help.
    fn classified(&self) -> Class;
}

impl<E> ByDefault for &Judge<'_, E> {
    fn classified(&self) -> Class {
        (ErrorClass::Retry, None)
    }
}

/// A function that `retry_if` may name.
#[diagnostic::on_unimplemented(
    message = "`retry_if` asks a function from `&{E}` to `bool`, and this is none",
    label = "takes no `&{E}`, or returns no `bool`",
    note = "write `fn is_transient(error: &{E}) -> bool`"
)]
pub trait AsksOf<E> {
    /// Whether another attempt may help.
    fn ask(self, error: &E) -> bool;
}

#[diagnostic::do_not_recommend]
impl<E, F: FnOnce(&E) -> bool> AsksOf<E> for F {
    fn ask(self, error: &E) -> bool {
        self(error)
    }
}

impl<E> Judge<'_, E> {
    /// What `retry_if` says. How long to wait is still the error's own word.
    pub fn by(self, predicate: impl AsksOf<E>, (_, retry_after): Class) -> Class {
        (if predicate.ask(self.0) { ErrorClass::Retry } else { ErrorClass::Fatal }, retry_after)
    }
}

/// Checks a message against its own rules.
pub fn valid<T: Validate>(value: &T) -> Result<(), NodeError> {
    value.validate().map_err(|violations| NodeError::fatal(ErrorKind::Invalid(violations)))
}

/// Checks a message that a node returns.
pub fn validated<T: Validate>(value: T) -> Result<T, NodeError> {
    valid(&value)?;
    Ok(value)
}

/// An error type that may leave a node.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot leave a node as an error",
    label = "no error that can be sent and kept",
    note = "implement `std::error::Error` for `{Self}`; it must be `Send + Sync + 'static`"
)]
pub trait Leaves {
    /// The error, as the runtime keeps it.
    fn leave(self) -> BoxError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<BoxError>> Leaves for E {
    fn leave(self) -> BoxError {
        self.into()
    }
}

/// The error of one attempt.
pub fn failed<E: Leaves>(error: E, (class, retry_after): Class) -> NodeError {
    NodeError::new(error.leave()).with_class(class).with_retry_after(retry_after)
}
