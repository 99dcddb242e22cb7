//! What stored runs of a flow rely on, its steps and their types, and which of it another build keeps. Reads no file.

mod types;

use crate::graph::topology::{FlowInfo, StepInfo, StepKind};
use schemars::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;

/// What stored runs of a flow rely on: at which place each step stands, what it is called, and what its type looks like. Made by
/// [`FlowInfo::stored`].
///
/// Prints as text, one step a line, and is read from it again by [`str::parse`]: kept beside the code, it tells at the next
/// change which stored runs would be stranded.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    steps: Vec<StoredStep>,
}

/// One step, or the flow itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct StoredStep {
    /// Its structural key, through sub-flows; the flow itself has none.
    place: String,
    kind: String,
    name: String,
    /// The place of the innermost loop around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    around: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    takes: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gives: Option<Value>,
}

/// Why stored runs cannot go on in another build, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Stranded {
    /// A step stands at another place.
    #[error(
        "`{name}` stood at place {from} and stands at {to} now: keep the order of the steps, and put new ones behind it or into a flow that is one step"
    )]
    Moved {
        /// The step.
        name: String,
        /// Its place in the stored runs.
        from: String,
        /// Its place now.
        to: String,
    },
    /// Another step stands at its place.
    #[error("place {place} was `{old}` and is `{new}` now: if it does the same, write `{new} as {old}`")]
    Replaced {
        /// The place.
        place: String,
        /// The step in the stored runs.
        old: String,
        /// The step now.
        new: String,
    },
    /// The step is gone.
    #[error("`{name}` at place {place} is gone, and runs may wait there: keep it until they have ended")]
    Gone {
        /// The step.
        name: String,
        /// Its place in the stored runs.
        place: String,
    },
    /// The step is something else: a map, a router, in another loop.
    #[error("`{name}` at place {place} was a {old} and is a {new} now: keep the old one until stored runs have ended")]
    Otherwise {
        /// The step.
        name: String,
        /// Its place.
        place: String,
        /// What it was.
        old: String,
        /// What it is.
        new: String,
    },
    /// What was stored there cannot be read any more.
    #[error("what is stored at {at} cannot be read any more: {why}")]
    Type {
        /// The step and its side.
        at: String,
        /// What does not fit.
        why: String,
    },
}

/// A text is no [`Stored`].
#[derive(Debug, thiserror::Error)]
#[error("line {line} tells no step: {source}")]
pub struct NotStored {
    /// The line, from 1.
    pub line: usize,
    source: serde_json::Error,
}

impl FlowInfo {
    /// What stored runs of the flow rely on. Docs, policies, budgets, drawings, the names of types and the order of fields are no
    /// part of it. A type without a JSON Schema, as [`#[message]`](macro@crate::message) gives one, is taken as it is.
    ///
    /// ```
    /// use penguiflow::prelude::*;
    /// use penguiflow::Stored;
    ///
    /// #[node]
    /// async fn clean(text: String) -> String { text }
    /// #[node]
    /// async fn count(text: String) -> usize { text.len() }
    /// flow! { first_build(String) -> usize { clean -> count } }
    /// flow! { next_build(String) -> usize { count } }
    ///
    /// let kept: Stored = first_build::flow().info().stored().to_string().parse()?;
    /// assert!(kept.stranded_by(&first_build::flow().info().stored()).is_empty());
    ///
    /// let stranded = kept.stranded_by(&next_build::flow().info().stored());
    /// assert!(stranded[0].to_string().starts_with("`clean` at place 0 is gone"));
    /// assert!(stranded[1].to_string().starts_with("`count` stood at place 1 and stands at 0 now"));
    /// # Ok::<(), penguiflow::NotStored>(())
    /// ```
    pub fn stored(&self) -> Stored {
        let (takes, gives) = (type_of(self.input), type_of(self.output));
        let whole = StoredStep {
            place: String::new(),
            kind: "flow".to_owned(),
            name: self.name.to_owned(),
            around: None,
            takes,
            gives,
        };
        let mut steps = vec![whole];
        collect(self, "", &mut steps);
        Stored { steps }
    }
}

impl Stored {
    /// What of these stored runs `new` cannot go on with, in the order of the steps. Steps that are new strand nothing.
    pub fn stranded_by(&self, new: &Stored) -> Vec<Stranded> {
        self.steps.iter().flat_map(|step| self.stranded(step, new)).collect()
    }

    /// A number that is the same for the same steps and types, in every build and on every machine.
    pub fn fingerprint(&self) -> u64 {
        let add = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        self.to_string().bytes().fold(0xcbf2_9ce4_8422_2325, add)
    }

