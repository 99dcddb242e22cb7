//! The arms of the enums that everybody knows: `Option`, `Result`, `bool`. Written here because nobody can put
//! `#[message]` on them.

use super::{Passes, PassesInput, PassesNothing, Routable, Routed, arm};
use crate::graph::variants::Variants;
use crate::message::Meta;

/// The mirrors bear the names of what they mirror, since rustc names them when an arm is missing.
mod arms {
    use crate::graph::value::M;

    /// `Some` gets the value, `None` the router's input.
    #[derive(Debug)]
    #[allow(clippy::exhaustive_enums, reason = "expansions match on it")]
    pub enum Option<T, In> {
        /// The value.
        Some(M<T>),
        /// The router's input.
        None(M<In>),
    }

    /// `Ok` gets the value, `Err` the error.
    #[derive(Debug)]
    #[allow(clippy::exhaustive_enums, reason = "expansions match on it")]
    pub enum Result<T, E> {
        /// The value.
        Ok(M<T>),
        /// The error.
        Err(M<E>),
    }

    /// Both get the router's input.
    #[derive(Debug)]
    #[allow(non_camel_case_types, reason = "the arms are called as they are written")]
    #[allow(clippy::exhaustive_enums, reason = "expansions match on it")]
    pub enum bool<In> {
        /// The router's input.
        r#true(M<In>),
        /// The router's input.
        r#false(M<In>),
    }
}

impl<T> Routable for Option<T> {}

impl<T> Routed for Option<T> {
    type Arms<In> = arms::Option<T, In>;
    type Passes = PassesInput;
    const VARIANTS: Option<Variants> = Some(Variants { of: "Option", all: &["Some", "None"] });

    fn arms<In>(self, input: In, meta: Meta) -> arms::Option<T, In> {
        match self {
            Some(value) => arms::Option::Some(arm(value, meta)),
            None => arms::Option::None(arm(input, meta)),
        }
    }
}

impl<T, E> Routable for Result<T, E> {}

impl<T, E> Routed for Result<T, E> {
    type Arms<In> = arms::Result<T, E>;
    type Passes = PassesNothing;
    const VARIANTS: Option<Variants> = Some(Variants { of: "Result", all: &["Ok", "Err"] });

    fn arms<In>(self, (): <PassesNothing as Passes>::Kept<In>, meta: Meta) -> arms::Result<T, E> {
        match self {
            Ok(value) => arms::Result::Ok(arm(value, meta)),
            Err(error) => arms::Result::Err(arm(error, meta)),
        }
    }
}

impl Routable for bool {}

impl Routed for bool {
    type Arms<In> = arms::bool<In>;
    type Passes = PassesInput;
    const VARIANTS: Option<Variants> = Some(Variants { of: "bool", all: &["true", "false"] });

    fn arms<In>(self, input: In, meta: Meta) -> arms::bool<In> {
        if self { arms::bool::r#true(arm(input, meta)) } else { arms::bool::r#false(arm(input, meta)) }
    }
}
