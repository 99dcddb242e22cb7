//! How a node borrows what it shares with others: clients, pools, settings.

/// A borrow from the flow's state, as a node's parameter.
///
/// ```
/// use penguiflow::prelude::*;
///
/// struct Index(Vec<String>);
///
/// #[derive(Provides)]
/// struct App { index: Index }
///
/// #[node]
/// async fn search(word: String, State(index): State<'_, Index>) -> usize {
///     index.0.iter().filter(|line| line.contains(&word)).count()
/// }
/// ```
#[derive(Debug)]
pub struct State<'a, T>(pub &'a T);

impl<T> Clone for State<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for State<'_, T> {}

impl<T> std::ops::Deref for State<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

/// A state that can lend a `T` to a node. `#[derive(Provides)]` writes one for each field.
#[diagnostic::on_unimplemented(
    message = "the flow's state `{Self}` provides no `{T}`",
    label = "provides no `{T}`",
    note = "add a field of type `{T}` to a struct with `#[derive(Provides)]` and hand it to `.with_state(…)`"
)]
pub trait Provides<T> {
    /// Lends the `T`.
    fn provide(&self) -> &T;
}
