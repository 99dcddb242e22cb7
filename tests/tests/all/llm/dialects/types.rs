//! Types of each kind that serde and schemars know, as models are asked for them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) count: i64,
    pub(crate) note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// As soon as can be.
    Now,
    Later,
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) struct Order {
    /// What is wanted.
    pub(crate) items: Vec<Item>,
    pub(crate) kind: Kind,
    /// What else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) also: Option<Item>,
    #[serde(default = "three")]
    pub(crate) tries: i64,
}

fn three() -> i64 {
    3
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) struct Tree {
    #[serde(default)]
    pub(crate) size: i64,
    pub(crate) children: Vec<Tree>,
    pub(crate) parent: Option<Box<Tree>>,
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) struct Maps {
    pub(crate) by_name: BTreeMap<String, Item>,
    #[serde(default)]
    pub(crate) numbers: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) enum Event {
    Gone,
    Said(String),
    Seen(Item),
    Moved {
        by: Option<f64>,
        #[serde(default)]
        fast: bool,
    },
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Tagged {
    Item(Item),
    Far {
        by: i64,
        #[serde(default)]
        fast: bool,
    },
    Near {
        by: Option<i64>,
    },
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
pub(crate) enum Adjacent {
    One(Item),
    Two { a: Option<i64> },
    Three,
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) other: i64,
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Loose {
    Item(Item),
    Note(Note),
    Word(String),
    Numbers(Vec<i64>),
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) struct Flat {
    pub(crate) id: i64,
    #[serde(flatten)]
    pub(crate) what: Tagged,
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) enum Expression {
    Number(f64),
    Sum(Vec<Expression>),
    Named {
        #[serde(default)]
        name: String,
        of: Box<Option<Expression>>,
    },
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) struct Pair {
    pub(crate) pair: (i64, String),
}

#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize, Deserialize)]
pub(crate) struct Everything {
    pub(crate) order: Order,
    pub(crate) tree: Option<Tree>,
    pub(crate) events: Vec<Event>,
    #[serde(default)]
    pub(crate) maps: Vec<Maps>,
    /// How it was put.
    pub(crate) loose: Loose,
    pub(crate) maybe: Option<Vec<Option<Item>>>,
    #[serde(flatten)]
    pub(crate) note: Note,
}
