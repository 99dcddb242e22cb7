//! Finds started flows by name: for programs that choose while they run which flow a node calls. The one place where the types
//! of a playbook are erased.

use crate::graph::near::{listed, nearest};
use crate::graph::node::FlowDef;
use crate::graph::topology::FlowInfo;
use crate::runtime::handle::Handle;
use crate::runtime::playbook::Playbook;
use std::any::{Any, type_name};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Started flows by name. What is linked into a program is listed by [`flows()`](crate::flows); what can be run is what was
/// put in here.
///
/// It is a value like any other: fill it, put it into a state, and let a node [`call`](crate::Ctx::call) what it finds.
///
/// ```
/// use penguiflow::Registry;
/// use penguiflow::prelude::*;
///
/// #[node]
/// fn to_upper(text: String) -> String { text.to_uppercase() }
/// #[node]
/// fn to_lower(text: String) -> String { text.to_lowercase() }
/// flow! { loudly(String) -> String { to_upper } }
/// flow! { softly(String) -> String { to_lower } }
///
/// #[derive(Provides)]
/// struct Voices { registry: Registry }
///
/// #[node]
/// async fn say(text: String, ctx: &Ctx, State(voices): State<'_, Registry>) -> Result<String, penguiflow::BoxError> {
///     let (voice, text) = text.split_once(' ').unwrap_or(("softly", &text));
///     Ok(ctx.call(&voices.get::<String, String>(voice)?, text.to_owned()).await?)
/// }
/// flow! { speaking(String) -> String { say } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::new().serve(&loudly::flow().start()?)?.serve(&softly::flow().start()?)?;
/// let app = speaking::flow().with_state(Voices { registry }).start()?;
/// assert_eq!(app.call("loudly Krill".to_owned()).await?, "KRILL");
/// let error = app.call("lodly Krill".to_owned()).await.expect_err("no such flow");
/// assert!(error.to_string().ends_with("no flow `lodly` is served: did you mean `loudly`?"));
/// # Ok(())
/// # }
/// ```
///
/// Cheap to clone. It holds its flows as their handles do: the last of handles, playbooks and registries that is dropped aborts
/// them.
#[derive(Clone, Default)]
pub struct Registry {
    entries: BTreeMap<Arc<str>, Entry>,
}

#[derive(Clone)]
struct Entry {
    /// A `Playbook<I, O>`.
    book: Arc<dyn Any + Send + Sync>,
    flow: &'static str,
    input: &'static str,
    output: &'static str,
    info: &'static FlowInfo,
}

/// One flow that a [`Registry`] serves.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Served {
    /// The name that it is found by.
    pub name: Arc<str>,
    /// The flow's own name.
    pub flow: &'static str,
    /// The type that it takes, as Rust prints it: for people.
    pub input: &'static str,
    /// The type that it gives.
    pub output: &'static str,
    /// What the flow tells of itself: docs, steps, schemas.
    pub info: &'static FlowInfo,
}

/// Why a registry does not serve a flow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The name is taken.
    #[error("`{name}` is served already: write `serve_as(\"…\", …)` for the second one")]
    NameTaken {
        /// The name.
        name: Arc<str>,
    },
}

/// Why a registry gives no playbook.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookUpError {
    /// Nothing is served by that name.
    Unknown {
        /// The name that was asked for.
        name: Box<str>,
        /// The nearest one that is served.
        nearest: Option<Arc<str>>,
        /// All that are served.
        served: Vec<Arc<str>>,
    },
    /// The flow takes or gives something else.
    OtherTypes {
        /// The name.
        name: Box<str>,
        /// What it takes and gives.
        has: (&'static str, &'static str),
        /// What was asked for.
        asked: (&'static str, &'static str),
    },
}

impl fmt::Display for LookUpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LookUpError::Unknown { name, nearest: Some(nearest), .. } => {
                write!(f, "no flow `{name}` is served: did you mean `{nearest}`?")
            }
            LookUpError::Unknown { name, served, .. } => {
                write!(f, "no flow `{name}` is served; served: {}", listed(served.iter().map(|name| &**name)))
            }
            LookUpError::OtherTypes { name, has: (input, output), asked: (asked_input, asked_output) } => {
                write!(f, "`{name}` runs from `{input}` to `{output}`, not from `{asked_input}` to `{asked_output}`")
            }
        }
    }
}

impl std::error::Error for LookUpError {}

impl Registry {
    /// Serves nothing yet.
    pub fn new() -> Self {
        Registry::default()
    }

    /// Serves a flow by its own name.
    ///
    /// # Errors
    /// [`ServeError::NameTaken`]. All flows that are expressions are called `flow`: give them a name by
    /// [`serve_as`](Registry::serve_as).
    pub fn serve<F: FlowDef>(self, handle: &Handle<F>) -> Result<Self, ServeError> {
        self.serve_as(F::NAME, handle)
    }

    /// Serves a flow by another name.
    ///
    /// # Errors
    /// [`ServeError::NameTaken`].
    pub fn serve_as<F: FlowDef>(mut self, name: impl Into<Arc<str>>, handle: &Handle<F>) -> Result<Self, ServeError> {
        let name = name.into();
        if self.entries.contains_key(&name) {
            return Err(ServeError::NameTaken { name });
        }
        let (input, output) = (type_name::<F::Input>(), type_name::<F::Output>());
        let entry = Entry { book: Arc::new(handle.playbook()), flow: F::NAME, input, output, info: F::INFO };
        self.entries.insert(name, entry);
        Ok(self)
    }

    /// The flow of that name, if it takes `I` and gives `O`.
    ///
    /// # Errors
    /// [`LookUpError`] names what is served, and the types that it has.
    pub fn get<I: Send + 'static, O: Send + 'static>(&self, name: &str) -> Result<Playbook<I, O>, LookUpError> {
        let Some(entry) = self.entries.get(name) else { return Err(self.unknown(name)) };
        entry.book.downcast_ref::<Playbook<I, O>>().cloned().ok_or_else(|| LookUpError::OtherTypes {
            name: name.into(),
            has: (entry.input, entry.output),
            asked: (type_name::<I>(), type_name::<O>()),
        })
    }

    /// All that is served, by name.
    pub fn list(&self) -> impl Iterator<Item = Served> {
        self.entries.iter().map(|(name, entry)| {
            let Entry { flow, input, output, info, .. } = *entry;
            Served { name: name.clone(), flow, input, output, info }
        })
    }

    fn unknown(&self, name: &str) -> LookUpError {
        let nearest = nearest(self.entries.keys().map(|name| &**name), name).map(Arc::from);
        LookUpError::Unknown { name: name.into(), nearest, served: self.entries.keys().cloned().collect() }
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}
