//! Which changes of a type leave what was stored readable.

use super::{misfits, plain};
use schemars::{JsonSchema, schema_for};
use serde_json::Value;

fn of<T: JsonSchema>() -> Value {
    plain(schema_for!(T).as_value())
}

fn why<Old: JsonSchema, New: JsonSchema>() -> Vec<String> {
    misfits(&of::<Old>(), &of::<New>(), "it")
}

mod before {
    use super::JsonSchema;

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is asked for")]
    pub(super) struct Draft {
        pub(super) text: String,
        pub(super) tags: Vec<Tag>,
    }
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is asked for")]
    pub(super) struct Tag(pub(super) u32, pub(super) Option<Box<Draft>>);
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is asked for")]
    pub(super) enum Verdict {
        Good(Draft),
        Thin { text: String },
        Refuse,
        Later,
    }
}

mod after {
    use super::JsonSchema;

    /// Now with docs.
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is asked for")]
    pub(super) struct Sketch {
        /// The labels.
        pub(super) tags: Vec<Label>,
        #[schemars(default)]
        pub(super) lang: String,
        pub(super) text: String,
    }
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is asked for")]
    pub(super) struct Label(pub(super) u32, pub(super) Option<Box<Sketch>>);
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is asked for")]
    pub(super) struct Needy {
        pub(super) text: u64,
        pub(super) lang: String,
    }
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is asked for")]
    pub(super) enum Verdict {
        Later,
        Good(super::before::Draft),
        New,
        Thin { text: bool },
    }
}

#[test]
fn names_docs_order_and_fields_with_a_default_leave_a_type_readable() {
    assert_eq!(why::<before::Draft, before::Draft>(), [""; 0]);
    assert_eq!(why::<before::Draft, after::Sketch>(), [""; 0]);
    assert_eq!(why::<after::Sketch, before::Draft>(), [""; 0], "what is not known is skipped");
    assert_eq!(why::<u32, Option<u32>>(), [""; 0]);
    assert_eq!(why::<u32, Value>(), [""; 0]);
    assert_eq!(of::<before::Tag>(), of::<before::Tag>());
}

#[test]
fn each_field_and_variant_that_cannot_be_read_is_told() {
    assert_eq!(
        why::<before::Draft, after::Needy>(),
        ["`it.lang` is needed now: give it `#[serde(default)]`", "`it.text` was string, and is integer (uint64) now"]
    );
    let mut lines = why::<before::Verdict, after::Verdict>();
    lines.sort();
    assert_eq!(lines, ["`it.Thin.text` was string, and is boolean now", "`it` has no `Refuse` any more"]);
    assert_eq!(why::<u32, String>(), ["`it` was integer (uint32), and is string now"]);
    assert_eq!(why::<Vec<u32>, Vec<bool>>(), ["`it[]` was integer (uint32), and is boolean now"]);
    assert_eq!(why::<(u32, bool), (u32, u32)>().len(), 1);
    assert_eq!(why::<Option<u32>, u32>().len(), 1);
}
