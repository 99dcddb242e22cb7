//! What a value has to hold beyond its type, and how a breach is told. Must not know when the runtime asks.

use std::fmt;

use serde::{Deserialize, Serialize};

#[cfg(feature = "garde")]
mod garde;
mod shapes;
#[cfg(not(feature = "garde"))]
pub(crate) mod ungarded;

#[cfg(feature = "garde")]
pub use garde::by_garde;

/// Checks a value against rules that its type cannot express.
///
/// A node with `validate` checks its input before the first attempt; a breach fails the trace and is never retried, since
/// the same value breaks the same rule again.
///
/// ```
/// use penguiflow::validate::{Validate, Violations};
///
/// struct Question { text: String }
///
/// impl Validate for Question {
///     fn validate(&self) -> Result<(), Violations> {
///         let mut found = Violations::new();
///         if self.text.is_empty() {
///             found.push("text", "is empty");
///         }
///         found.into_result()
///     }
/// }
///
/// let breach = Question { text: String::new() }.validate().unwrap_err();
/// assert_eq!(breach.to_string(), "text: is empty");
/// ```
///
/// Rules by attributes come from the `garde` crate: see the feature `garde` and its `by_garde`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no rules to be checked by",
    label = "this is to be validated, but does not implement `Validate`",
    note = "write `impl penguiflow::Validate for {Self}`, or `#[message(garde)]` with the feature `garde`"
)]
pub trait Validate {
    /// Tells every rule that is broken, not only the first.
    ///
    /// # Errors
    ///
    /// The violations; at least one.
    fn validate(&self) -> Result<(), Violations>;
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Violation {
    /// Which part of the value, as `items[3].text`; empty for the value as a whole.
    pub path: String,
    /// What is wrong with it. Must not quote the value: this ends in logs.
    pub message: String,
}

/// The broken rules of one value, in the order in which they were found. Serialised as a list.
///
/// ```
/// use penguiflow::validate::Violations;
///
/// let found = Violations::new().with("text", "length is lower than 1").with("", "is out of date");
/// assert_eq!(found.to_string(), "text: length is lower than 1; is out of date");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Starts an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a broken rule, to be written in a chain.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, message: impl Into<String>) -> Self {
        self.push(path, message);
        self
    }

    /// Adds a broken rule.
    pub fn push(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Violation { path: path.into(), message: message.into() });
    }

    /// Adds what a part of the value reported, each path continued from `path`.
    ///
    /// ```
    /// use penguiflow::validate::Violations;
    ///
    /// let mut found = Violations::new();
    /// found.absorb("items[3]", Err(Violations::new().with("text", "is empty")));
    /// assert_eq!(found.to_string(), "items[3].text: is empty");
    /// ```
    pub fn absorb(&mut self, path: &str, part: Result<(), Self>) {
        let Err(part) = part else { return };
        self.0.extend(part.0.into_iter().map(|Violation { path: rest, message }| {
            let separator = if path.is_empty() || rest.is_empty() || rest.starts_with('[') { "" } else { "." };
            Violation { path: format!("{path}{separator}{rest}"), message }
        }));
    }

    /// Ends a check: fails where a rule is broken.
    ///
    /// # Errors
    ///
    /// The list itself, unless it is empty.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Goes through the broken rules in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// Counts the broken rules.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether no rule is broken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests;