    /// The steps of `new` that do not stand here as they stand there, in words. They strand nothing: runs of earlier builds
    /// know nothing of them.
    pub fn added_by(&self, new: &Stored) -> Vec<String> {
        let steps = new.steps.iter().filter(|step| !self.steps.contains(step));
        steps.map(StoredStep::title).collect()
    }

    fn at(&self, place: &str) -> Option<&StoredStep> {
        self.steps.iter().find(|step| step.place == place)
    }

    fn stranded(&self, old: &StoredStep, new: &Stored) -> Vec<Stranded> {
        let (place, name) = (old.place.clone(), old.name.clone());
        match new.at(&old.place) {
            // A flow may be called otherwise: its runs are found by what stores them.
            Some(step) if step.name == old.name || old.place.is_empty() => old.misfits(step),
            instead => {
                let inside = |step: &&StoredStep| step.name == old.name && self.at(&step.place) != Some(*step);
                vec![match (new.steps.iter().skip(1).find(inside), instead) {
                    (Some(to), _) => Stranded::Moved { name, from: place, to: to.place.clone() },
                    (None, Some(step)) if !self.steps.iter().any(|old| old.name == step.name) => {
                        Stranded::Replaced { place, old: name, new: step.name.clone() }
                    }
                    (None, _) => Stranded::Gone { name, place },
                }]
            }
        }
    }
}

impl StoredStep {
    /// What of this step cannot go on as `new`, which stands at the same place.
    fn misfits(&self, new: &StoredStep) -> Vec<Stranded> {
        if (&self.kind, self.around) != (&new.kind, new.around) {
            let (name, place) = (self.name.clone(), self.place.clone());
            return vec![Stranded::Otherwise { name, place, old: self.what(), new: new.what() }];
        }
        let side = |which: &str, old: &Option<Value>, new: &Option<Value>| {
            let name = match self.place.is_empty() {
                true => format!("what `{}` {which}", self.name),
                false => format!("place {}, what `{}` {which}", self.place, self.name),
            };
            let why = match (old, new) {
                (Some(old), Some(new)) => types::misfits(old, new, "it"),
                (Some(_), None) => vec!["its type has no JSON Schema any more: put `#[message]` on it".to_owned()],
                (None, _) => Vec::new(),
            };
            why.into_iter().map(move |why| Stranded::Type { at: name.clone(), why }).collect::<Vec<_>>()
        };
        [side("takes", &self.takes, &new.takes), side("gives", &self.gives, &new.gives)].concat()
    }

    fn title(&self) -> String {
        match self.place.is_empty() {
            true => format!("flow `{}`", self.name),
            false => format!("place {}, {} `{}`", self.place, self.kind, self.name),
        }
    }

    fn what(&self) -> String {
        match self.around {
            Some(around) => format!("{} in the loop {around}", self.kind),
            None => self.kind.clone(),
        }
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| {
            let line = serde_json::to_string(step).map_err(|_| fmt::Error)?;
            writeln!(f, "{line}")
        })
    }
}

impl FromStr for Stored {
    type Err = NotStored;

    fn from_str(text: &str) -> Result<Self, NotStored> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let step = |(at, line)| serde_json::from_str(line).map_err(|source| NotStored { line: at + 1, source });
        lines.map(step).collect::<Result<_, _>>().map(|steps| Stored { steps })
    }
}

/// The steps of `flow` that have a place, which lies at `around`, and those of its sub-flows.
fn collect(flow: &FlowInfo, around: &str, steps: &mut Vec<StoredStep>) {
    for step in flow.steps {
        let Some(place) = step.place else { continue };
        let place = format!("{around}{place}");
        steps.push(StoredStep {
            place: place.clone(),
            kind: kind(step).to_owned(),
            name: step.name.to_owned(),
            around: step.around,
            takes: type_of(step.input),
            gives: type_of(step.output),
        });
        if let Some(inner) = step.flow {
            collect(inner, &format!("{place}/"), steps);
        }
    }
}

fn kind(step: &StepInfo) -> &'static str {
    match step.kind {
        StepKind::Input => "input",
        StepKind::Output => "output",
        StepKind::Drop => "drop",
        StepKind::Node if step.flow.is_some() => "flow",
        StepKind::Node if step.turns.is_some() => "controller",
        StepKind::Node => "node",
        StepKind::Router => "router",
        StepKind::Map { .. } => "map",
        StepKind::Join => "join",
        StepKind::First => "first",
        StepKind::Settle => "settle",
        StepKind::JoinK { .. } => "join_k",
    }
}

fn type_of(schema: Option<fn() -> Schema>) -> Option<Value> {
    schema.map(|schema| types::plain(schema().as_value()))
}
