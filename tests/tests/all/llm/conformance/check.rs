//! Plays one fixture and says what is wrong with what came of it. Must not know a format.

use super::canned::{Canned, Cut};
use super::fixture::{Answer, Failure, Fixture};
use futures_util::{FutureExt as _, StreamExt as _};
use penguiflow::clock::Seam;
use penguiflow::llm::{
    Assembly, Call, Catalog, ChatEvent, ChatRequest, Delivery, HeaderText, HttpRequest, LlmError, LlmErrorKind, Model,
    Provider, ProviderModel,
};
use penguiflow::secret::Secret;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is heard of one answer.
type Heard = Vec<Result<ChatEvent, LlmError>>;

pub(super) fn faults(fixture: &Fixture) -> Vec<String> {
    let canned = Canned::new(fixture.reply.status, fixture.reply.headers.clone(), fixture.bytes());
    let player = Player { model: model(fixture, &canned), request: Arc::new(fixture.request()), fixture, canned };
    let mut faults = player.sends();
    let heard = player.hear(Cut::Whole);
    faults.extend(form(&heard));
    match (&fixture.answer, &fixture.error) {
        (Some(answer), None) => faults.extend(gives(answer, &heard)),
        (None, Some(failure)) => faults.extend(fails(failure, &heard)),
        _ => faults.push("it has an answer or an error, and not both".to_owned()),
    }
    faults.extend(player.cut_anywhere(&heard));
    faults.extend(player.dropped_anywhere(&heard));
    faults.into_iter().map(|fault| format!("{}: {fault}", fixture.name())).collect()
}

/// What is wrong with how the reply is heard, whatever is in it: it ends once, and the same however the network cuts it.
pub(super) fn unsteady(fixture: &Fixture) -> Option<String> {
    let canned = Canned::new(fixture.reply.status, fixture.reply.headers.clone(), fixture.bytes());
    let player = Player { model: model(fixture, &canned), request: Arc::new(fixture.request()), fixture, canned };
    let (whole, bytes) = (player.hear(Cut::Whole), player.hear(Cut::Bytes));
    let cut = (text(&whole) != text(&bytes)).then(|| format!("{}, and not {}", text(&bytes), text(&whole)));
    form(&whole).or(cut)
}

struct Player<'a> {
    fixture: &'a Fixture,
    canned: Canned,
    model: ProviderModel,
    request: Arc<ChatRequest>,
}

fn model(fixture: &Fixture, canned: &Canned) -> ProviderModel {
    let named = |name: &str| Provider::named(name).expect("its folder bears its name");
    let mut provider = match (fixture.provider.as_str(), &fixture.base_url) {
        ("compatible", Some(base_url)) => Provider::compatible("compatible", base_url).expect("is a URL"),
        (name, Some(base_url)) => named(name).with_base_url(base_url).expect("is a URL"),
        (name, None) => named(name),
    };
    // What is known of single models changes; what is known of a provider is its row's.
    provider = provider.with_catalog(Catalog::default());
    provider = provider.with_key(Secret::new("test-key".to_owned())).with_transport(canned.clone());
    if let Some(profile) = fixture.profile() {
        provider = provider.with_profile(profile);
    }
    provider.model(&fixture.model).expect("there is such a model")
}

impl Player<'_> {
    fn hear(&self, cut: Cut) -> Heard {
        self.canned.cut(cut);
        let delivery = if self.fixture.streamed() { Delivery::Streamed } else { Delivery::Whole };
        let call = Call::new(Seam::seeded(1)).with_delivery(delivery);
        let heard = self.model.stream(self.request.clone(), call).collect().now_or_never();
        heard.expect("nothing is waited for")
    }

    fn sends(&self) -> Vec<String> {
        self.canned.sent();
        drop(self.hear(Cut::Whole));
        let sent = self.canned.sent();
        let [sent] = sent.as_slice() else { return vec![format!("sends {} requests", sent.len())] };
        let (expected, mut faults) = (&self.fixture.sends, Vec::new());
        if sent.url != expected.url {
            faults.push(format!("sends to {}, and not to {}", sent.url, expected.url));
        }
        let headers = headers(sent);
        if headers != expected.headers {
            faults.push(format!("sends the headers {headers:?}, and not {:?}", expected.headers));
        }
        let body: Value = serde_json::from_slice(&sent.body).expect("sends JSON");
        if body != self.fixture.sent() {
            faults.push(format!("sends {body}, and not {}", self.fixture.sent()));
        }
        faults
    }

    /// The same is heard, however the network cuts it, and whatever stands behind the end.
    fn cut_anywhere(&self, whole: &Heard) -> Option<String> {
        let mut cuts = vec![Cut::Bytes];
        cuts.extend(self.places().map(Cut::At));
        let reply = &self.fixture.reply;
        let is_text = reply.body_hex.is_empty() && reply.events.is_empty();
        if self.fixture.streamed() && self.fixture.answer.is_some() && is_text && !reply.ends_with_body {
            cuts.push(Cut::Followed(b"data: nonsense\n\ndata: {\"error\": {\"message\": \"late\"}}\n\n"));
        }
        cuts.into_iter().find_map(|cut| {
            let heard = self.hear(cut);
            (!same(&heard, whole)).then(|| format!("{cut:?}: {}, and not {}", text(&heard), text(whole)))
        })
    }

    /// A connection that breaks gives what was said before, and then that it broke; or all, if nothing was missing.
    fn dropped_anywhere(&self, whole: &Heard) -> Option<String> {
        let cuts = self.places().flat_map(|at| [Cut::Over(at), Cut::Broken(at)]);
        let is_fault = self.fixture.reply.status != 200;
        cuts.into_iter().find_map(|cut| {
            let heard = self.hear(cut);
            if same(&heard, whole) {
                return None;
            }
            let Some((Err(error), before)) = heard.split_last() else {
                return Some(format!("{cut:?}: no error, but {}", text(&heard)));
            };
            let told = whole.get(..before.len()).is_some_and(|whole| same(before, whole));
            let kind = error.kind();
            // A whole answer that ends in its middle, and an error's body, are told by what is left of them.
            let known = *kind == LlmErrorKind::Transport
                || (matches!(cut, Cut::Over(_)) && !self.fixture.streamed() && *kind == LlmErrorKind::ContentParse)
                || is_fault;
            (!told || !known).then(|| format!("{cut:?}: {}", text(&heard)))
        })
    }

    /// Each place where a stream can be cut; some of those of a body that is read as a whole, or that was another one's and was cut there
    /// already: with `CONFORMANCE_CUTS=all` each of these as well.
    fn places(&self) -> impl Iterator<Item = usize> + use<> {
        let is_stream = self.fixture.streamed() && self.fixture.reply.status == 200;
        let step = match (&self.fixture.inherited, is_stream) {
            _ if std::env::var_os("CONFORMANCE_CUTS").is_some_and(|cuts| cuts == "all") => 1,
            (Some(_), _) => 17,
            (None, true) => 1,
            (None, false) => 7,
        };
        (0..self.fixture.bytes().len()).step_by(step)
    }
}

