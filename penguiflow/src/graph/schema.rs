//! Asks at compile time whether a type has a JSON Schema, without asking for one.

use schemars::{JsonSchema, Schema, schema_for};
use std::marker::PhantomData;

/// The question about `T`. `SchemaOf::<T>::SCHEMA` is the answer, with [`NoSchema`] in scope: an inherent constant wins
/// over a trait's where its bound holds.
#[derive(Debug)]
pub struct SchemaOf<T>(PhantomData<T>);

impl<T: JsonSchema> SchemaOf<T> {
    /// The schema of a type that has one.
    pub const SCHEMA: Option<fn() -> Schema> = Some(|| schema_for!(T));
}

/// The answer for a type without a schema.
pub trait NoSchema {
    /// None.
    const SCHEMA: Option<fn() -> Schema> = None;
}

impl<T> NoSchema for SchemaOf<T> {}

#[cfg(test)]
mod tests {
    use super::{NoSchema as _, SchemaOf};

    struct Plain;

    #[test]
    fn a_type_with_a_schema_gives_it_and_any_other_type_none() {
        let schema = SchemaOf::<u8>::SCHEMA.map(|schema| schema());
        assert!(schema.is_some_and(|schema| schema.get("type") == Some(&"integer".into())));
        assert!(SchemaOf::<Plain>::SCHEMA.is_none());
    }
}
