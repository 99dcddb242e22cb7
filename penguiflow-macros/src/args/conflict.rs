//! Refuses arguments that contradict each other. The later word is to blame. Knows nothing about the function.

use super::keys::Key;
use super::{Effect, NodeArgs, OnCancel, PolicyArgs};
use crate::diag::Diags;
use proc_macro2::Span;

/// All arguments of a function's attribute.
pub(super) fn between(args: &NodeArgs, order: &[Key], diags: &mut Diags) {
    in_policy(&args.policy, order, diags);
    knobs_without_retries(&args.policy, order, diags);
    let later = |a, b| later(order, a, b);
    if let (Some(blocking), Some(on_cancel)) = (&args.blocking, &args.policy.on_cancel) {
        let why = "a `blocking` call runs to its end once it is on its thread: leave `on_cancel` out";
        diags.error(later((Key::Blocking, blocking.word), (Key::OnCancel, on_cancel.word)), why);
    }
    if let (Some(blocking), Some(boxed)) = (&args.blocking, &args.boxed) {
        let why = "a `blocking` node has no future of its own to box: leave `boxed` out";
        diags.error(later((Key::Blocking, blocking.word), (Key::Boxed, boxed.word)), why);
    }
}

/// The arguments that an instance in a flow may have, too. What an instance leaves out its function may have said, so
/// nothing here looks at what is absent.
pub(super) fn in_policy(policy: &PolicyArgs, order: &[Key], diags: &mut Diags) {
    let Some(effect) = policy.effect.as_ref().filter(|effect| effect.value == Effect::Irreversible) else { return };
    let later = |b| later(order, (Key::Effect, effect.word), b);
    if let Some(retries) = policy.retries.as_ref().filter(|retries| retries.value > 0) {
        let why = "an irreversible effect is never tried twice: leave `retries` out, or, where a second try is \
                   harmless, write `effect = idempotent` or `effect = keyed`";
        diags.error(later((Key::Retries, retries.word)), why);
    }
    if let Some(timeout) = &policy.timeout {
        let why = "an irreversible effect is not dropped half done, as a timeout would: leave `timeout` out, and \
                   bound the call inside the function";
        diags.error(later((Key::Timeout, timeout.word)), why);
    }
    if let Some(drop) = policy.on_cancel.as_ref().filter(|on_cancel| on_cancel.value == OnCancel::Drop) {
        let why = "an irreversible effect is not dropped half done: leave `on_cancel` out, or write \
                   `on_cancel = finish(\"5s\")`";
        diags.error(later((Key::OnCancel, drop.word)), why);
    }
}

/// One mistake, however many knobs wait for the retries: the retries are missing.
fn knobs_without_retries(policy: &PolicyArgs, order: &[Key], diags: &mut Diags) {
    if policy.retries.as_ref().is_some_and(|retries| retries.value > 0) {
        return;
    }
    let knobs = [
        (Key::Backoff, "backoff", policy.backoff.as_ref().map(|given| given.key)),
        (Key::Jitter, "jitter", policy.jitter.as_ref().map(|given| given.key)),
        (Key::RetryIf, "retry_if", policy.retry_if.as_ref().map(|given| given.key)),
    ];
    let first = knobs.iter().filter(|knob| knob.2.is_some()).min_by_key(|knob| place(order, knob.0));
    if let Some((_, word, Some(at))) = first {
        diags.error(*at, format!("`{word}` does nothing without retries: write `retries = 3` beside it"));
    }
}

fn later(order: &[Key], a: (Key, Span), b: (Key, Span)) -> Span {
    if place(order, a.0) < place(order, b.0) { b.1 } else { a.1 }
}

fn place(order: &[Key], key: Key) -> Option<usize> {
    order.iter().position(|at| *at == key)
}
