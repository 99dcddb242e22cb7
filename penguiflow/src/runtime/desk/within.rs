//! Runs a started flow as a part of another flow's trace: its admission as a guest, and its ending as the caller sees it.

use crate::error::Stop;
use crate::graph::call::{Call, CallError};
use crate::graph::context::Cx;
use crate::graph::node::FlowDef;
use crate::graph::run::FlowBody;
use crate::graph::scope::{FlowKey, Halt, Scope};
use crate::graph::value::M;
use crate::message::{Deadline, Key, Message};
use crate::place::Way;
use crate::runtime::admission::counts::End;
use crate::runtime::desk::{Desk, NoRoom, Running, told};
use crate::runtime::root::Root;
use futures_util::future::{BoxFuture, Either, select};
use std::pin::pin;
use std::sync::Arc;

/// Runs `message` over the state and the limits of `running`, inside the trace of `call`.
pub(super) fn within<F, S>(
    running: &Running<F, S>,
    call: Call,
    message: Message<F::Input>,
) -> BoxFuture<'_, Result<F::Output, CallError>>
where
    F: FlowDef + FlowBody<S>,
    S: Send + Sync + 'static,
{
    let run = async move {
        let desk = &running.desk;
        let (value, envelope) = message.into_parts();
        call.check(F::NAME, desk.call_depth, &envelope)?;
        // The trace's own tenant: the message of a call may come without headers.
        let tenant = || call.scope.headers.shared_tenant();
        let key = envelope.asked.as_ref().and_then(|asked| asked.key.clone()).map(|key| Key { tenant: tenant(), key });
        let known = key.as_ref().and_then(|key| desk.keys.find(key, desk.shared.seam.now()));
        known.map_or(Ok(()), |first| Err(desk.duplicate(first)))?;
        let holds_place = !call.comes_from(FlowKey::of(&desk.shared));
        if holds_place && desk.try_room().is_err() {
            wait_for_room(desk, &call, F::NAME, envelope.deadline).await?;
        }
        let now = desk.shared.seam.now();
        let deadline = call.deadline(envelope.deadline, desk.limit(now), now);
        let mut scope = Scope::called(&call.scope, call.flow, deadline);
        if let Some(key) = key {
            if let Err(first) = desk.keys.enter(&key, call.scope.id, now) {
                holds_place.then(|| desk.admission.make_room());
                return Err(desk.duplicate(first).into());
            }
            scope = scope.with_key(key);
        }
        if let Some(budget) = desk.budget_of(envelope.asked.as_deref()) {
            scope = scope.with_budget(&budget);
        }
        let mut guest = Guest::enter(desk, desk.shared.observed(scope), holds_place, call.way_into(F::NAME));
        let ran = if deadline.is_some_and(|deadline| deadline <= now) {
            Err(Stop::DeadlineExceeded)
        } else {
            let cx = Cx { scope: &guest.scope, env: &running.env, frame: guest.way.frame() };
            Root::new(&cx, F::body(&cx, M { value, meta: call.meta(envelope.meta) })).await.map(M::into_value)
        };
        guest.end = Some(End::of(&ran));
        told::ended(&guest.scope, || guest.way.clone(), &ran);
        ran.map_err(CallError::from)
    };
    Box::pin(run)
}

/// Waits for a place, as long as the trace may go on.
#[cold]
#[inline(never)]
fn wait_for_room<'a>(
    desk: &'a Desk,
    call: &'a Call,
    flow: &'static str,
    deadline: Option<Deadline>,
) -> BoxFuture<'a, Result<(), CallError>> {
    Box::pin(async move {
        let no_room = |why| match why {
            NoRoom::TooLate => CallError::DeadlineExceeded,
            NoRoom::Closed | NoRoom::Full => CallError::Closed { flow },
        };
        match select(desk.wait_for_room(deadline), pin!(call.halted())).await {
            Either::Left((room, _)) => room.map_err(no_room),
            Either::Right((halted, _)) => Err(halted),
        }
    })
}

/// A call while it is inside: however it ends, it leaves.
struct Guest<'a> {
    desk: &'a Desk,
    scope: Arc<Scope>,
    /// The way into the callee.
    way: Way,
    /// Whether it has a place of its own; otherwise the trace has one already.
    holds_place: bool,
    /// How it came to its end; nothing if whoever polled it has dropped it.
    end: Option<End>,
}

impl<'a> Guest<'a> {
    fn enter(desk: &'a Desk, scope: Scope, holds_place: bool, way: Way) -> Self {
        let scope = Arc::new(scope);
        told::let_in(&scope, || way.clone());
        if holds_place {
            desk.admission.enter(&scope);
        }
        scope.begin_call();
        Guest { desk, scope, way, holds_place, end: None }
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        let Guest { desk, scope, way, holds_place, end } = self;
        let end = end.unwrap_or_else(|| {
            scope.ask(Halt::Cancelled);
            told::ended::<()>(scope, || way.clone(), &Err(Stop::Cancelled));
            End::Cancelled
        });
        scope.end_call();
        if *holds_place {
            desk.admission.leave(scope, end);
            desk.admission.make_room();
        } else {
            scope.end();
        }
        desk.end_key(scope);
    }
}
