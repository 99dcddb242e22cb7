//! What a routing policy is asked and may answer, and what is known of it before a flow starts. Must not know how a router
//! runs.

use crate::error::BoxError;
use crate::graph::near::{listed, nearest};
use crate::graph::scope::Scope;
use crate::id::TraceId;
use crate::message::Headers;
use std::any::Any;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

/// Decides about the arm that a router proposes: `triage with Tenants { … }` asks the policy `Tenants` each time.
///
/// The flow names the policy's type. Its value is given at the start, by
/// [`with_routing`](crate::FlowBuilder::with_routing), so that one graph can be started with several.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::{KeepOrDrop, Proposal, RoutingPolicy};
/// use penguiflow::BoxError;
///
/// #[message]
/// enum Size { Small(String), Big(usize) }
/// #[router]
/// fn size(text: String) -> Size { if text.len() < 9 { Size::Small(text) } else { Size::Big(text.len()) } }
/// #[node]
/// fn say(text: String) -> String { text }
/// #[node]
/// fn count(letters: usize) -> String { format!("{letters} letters") }
///
/// /// Lets nobody have big ones but the tenants that pay.
/// struct Paying(Vec<&'static str>);
///
/// impl RoutingPolicy for Paying {
///     type Answer = KeepOrDrop;
///
///     async fn decide(&self, proposal: &Proposal<'_>) -> Result<KeepOrDrop, BoxError> {
///         let pays = proposal.headers().tenant().is_some_and(|tenant| self.0.contains(&tenant));
///         Ok(if proposal.arm() == "Small" || pays { KeepOrDrop::Keep } else { KeepOrDrop::Drop })
///     }
/// }
///
/// flow! { sizing(String) -> String { size with Paying { Small -> say, Big -> count } } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = sizing::flow().with_routing(Paying(vec!["acme"])).start()?;
/// let long = "a long way to the sea";
/// assert_eq!(app.call(Message::new(long.to_owned()).with_tenant("acme")).await?, "21 letters");
/// let stop = app.call(long.to_owned()).await.expect_err("does not pay");
/// assert_eq!(stop.to_string(), "dropped at size.Big by Paying");
/// # Ok(())
/// # }
/// ```
///
/// *Errors*: a policy that fails or panics fails the trace, at the router's name and place. *Cancel safety*: a decision that
/// waits is dropped when its trace is cancelled or out of time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no routing policy",
    label = "no routing policy",
    note = "implement `penguiflow::RoutingPolicy` for `{Self}`"
)]
pub trait RoutingPolicy: Send + Sync + 'static {
    /// What it may answer: [`KeepOrDrop`] at any router, [`Reroute`] where all arms take one type.
    type Answer: Answer;

    /// Decides about one proposal. An `async fn` in the implementation.
    fn decide(&self, proposal: &Proposal<'_>) -> impl Future<Output = Result<Self::Answer, BoxError>> + Send;

    /// Looks at a router before the flow starts, once for each that asks this policy. For policies that name arms.
    ///
    /// # Errors
    /// [`NoSuchArm`] keeps the flow from starting.
    fn check(&self, router: &'static str, arms: &[&'static str]) -> Result<(), NoSuchArm> {
        let _ = (router, arms);
        Ok(())
    }
}

/// What a router proposes.
#[derive(Clone, Copy)]
pub struct Proposal<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) router: &'static str,
    pub(crate) arm: &'static str,
    pub(crate) arms: &'a [&'static str],
}

impl Proposal<'_> {
    /// The router's name, or that of its `as` instance.
    pub fn router(&self) -> &'static str {
        self.router
    }

    /// The arm that the router chose.
    pub fn arm(&self) -> &'static str {
        self.arm
    }

    /// All arms, in the order in which the flow has them.
    pub fn arms(&self) -> &[&'static str] {
        self.arms
    }

    /// The trace's headers.
    pub fn headers(&self) -> &Headers {
        &self.scope.headers
    }

    /// The trace's id.
    pub fn trace_id(&self) -> TraceId {
        self.scope.id
    }
}

impl fmt::Debug for Proposal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proposal { router, arm, arms, .. } = self;
        let mut proposal = f.debug_struct("Proposal");
        proposal.field("router", router).field("arm", arm).field("arms", arms).finish_non_exhaustive()
    }
}

