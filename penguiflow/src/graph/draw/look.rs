//! What each kind of thing looks like, in either language: its colour and the name of its class.

use crate::graph::draw::Heat;

/// What a step is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Endpoint,
    Node,
    /// A node that decides whether a loop goes on.
    Loop,
    Flow,
    Router,
    Map,
    Gather,
    Drop,
}

/// A class of steps that have a colour of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) name: &'static str,
    pub(super) fill: &'static str,
    pub(super) line: &'static str,
}

const fn class(name: &'static str, fill: &'static str, line: &'static str) -> Class {
    Class { name, fill, line }
}

const ENDPOINT: Class = class("endpoint", "#dbeafe", "#2563eb");
const LOOP: Class = class("controller_loop", "#fef3c7", "#d97706");
const FLOW: Class = class("sub_flow", "#f1f5f9", "#475569");
const ROUTER: Class = class("router", "#ede9fe", "#7c3aed");
const MAP: Class = class("map", "#ecfdf5", "#059669");
const GATHER: Class = class("gather", "#f0f9ff", "#0284c7");
const DROP: Class = class("drop", "#fee2e2", "#dc2626");
const IDLE: Class = class("idle", "#e5e7eb", "#9ca3af");
const CALM: Class = class("calm", "#bbf7d0", "#16a34a");
const WARM: Class = class("warm", "#fde68a", "#ca8a04");
const HOT: Class = class("hot", "#fca5a5", "#b91c1c");

/// All classes, in the order in which they are told.
pub(super) const CLASSES: &[Class] = &[ENDPOINT, LOOP, FLOW, ROUTER, MAP, GATHER, DROP, IDLE, CALM, WARM, HOT];

/// The colour of a text on each of them, also where the page is dark.
pub(super) const INK: &str = "#111827";

/// The class of a step.
pub(super) fn class_of(form: Form, heat: Option<Heat>) -> Option<Class> {
    match (heat, form) {
        (Some(Heat::Idle), _) => Some(IDLE),
        (Some(Heat::Calm), _) => Some(CALM),
        (Some(Heat::Warm), _) => Some(WARM),
        (Some(Heat::Hot), _) => Some(HOT),
        (None, Form::Node) => None,
        (None, Form::Endpoint) => Some(ENDPOINT),
        (None, Form::Loop) => Some(LOOP),
        (None, Form::Flow) => Some(FLOW),
        (None, Form::Router) => Some(ROUTER),
        (None, Form::Map) => Some(MAP),
        (None, Form::Gather) => Some(GATHER),
        (None, Form::Drop) => Some(DROP),
    }
}
