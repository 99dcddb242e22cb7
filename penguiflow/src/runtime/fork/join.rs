//! Puts what the branches ended with together: a tuple, or the first few of one type.

use crate::graph::value::M;
use crate::message::Meta;

/// The values of all branches as one tuple, in branch order; of two metas with one key the earlier branch's entry stays.
pub trait Joined {
    /// The tuple of the payloads.
    type Out;

    /// Puts the branches together.
    fn joined(self) -> M<Self::Out>;
}

macro_rules! joined {
    ($($value:ident $branch:ident),+) => {
        impl<$($branch),+> Joined for ($(M<$branch>,)+) {
            type Out = ($($branch,)+);

            fn joined(self) -> M<Self::Out> {
                let ($($value,)+) = self;
                let mut meta = Meta::default();
                $(meta.merge(&$value.meta);)+
                M { value: ($($value.value,)+), meta }
            }
        }
    };
}

joined!(a A, b B);
joined!(a A, b B, c C);
joined!(a A, b B, c C, d D);
joined!(a A, b B, c C, d D, e E);
joined!(a A, b B, c C, d D, e E, f F);
joined!(a A, b B, c C, d D, e E, f F, g G);
joined!(a A, b B, c C, d D, e E, f F, g G, h H);
joined!(a A, b B, c C, d D, e E, f F, g G, h H, i I);
joined!(a A, b B, c C, d D, e E, f F, g G, h H, i I, j J);
joined!(a A, b B, c C, d D, e E, f F, g G, h H, i I, j J, k K);
joined!(a A, b B, c C, d D, e E, f F, g G, h H, i I, j J, k K, l L);

/// The `join_k` check: branches of one type.
#[diagnostic::on_unimplemented(
    message = "`join_k` collects values of one type, but this branch ends with `{Self}` and the first one with `{W}`",
    label = "ends with `{Self}`, not `{W}`",
    note = "let each branch end with `{W}`, or write `join`, which gives a tuple"
)]
pub trait Agrees<W> {
    /// The value, as what the first branch ends with.
    fn agree(self) -> W;
}

#[diagnostic::do_not_recommend]
impl<T> Agrees<T> for T {
    fn agree(self) -> T {
        self
    }
}

/// The `first` check: branches of one type.
#[diagnostic::on_unimplemented(
    message = "`first` gives a value of one type, but this branch ends with `{Self}` and the first one with `{W}`",
    label = "ends with `{Self}`, not `{W}`",
    note = "let each branch end with `{W}`, or write `join`, which gives a tuple"
)]
pub trait Competes<W> {
    /// The value, as what the first branch ends with.
    fn compete(self) -> W;
}

#[diagnostic::do_not_recommend]
impl<T> Competes<T> for T {
    fn compete(self) -> T {
        self
    }
}

/// The first few values of the branches of one type.
#[derive(Debug)]
pub struct Picks<T> {
    values: Vec<T>,
    meta: Meta,
    wanted: usize,
}

impl<T> Picks<T> {
    /// Starts with what the first branch ended with.
    pub fn of(wanted: usize, first: Option<M<T>>) -> Self {
        let picks = Picks { values: Vec::with_capacity(wanted), meta: Meta::default(), wanted };
        picks.with(first)
    }

    fn with(mut self, m: Option<M<T>>) -> Self {
        if let Some(m) = m
            && self.values.len() < self.wanted
        {
            self.values.push(m.value);
            self.meta.merge(&m.meta);
        }
        self
    }

    /// The one value that was asked for. Call it when the fork's `first` is done.
    pub fn one(mut self) -> M<T> {
        match self.values.pop() {
            Some(value) => M { value, meta: self.meta },
            None => unreachable!("a `first` is done when one of its branches has a value"),
        }
    }

    /// The picked values, in branch order.
    pub fn done(self) -> M<Vec<T>> {
        M { value: self.values, meta: self.meta }
    }
}

/// What a further branch ended with, and the values of the branches before. Both types are the receiver's: an argument's
/// would be inferred from the bound before it is compared.
#[derive(Debug)]
pub struct Pick<U, T>(pub Option<M<U>>, pub Picks<T>);

impl<U, T> Pick<U, T> {
    /// Takes the value if no branch before has one.
    pub fn race(self) -> Picks<T>
    where
        U: Competes<T>,
    {
        self.1.with(self.0.map(|m| M { value: m.value.compete(), meta: m.meta }))
    }

    /// Adds the value to those of the branches before.
    pub fn put(self) -> Picks<T>
    where
        U: Agrees<T>,
    {
        self.1.with(self.0.map(|m| M { value: m.value.agree(), meta: m.meta }))
    }
}
