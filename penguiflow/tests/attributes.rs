//! What `#[node]`, `#[router]`, `#[controller]`, `#[message]` and `#[derive(Provides)]` write compiles in every shape that
//! they accept, and runs. The flows are written by hand, so that nothing here depends on `flow!`.
#![deny(warnings, missing_docs, unreachable_pub)]
#![forbid(unsafe_code)]

use penguiflow::__private as pf;
use penguiflow::clock::{Seam, millis};
use penguiflow::prelude::*;
use penguiflow::{ErrorKind, Limit, Validate, Violations};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A flow of one chain, in the shape that `flow!` writes.
macro_rules! chain {
    ($flow:ident($in:ty) -> $out:ty: $($node:ident),+) => {
        #[allow(non_camel_case_types)]
        struct $flow {}
        const _: () = {
            impl pf::NodeDef for $flow {
                type In = $in;
                type Out = $out;
                type Yield = $out;
                type Arms<__A> = __A;
                type Keep = pf::Once;
                const NAME: &'static str = stringify!($flow);
                const POLICY: pf::Policy = pf::Policy::new();
                fn list(listing: &mut pf::Listing) {
                    $(<$node as pf::NodeDef>::list(listing);)+
                }
            }
            impl pf::FlowDef for $flow {
                type Input = $in;
                type Output = $out;
                const INFO: &'static pf::FlowInfo = {
                    const SHAPE: pf::Topology =
                        pf::Topology { mermaid: "", fingerprint: 0, steps: &[], edges: &[], loops: &[] };
                    const TOLD: pf::FlowInfo = pf::flow_info(stringify!($flow), module_path!(), "", false, SHAPE, None, None);
                    &TOLD
                };
            }
            impl<__S: Send + Sync + 'static> pf::FlowBody<__S> for $flow
            where
                $($node: pf::Node<__S>,)+
            {
                fn body<'a>(
                    cx: &'a pf::Cx<'a, __S>,
                    m: pf::M<$in>,
                ) -> impl Future<Output = pf::Ran<$out>> + Send + 'a
                where
                    __S: 'a,
                {
                    async move {
                        $(let m = m.to::<$node>().run(cx, 0).await?;)+
                        Ok(m.exit::<$out, $flow>())
                    }
                }
            }
        };
    };
}

#[message]
#[derive(PartialEq)]
struct Question {
    text: String,
}

#[message]
#[derive(PartialEq, Default)]
struct Docs(Vec<String>);

fn question(text: &str) -> Question {
    Question { text: text.to_owned() }
}

#[derive(Provides)]
struct App {
    index: Vec<String>,
    calls: Arc<AtomicU32>,
    #[provides(skip)]
    _spare: Arc<AtomicU32>,
}

fn app() -> App {
    App { index: vec!["penguins huddle".into(), "penguins swim".into()], calls: Arc::default(), _spare: Arc::default() }
}

#[derive(Debug)]
struct Lost(u8);

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "lost {}", self.0)
    }
}

impl std::error::Error for Lost {}

impl Lost {
    fn is_worth_it(&self) -> bool {
        self.0 < 3
    }
}

// === shapes of the signature ===

/// Trims.
#[node]
async fn clean(Question { text }: Question) -> Question {
    Question { text: text.trim().to_owned() }
}

#[node(timeout = "2s", concurrency = 16, rate = "1000/s", effect = pure)]
async fn search(q: Question, State(index): State<'_, Vec<String>>) -> Result<Docs, Lost> {
    let found: Vec<String> = index.iter().filter(|line| line.contains(&q.text)).cloned().collect();
    if found.is_empty() { Err(Lost(9)) } else { Ok(Docs(found)) }
}

#[node(name = "how-many")]
fn count(docs: Docs, ctx: &Ctx, State(calls): State<'_, Arc<AtomicU32>>) -> usize {
    assert_eq!(ctx.node(), "how-many");
    calls.fetch_add(1, Ordering::Relaxed);
    docs.0.len()
}

#[node(boxed)]
async fn annotate(
    n: usize,
    calls: State<'_, Arc<AtomicU32>>,
    ctx: &Ctx,
    State(index): State<'_, Vec<String>>,
) -> String {
    tokio::task::yield_now().await;
    format!("{n} of {} in {} calls, attempt {}", index.len(), calls.load(Ordering::Relaxed), ctx.attempt())
}

chain!(whole(Question) -> String: clean, search, count, annotate);

#[tokio::test(start_paused = true)]
async fn nodes_of_every_signature_run() {
    let handle = pf::FlowBuilder::<whole>::new().with_state(app()).start().expect("starts");
    assert_eq!(handle.call(question(" penguins ")).await.expect("answers"), "2 of 2 in 1 calls, attempt 1");
    let stop = handle.call(question("walrus")).await.expect_err("finds nothing");
    assert!(stop.to_string().contains("search"), "{stop}");
}