/// The answer of a policy that takes no other arm: it stands at any router.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no third thing that fits every router")]
pub enum KeepOrDrop {
    /// Takes the arm that the router chose.
    Keep,
    /// Ends the trace as [`Ending::Dropped`](crate::Ending::Dropped).
    Drop,
}

/// The answer of a policy that may take another arm: it stands where all arms take one type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is nothing else to do with a message")]
pub enum Reroute {
    /// Takes the arm that the router chose.
    Keep,
    /// Ends the trace as [`Ending::Dropped`](crate::Ending::Dropped).
    Drop,
    /// Takes this arm.
    To(Arc<str>),
}

impl Reroute {
    /// Takes the arm of that name.
    pub fn to(arm: impl Into<Arc<str>>) -> Self {
        Reroute::To(arm.into())
    }

    pub(crate) fn arm(&self) -> Option<&Arc<str>> {
        match self {
            Reroute::To(arm) => Some(arm),
            Reroute::Keep | Reroute::Drop => None,
        }
    }
}

/// The arm of that name.
impl From<&str> for Reroute {
    fn from(arm: &str) -> Self {
        Reroute::to(arm)
    }
}

impl From<KeepOrDrop> for Reroute {
    fn from(answer: KeepOrDrop) -> Self {
        match answer {
            KeepOrDrop::Keep => Reroute::Keep,
            KeepOrDrop::Drop => Reroute::Drop,
        }
    }
}

/// [`KeepOrDrop`] or [`Reroute`].
pub trait Answer: Into<Reroute> + Send + sealed::Sealed {}

impl Answer for KeepOrDrop {}
impl Answer for Reroute {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::KeepOrDrop {}
    impl Sealed for super::Reroute {}
}

/// A policy names an arm that its router has not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoSuchArm {
    /// The arm.
    pub arm: Arc<str>,
    /// The router.
    pub router: &'static str,
    /// The nearest arm that it has, if one is near.
    pub nearest: Option<&'static str>,
    /// All arms that it has.
    pub arms: Vec<&'static str>,
}

impl NoSuchArm {
    /// Looks for `arm` among `arms`.
    ///
    /// # Errors
    /// That there is none.
    pub fn find(arm: &Arc<str>, router: &'static str, arms: &[&'static str]) -> Result<&'static str, NoSuchArm> {
        arms.iter().copied().find(|known| **known == **arm).ok_or_else(|| NoSuchArm {
            arm: arm.clone(),
            router,
            nearest: nearest(arms.iter().copied(), arm),
            arms: arms.to_vec(),
        })
    }
}

impl fmt::Display for NoSuchArm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoSuchArm { arm, router, nearest, arms } = self;
        write!(f, "`{router}` has no arm `{arm}`: ")?;
        match nearest {
            Some(nearest) => write!(f, "did you mean `{nearest}`?"),
            None => write!(f, "it has {}", listed(arms.iter().copied())),
        }
    }
}

impl std::error::Error for NoSuchArm {}

/// A router of a flow that asks a policy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Routing {
    pub(crate) policy: std::any::TypeId,
    /// The policy, as the flow writes it.
    pub(crate) name: &'static str,
    pub(crate) router: &'static str,
    pub(crate) arms: &'static [&'static str],
    check: fn(&(dyn Any + Send + Sync), &Routing) -> Result<(), NoSuchArm>,
}

impl Routing {
    /// A router that asks the policy `P`.
    pub(crate) fn of<P: RoutingPolicy>(
        name: &'static str,
        router: &'static str,
        arms: &'static [&'static str],
    ) -> Self {
        let check = |policy: &(dyn Any + Send + Sync), routing: &Routing| {
            policy.downcast_ref::<P>().map_or(Ok(()), |policy| policy.check(routing.router, routing.arms))
        };
        Routing { policy: std::any::TypeId::of::<P>(), name, router, arms, check }
    }

    /// Lets the policy look at the router.
    pub(crate) fn check(&self, policy: &(dyn Any + Send + Sync)) -> Result<(), NoSuchArm> {
        (self.check)(policy, self)
    }
}
