//! Brings rules of the `garde` crate behind our own trait. Must not know which rules there are.

use super::Violations;

/// Checks a value by its `garde` rules, in the default context.
///
/// This is the body of a [`Validate`](super::Validate) impl for a type that derives `garde::Validate`; `#[message(garde)]` writes that impl.
/// The derive names its own crate as `::garde` and cannot be told another path, so whoever uses it lists
/// `garde = "0.23"` among the dependencies, with the features of the rules wanted
/// (`email`, `url`, `regex`, …).
///
/// ```
/// use penguiflow::validate::{Validate, Violations, by_garde};
///
/// #[derive(garde::Validate)]
/// struct Question {
///     #[garde(length(min = 1))]
///     text: String,
/// }
///
/// impl Validate for Question {
///     fn validate(&self) -> Result<(), Violations> {
///         by_garde(self)
///     }
/// }
///
/// let breach = Question { text: String::new() }.validate().unwrap_err();
/// assert_eq!(breach.to_string(), "text: length is lower than 1");
/// ```
///
/// # Errors
///
/// Every broken rule, in the order of the fields' names.
pub fn by_garde<T>(value: &T) -> Result<(), Violations>
where
    T: ::garde::Validate<Context: Default> + ?Sized,
{
    value.validate().map_err(Violations::from)
}

impl From<::garde::Report> for Violations {
    fn from(report: ::garde::Report) -> Self {
        report.iter().fold(Self::new(), |found, (path, error)| found.with(path.to_string(), error.message()))
    }
}