#[tokio::test]
async fn the_function_stays_a_function() {
    let index = vec!["a".to_owned()];
    assert_eq!(search(question("a"), State(&index)).await.expect("finds it"), Docs(index.clone()));
    assert_eq!(clean(question(" a ")).await, question("a"));
}

mod blocking {
    use super::*;

    #[node(blocking)]
    fn crunch(q: Question, State(calls): State<'_, Arc<AtomicU32>>, ctx: &Ctx) -> std::io::Result<u32> {
        assert_eq!(ctx.node(), "crunch");
        if q.text.is_empty() {
            return Err(std::io::ErrorKind::NotFound.into());
        }
        Ok(calls.fetch_add(1, Ordering::Relaxed) + 1)
    }

    chain!(plain(Question) -> u32: crunch);

    #[tokio::test]
    async fn a_blocking_node_shares_what_it_takes() {
        let handle = pf::FlowBuilder::<plain>::new().with_state(app()).start().expect("starts");
        assert_eq!(handle.call(question("a")).await.expect("counts"), 1);
        assert!(handle.call(question("")).await.is_err());
    }
}

mod nothing {
    use super::*;

    #[node]
    async fn begin(_: ()) {}

    #[node]
    fn r#match(_: ()) -> (u8, u8) {
        (1, 2)
    }

    #[node]
    fn add((a, b): (u8, u8)) -> u8 {
        a + b
    }

    chain!(sum(()) -> u8: begin, r#match, add);

    #[tokio::test]
    async fn nothing_is_a_message() {
        let handle = pf::FlowBuilder::<sum>::new().start().expect("starts");
        assert_eq!(handle.call(()).await.expect("adds"), 3);
        assert_eq!(<r#match as pf::NodeDef>::NAME, "match");
    }
}

mod envelopes {
    use super::*;

    #[node]
    async fn stamp(m: Message<Question>, ctx: &Ctx) -> Message<Question> {
        let node = ctx.node();
        m.map(|q| Question { text: q.text + "!" }).with_meta("by", node)
    }

    #[node]
    fn read(m: Message<Question>) -> Result<Message<String>, Lost> {
        let by = m.meta().get("by").map(ToString::to_string).ok_or(Lost(1))?;
        Ok(m.map(|q| q.text + &by))
    }

    chain!(post(Question) -> String: stamp, clean, read);

    #[tokio::test]
    async fn meta_rides_along() {
        let handle = pf::FlowBuilder::<post>::new().start().expect("starts");
        assert_eq!(handle.call(question("hi")).await.expect("answers"), "hi!\"stamp\"");
    }
}

// === results and retries ===

mod retries {
    use super::*;

    type Outcome = Result<Docs, Lost>;

    #[node(retries = 5, backoff = ("10ms", 2, "20ms"), jitter = none, retry_if = Lost::is_worth_it, fallible)]
    async fn flaky(q: Question, State(calls): State<'_, Arc<AtomicU32>>) -> Outcome {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        if q.text == "hopeless" { Err(Lost(call as u8)) } else { Err(Lost(0)) }
    }

    chain!(try_it(Question) -> Docs: flaky);

    #[tokio::test(start_paused = true)]
    async fn retry_if_decides() {
        let state = app();
        let calls = state.calls.clone();
        let handle = pf::FlowBuilder::<try_it>::new().with_state(state).start().expect("starts");
        let begun = Seam::system().now();
        assert!(handle.call(question("hopeless")).await.is_err());
        assert_eq!(calls.load(Ordering::Relaxed), 4, "three that are worth it, and one that is not");
        assert_eq!((Seam::system().now() - begun).as_millis(), 10 + 20 + 20);
        assert!(handle.call(question("again")).await.is_err());
        assert_eq!(calls.load(Ordering::Relaxed), 4 + 6);
    }

    #[derive(Debug)]
    struct Busy(u8);

    impl std::fmt::Display for Busy {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "busy {}", self.0)
        }
    }

    impl std::error::Error for Busy {}

    impl Classify for Busy {
        fn class(&self) -> ErrorClass {
            ErrorClass::Fatal
        }

        fn retry_after(&self) -> Option<std::time::Duration> {
            Some(millis(70))
        }
    }

    #[node(retries = 1, backoff = "10ms", jitter = none, retry_if = is_busy)]
    fn turned_away(_: Question) -> Result<Docs, Busy> {
        Err(Busy(1))
    }

    fn is_busy(error: &Busy) -> bool {
        error.0 > 0
    }

    chain!(wait_for_it(Question) -> Docs: turned_away);

    #[tokio::test(start_paused = true)]
    async fn retry_if_decides_whether_and_the_error_says_when() {
        let handle = pf::FlowBuilder::<wait_for_it>::new().start().expect("starts");
        let begun = Seam::system().now();
        let stop = handle.call(question("a")).await.expect_err("is turned away twice");
        assert!(stop.to_string().contains("attempt 2 of 2"), "{stop}");
        assert_eq!((Seam::system().now() - begun).as_millis(), 70);
    }
}