fn headers(request: &HttpRequest) -> BTreeMap<String, String> {
    let text = |text: &HeaderText| match text {
        HeaderText::Open(text) => text.clone(),
        HeaderText::Secret(secret) => secret.expose().clone(),
        _ => panic!("a header is open or secret"),
    };
    request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), text(value))).collect()
}

/// One end or one error, and it is the last.
fn form(heard: &Heard) -> Option<String> {
    let is_last = |one: &Result<ChatEvent, LlmError>| matches!(one, Ok(ChatEvent::End(_)) | Err(_));
    let ends: Vec<usize> = (0..heard.len()).filter(|at| is_last(&heard[*at])).collect();
    (ends != [heard.len().saturating_sub(1)]).then(|| format!("it ends at {ends:?} of {}", text(heard)))
}

fn gives(answer: &Answer, heard: &Heard) -> Vec<String> {
    let mut assembly = Assembly::default();
    for one in heard {
        match one {
            Ok(event) => assembly.push(event),
            Err(error) => return vec![format!("it fails: {error}")],
        }
    }
    let Some(end) = assembly.end().cloned() else { return vec!["it has no end".to_owned()] };
    let (message, mut faults) = (assembly.into_message(), Vec::new());
    if message != answer.message() {
        faults.push(format!("it says {message:?}, and not {:?}", answer.message()));
    }
    if end.finish != answer.finish {
        faults.push(format!("it ends for {:?}, and not for {:?}", end.finish, answer.finish));
    }
    if end.usage != answer.usage {
        faults.push(format!("it used {:?}, and not {:?}", end.usage, answer.usage));
    }
    faults
}

fn fails(failure: &Failure, heard: &Heard) -> Vec<String> {
    let Some(Err(error)) = heard.last() else { return vec![format!("it does not fail: {}", text(heard))] };
    let (mut faults, kind) = (Vec::new(), error.kind());
    let mut differs = |what: &str, is: String, should: String| {
        if is != should {
            faults.push(format!("{what} is {is}, and not {should}: {error}"));
        }
    };
    differs("the kind", kind.code().to_owned(), failure.kind.clone());
    differs("the status", format!("{:?}", error.status()), format!("{:?}", failure.status));
    let wait = kind.retry_after().map(|wait| wait.as_secs_f64());
    differs("the wait", format!("{wait:?}"), format!("{:?}", failure.retry_after_s));
    if let LlmErrorKind::ContextLength { limit, asked } = kind {
        differs("the limit", format!("{limit:?}"), format!("{:?}", failure.limit));
        differs("what was asked", format!("{asked:?}"), format!("{:?}", failure.asked));
    }
    if let LlmErrorKind::InvalidRequest { field } = kind {
        differs("the field", format!("{field:?}"), format!("{:?}", failure.field));
    }
    if let Some(message) = &failure.message {
        differs("the message", error.message().to_owned(), message.clone());
    }
    if failure.request_id.is_some() {
        differs("the request id", format!("{:?}", error.request_id()), format!("{:?}", failure.request_id));
    }
    faults
}

fn same(heard: &[Result<ChatEvent, LlmError>], other: &[Result<ChatEvent, LlmError>]) -> bool {
    let facts = |error: &LlmError| (error.kind().clone(), error.status(), error.message().to_owned());
    heard.len() == other.len()
        && heard.iter().zip(other).all(|pair| match pair {
            (Ok(one), Ok(other)) => one == other,
            (Err(one), Err(other)) => facts(one) == facts(other),
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
        })
}

fn text(heard: &[Result<ChatEvent, LlmError>]) -> String {
    let one = |one: &Result<ChatEvent, LlmError>| match one {
        Ok(event) => format!("{event:?}"),
        Err(error) => format!("{:?}", (error.kind(), error.status(), error.message())),
    };
    heard.iter().map(one).collect::<Vec<_>>().join(" | ")
}
