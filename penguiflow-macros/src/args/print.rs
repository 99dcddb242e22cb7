//! Prints a policy as the constant expression that the runtime understands. The only place that knows the names of the
//! runtime's policy functions.

use super::{Backoff, Effect, Jitter, OnCancel, PolicyArgs, Validate};
use crate::crate_path::CratePath;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use std::time::Duration;

pub(super) fn policy(args: &PolicyArgs, base: TokenStream, krate: &CratePath, span: Span) -> TokenStream {
    let p = krate.private(span);
    let mut out = base;
    let mut with = |call: TokenStream| out.extend(call);
    if let Some(retries) = &args.retries {
        let n = retries.value;
        with(quote_spanned!(span=> .with_retries(#n)));
    }
    if let Some(given) = &args.backoff {
        let Backoff { base, factor, cap } = given.value;
        let base = duration(base, &p, span);
        let cap = cap.map(|cap| duration(cap, &p, span)).map(|cap| quote_spanned!(span=> .with_cap(#cap)));
        with(quote_spanned!(span=> .with_backoff(#p::Backoff::new().with_base(#base).with_factor(#factor) #cap)));
    }
    if let Some(jitter) = &args.jitter {
        let word = match jitter.value {
            Jitter::Full => quote_spanned!(span=> Full),
            Jitter::None => quote_spanned!(span=> None),
        };
        with(quote_spanned!(span=> .with_jitter(#p::Jitter::#word)));
    }
    if let Some(timeout) = &args.timeout {
        let timeout = duration(timeout.value, &p, span);
        with(quote_spanned!(span=> .with_timeout(#timeout)));
    }
    if let Some(concurrency) = &args.concurrency {
        let n = concurrency.value;
        with(quote_spanned!(span=> .with_concurrency(#n)));
    }
    if let Some(rate) = &args.rate {
        let (count, per) = (rate.value.count, duration(rate.value.per, &p, span));
        with(quote_spanned!(span=> .with_rate(#count, #per)));
    }
    if let Some(tokens) = &args.tokens {
        let n = u64::from(tokens.value);
        with(quote_spanned!(span=> .with_tokens(#n)));
    }
    if let Some(usd) = &args.usd {
        let picos = usd.value;
        with(quote_spanned!(span=> .with_usd(#p::Money::from_picos(#picos))));
    }
    with(conduct(args, &p, span));
    out
}

/// What is not about trying and waiting: validation, effects, cancelling.
fn conduct(args: &PolicyArgs, p: &TokenStream, span: Span) -> TokenStream {
    let mut out = TokenStream::new();
    if let Some(validate) = &args.validate {
        let word = match validate.value {
            Validate::In => quote_spanned!(span=> In),
            Validate::Out => quote_spanned!(span=> Out),
            Validate::Both => quote_spanned!(span=> Both),
        };
        out.extend(quote_spanned!(span=> .with_validation(#p::Validation::#word)));
    }
    if let Some(effect) = &args.effect {
        let word = match effect.value {
            Effect::Pure => quote_spanned!(span=> Pure),
            Effect::Idempotent => quote_spanned!(span=> Idempotent),
            Effect::Keyed => quote_spanned!(span=> Keyed),
            Effect::Irreversible => quote_spanned!(span=> Irreversible),
        };
        out.extend(quote_spanned!(span=> .with_effect(#p::Effect::#word)));
    }
    if let Some(on_cancel) = &args.on_cancel {
        let end = match on_cancel.value {
            OnCancel::Drop => quote_spanned!(span=> Drop),
            OnCancel::Finish(longest) => {
                let longest = duration(longest, p, span);
                quote_spanned!(span=> Finish(#longest))
            }
        };
        out.extend(quote_spanned!(span=> .with_on_cancel(#p::OnCancel::#end)));
    }
    out
}

/// A duration, as the constant expression that makes it; `p` is the private door.
pub(crate) fn duration(value: Duration, p: &TokenStream, span: Span) -> TokenStream {
    let (seconds, nanos) = (value.as_secs(), value.subsec_nanos());
    if nanos % 1_000_000 == 0 {
        let millis = seconds * 1_000 + u64::from(nanos / 1_000_000);
        return quote_spanned!(span=> #p::Duration::from_millis(#millis));
    }
    quote_spanned!(span=> #p::Duration::new(#seconds, #nanos))
}
