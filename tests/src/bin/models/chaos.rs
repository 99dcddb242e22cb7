//! What becomes of a call when its server misbehaves.

use crate::aimock::models;
use crate::{Fault, must};
use penguiflow::clock::{Seam, millis, secs};
use penguiflow::llm::{LlmClient, LlmError, LlmErrorKind, Retry, Timeouts};
use std::time::Duration;

pub(crate) async fn check(kind: &str, url: &str) -> Result<(), Fault> {
    for model in models(url)? {
        let name = format!("{model:?}");
        let client = LlmClient::new(model).with_retry(Retry::none());
        let whole = ask(&client, false).await;
        let streamed = ask(&client, true).await;
        for (how, (error, took)) in [("whole", whole), ("streamed", streamed)] {
            let error = error.ok_or_else(|| format!("{name}, {how}: {kind}: it answered"))?;
            must(fits(kind, error.kind()), || format!("{name}, {how}: {kind}: {error:?}"))?;
            must(took < secs(5), || format!("{name}, {how}: {kind}: took {took:?}"))?;
            println!("{name}, {how}: {kind}: {error}");
        }
    }
    Ok(())
}

async fn ask(client: &LlmClient, streamed: bool) -> (Option<LlmError>, Duration) {
    let timeouts = Timeouts::default().with_attempt(secs(1)).with_chunk(millis(500));
    let clock = Seam::system();
    let (client, start) = (client.clone().with_timeouts(timeouts), clock.now());
    let asking = client.chat("What do penguins eat?");
    let answered = if streamed { asking.stream().finish().await } else { asking.await };
    (answered.err(), clock.now() - start)
}

fn fits(chaos: &str, kind: &LlmErrorKind) -> bool {
    match chaos {
        "ratelimit" => matches!(kind, LlmErrorKind::RateLimited { retry_after: Some(_) }),
        "disconnect" => matches!(kind, LlmErrorKind::Transport),
        "malformed" => matches!(kind, LlmErrorKind::ContentParse),
        "drop" => matches!(kind, LlmErrorKind::Overloaded { .. }),
        "latency" => matches!(kind, LlmErrorKind::Timeout(_)),
        _ => false,
    }
}