mod rules {
    use super::*;

    impl Validate for Question {
        fn validate(&self) -> Result<(), Violations> {
            let mut found = Violations::new();
            if self.text.is_empty() {
                found.push("text", "is empty");
            }
            found.into_result()
        }
    }

    #[node(validate = both)]
    async fn shorten(q: Question) -> Result<Question, Lost> {
        Ok(Question { text: q.text[1..].to_owned() })
    }

    chain!(strict(Question) -> Question: shorten);

    #[tokio::test]
    async fn both_sides_are_checked() {
        let handle = pf::FlowBuilder::<strict>::new().start().expect("starts");
        assert_eq!(handle.call(question("ab")).await.expect("is long enough"), question("b"));
        for text in ["", "a"] {
            let stop = handle.call(question(text)).await.expect_err("is too short");
            assert!(matches!(&stop, Stop::Failed(error) if matches!(error.kind(), ErrorKind::Invalid(_))), "{stop}");
        }
    }
}

// === controllers ===

mod loops {
    use super::*;

    #[controller(turns = 4)]
    async fn halve(n: u32, ctx: &Ctx) -> Result<Step<u32, String>, Lost> {
        match n {
            13 => Err(Lost(13)),
            0 | 1 => Ok(Step::Done(format!("down to {n} by {}", ctx.node()))),
            _ => Ok(Step::Again(n / 2)),
        }
    }

    chain!(down(u32) -> String: halve);

    #[tokio::test]
    async fn a_controller_loops_on_itself() {
        let handle = pf::FlowBuilder::<down>::new().start().expect("starts");
        assert_eq!(handle.call(8).await.expect("takes three turns"), "down to 1 by halve");
        assert!(matches!(handle.call(32).await, Err(Stop::BudgetExceeded(Limit::Turns))));
        assert!(matches!(handle.call(26).await, Err(Stop::Failed(_))));
    }
}

// === messages ===

mod messages {
    use super::*;

    #[message(no_schema)]
    struct Foreign {
        at: std::time::Duration,
    }

    #[message(no_serde, no_schema)]
    struct Local(Arc<AtomicU32>);

    #[message]
    #[derive(Default, Clone, serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Mine {
        long_name: u8,
    }

    #[node]
    fn stay(local: Local) -> Local {
        local
    }

    #[message]
    struct Generic<T>(T);

    #[message]
    enum Named {
        Fields { a: u8 },
        Unit,
    }

    #[message]
    enum GenericEnum<T> {
        One(T),
    }

    #[test]
    fn a_message_can_be_shown_cloned_stored_and_described() {
        fn all<T: std::fmt::Debug + Clone + serde::Serialize + serde::de::DeserializeOwned>() {}
        all::<Question>();
        all::<Foreign>();
        all::<Mine>();
        all::<Generic<u8>>();
        all::<Named>();
        all::<GenericEnum<u8>>();
        let local = Local(Arc::default());
        assert_eq!(local.clone().0.load(Ordering::Relaxed), 0);
        assert_eq!(serde_json::to_string(&Mine { long_name: 1 }).expect("is plain"), "{\"longName\":1}");
        let _ =
            (Foreign { at: std::time::Duration::ZERO }.at, Named::Unit, Named::Fields { a: 1 }, GenericEnum::One(1));
        let schema = pf::schemars::schema_for!(Question);
        assert!(schema.as_value().to_string().contains("text"));
    }
}

#[cfg(feature = "garde")]
#[test]
fn rules_of_garde_are_rules_of_ours() {
    #[message(garde)]
    struct Short {
        #[garde(length(min = 1))]
        text: String,
    }
    assert!(Short { text: "a".to_owned() }.validate().is_ok());
    let breach = Validate::validate(&Short { text: String::new() }).expect_err("is too short");
    assert_eq!(breach.to_string(), "text: length is lower than 1");
}

#[test]
fn every_node_is_listed_with_what_it_says_about_itself() {
    let listed = |name: &str| penguiflow::nodes().find(|node| node.name == name).expect("is listed");
    assert_eq!(listed("clean").docs, "Trims.");
    assert_eq!(listed("clean").module, "attributes");
    assert_eq!(listed("how-many").policy.retries, 0);
    assert_eq!(listed("flaky").policy.retries, 5);
    assert!(listed("search").input.is_some_and(|schema| schema().as_value().to_string().contains("text")));
    assert!(listed("stay").input.is_none(), "has no schema");
}

#[test]
fn attributes_work_inside_a_function() {
    #[message]
    enum Inner {
        A(u8),
        B,
    }
    #[router]
    fn inner(n: u8) -> Inner {
        if n == 0 { Inner::B } else { Inner::A(n) }
    }
    assert!(matches!(inner(1), Inner::A(1)));
    assert!(matches!(inner(0), Inner::B));
    assert_eq!(<inner as pf::NodeDef>::NAME, "inner");
}
