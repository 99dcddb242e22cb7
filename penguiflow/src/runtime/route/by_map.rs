//! A routing policy that is data: a map from tenant, topic or trace to what becomes of its messages. It can be read from a
//! text, a file or the environment, and replaced while the flow runs.

use crate::error::BoxError;
use crate::graph::routing::{NoSuchArm, Proposal, Reroute, RoutingPolicy};
use crate::runtime::route::routes::{RouteKey, Routes};
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// A routing policy that looks up what to do in [`Routes`]. Cheap to clone; clones share their routes, so keep one to
/// [`replace`](MapPolicy::replace) them while the flow runs.
///
/// ```
/// use penguiflow::prelude::*;
/// use penguiflow::{MapPolicy, Routes};
///
/// #[message]
/// enum Desk { Sales, Support }
/// #[router]
/// fn desk(text: String) -> Desk { if text.contains("buy") { Desk::Sales } else { Desk::Support } }
/// #[node]
/// fn sell(text: String) -> String { format!("sold: {text}") }
/// #[node]
/// fn help(text: String) -> String { format!("helped: {text}") }
/// flow! { serving(String) -> String { desk with MapPolicy { Sales -> sell, Support -> help } } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let routes = Routes::from_json_str(r#"{ "key": "tenant", "routes": { "acme": "Support" }, "default": "keep" }"#)?;
/// let policy = MapPolicy::new(routes);
/// let app = serving::flow().with_routing(policy.clone()).start()?;
/// let ask = |tenant: &str| app.call(Message::new("buy krill".to_owned()).with_tenant(tenant));
/// assert_eq!(ask("acme").await?, "helped: buy krill");
/// assert_eq!(ask("else").await?, "sold: buy krill");
/// policy.replace(Routes::by_tenant().with_route("acme", "Sales"))?;
/// assert_eq!(ask("acme").await?, "sold: buy krill");
/// # Ok(())
/// # }
/// ```
///
/// A flow names a policy by its type. Two maps in one flow are told apart by `Name`, under which a type alias puts them:
/// `type ByTenant = MapPolicy<Tenants>;` with `struct Tenants;`.
///
/// Its answer may be another arm, so it stands where all arms take one type. *Cost*: one lock that is not held across an await,
/// and one look-up.
pub struct MapPolicy<Name = ()> {
    shared: Arc<RwLock<Shared>>,
    name: PhantomData<fn() -> Name>,
}

struct Shared {
    routes: Routes,
    /// The routers of started flows that ask, with their arms.
    asked_by: Vec<(&'static str, Vec<&'static str>)>,
}

impl<Name> Clone for MapPolicy<Name> {
    fn clone(&self) -> Self {
        MapPolicy { shared: self.shared.clone(), name: PhantomData }
    }
}

impl MapPolicy {
    /// A policy with these routes.
    pub fn new(routes: Routes) -> Self {
        MapPolicy::named(routes)
    }
}

impl<Name> MapPolicy<Name> {
    /// A policy with these routes and a name of its own: `ByTenant::named(routes)`.
    pub fn named(routes: Routes) -> Self {
        MapPolicy { shared: Arc::new(RwLock::new(Shared { routes, asked_by: Vec::new() })), name: PhantomData }
    }

    /// Puts other routes in the place of all, at once for every message that is not routed yet.
    ///
    /// # Errors
    /// [`NoSuchArm`] if they name an arm that a router of a started flow has not; then nothing is changed.
    pub fn replace(&self, routes: Routes) -> Result<(), NoSuchArm> {
        let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        shared.asked_by.iter().try_for_each(|(router, arms)| routes.check(router, arms))?;
        shared.routes = routes;
        Ok(())
    }

    /// The routes as they are now.
    pub fn routes(&self) -> Routes {
        self.read().routes.clone()
    }

    fn read(&self) -> RwLockReadGuard<'_, Shared> {
        self.shared.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Name> fmt::Debug for MapPolicy<Name> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MapPolicy").field(&self.read().routes).finish()
    }
}

impl<Name: 'static> RoutingPolicy for MapPolicy<Name> {
    type Answer = Reroute;

    async fn decide(&self, proposal: &Proposal<'_>) -> Result<Reroute, BoxError> {
        let Shared { routes, .. } = &*self.read();
        Ok(match routes.key() {
            RouteKey::Tenant => routes.answer(proposal.headers().tenant()),
            RouteKey::Topic => routes.answer(proposal.headers().topic()),
            RouteKey::Trace => routes.answer(Some(&proposal.trace_id().to_string())),
        })
    }

    fn check(&self, router: &'static str, arms: &[&'static str]) -> Result<(), NoSuchArm> {
        let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        shared.routes.check(router, arms)?;
        if !shared.asked_by.iter().any(|(known, of)| *known == router && of == arms) {
            shared.asked_by.push((router, arms.to_vec()));
        }
        Ok(())
    }
}
