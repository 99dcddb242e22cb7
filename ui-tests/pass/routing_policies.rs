//! Policies of all kinds, at routers of all kinds.
#![deny(warnings, missing_docs, unreachable_pub)]

use penguiflow::prelude::*;
use penguiflow::{BoxError, KeepOrDrop, MapPolicy, Proposal, Reroute, Routes, RoutingPolicy};

mod policies {
    use super::*;

    pub(super) struct Gate;

    impl RoutingPolicy for Gate {
        type Answer = KeepOrDrop;

        async fn decide(&self, proposal: &Proposal<'_>) -> Result<KeepOrDrop, BoxError> {
            Ok(if proposal.arms().len() > 2 { KeepOrDrop::Keep } else { KeepOrDrop::Drop })
        }
    }
}

/// A policy behind a trait's plain function.
struct Always(&'static str);

impl RoutingPolicy for Always {
    type Answer = Reroute;

    fn decide(&self, _: &Proposal<'_>) -> impl Future<Output = Result<Reroute, BoxError>> + Send {
        std::future::ready(Ok(Reroute::to(self.0)))
    }
}

struct Second;
type ByTopic = MapPolicy<Second>;

#[message]
enum Verdict {
    Good(String),
    Thin(usize),
    Pair(String, usize),
    Refuse,
}
#[router(timeout = "1s")]
async fn triage(text: &String) -> Result<Verdict, std::io::Error> {
    Ok(match text.len() {
        0 => Verdict::Refuse,
        1..3 => Verdict::Thin(text.len()),
        3..5 => Verdict::Pair(text.clone(), 1),
        _ => Verdict::Good(text.clone()),
    })
}
#[node]
fn say(text: String) -> String {
    text
}
#[node]
fn count(letters: usize) -> String {
    letters.to_string()
}
#[node]
fn both((text, letters): (String, usize)) -> String {
    format!("{text}{letters}")
}
#[router]
fn long(text: String) -> bool {
    text.len() > 8
}

flow! {
    /// Policies in arms of arms.
    pub support(String) -> String {
        triage as head with policies::Gate {
            Good -> long with MapPolicy { true -> say, false -> done },
            Thin -> count -> long with Always { true -> say, false -> drop },
            Pair -> both,
            #[cfg(any())]
            Never -> nobody with Nothing { A -> say },
            Refuse -> drop,
        } -> (say as plain, long as inner with ByTopic { true -> say as a, false -> say as b }) -> join_k(1) -> first_of
    }
}
#[node]
fn first_of(mut all: Vec<String>) -> String {
    all.remove(0)
}

fn main() {
    let _builder = support::flow()
        .with_routing(policies::Gate)
        .with_routing(Always("true"))
        .with_routing(MapPolicy::new(Routes::by_tenant()))
        .with_routing(ByTopic::named(Routes::by_topic()));
    let _expression = flow! { long with Always { true -> say, false -> say } };
}
