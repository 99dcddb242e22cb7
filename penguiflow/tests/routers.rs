//! What `#[router]` and `#[message]` write for routing compiles in every shape that they accept, and chooses the right arm.
//! The flows are written by hand, so that nothing here depends on `flow!`.
#![deny(warnings, missing_docs, unreachable_pub)]
#![forbid(unsafe_code)]

use penguiflow::__private as pf;
use penguiflow::prelude::*;

#[message]
struct Question {
    text: String,
}

#[message]
struct Docs(Vec<String>);

fn question(text: &str) -> Question {
    Question { text: text.to_owned() }
}

#[derive(Provides)]
struct App {
    index: Vec<String>,
}

fn app() -> App {
    App { index: vec!["penguins huddle".into(), "penguins swim".into()] }
}

#[derive(Debug)]
struct Lost(u8);

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "lost {}", self.0)
    }
}

impl std::error::Error for Lost {}

/// Where a draft goes.
#[message]
enum Verdict {
    /// Out.
    Good(Docs),
    /// Back, with a reason and a count.
    Thin(Question, u32),
    /// Into itself.
    Nested(Box<Self>),
    /// Nowhere.
    #[cfg(any())]
    Never(Missing),
    /// To the bin.
    Refuse,
}

/// Only payloads.
#[message]
enum Kind {
    /// A number.
    Number(u8),
    /// A text.
    Text(String),
}

/// Its only unit variant is off.
#[message]
enum Gated {
    /// A number.
    Number(u8),
    /// Off.
    #[cfg(any())]
    Off,
}

#[router]
async fn triage(q: Question, State(index): State<'_, Vec<String>>) -> Result<Verdict, Lost> {
    match q.text.len() {
        0 => Err(Lost(0)),
        1 => Ok(Verdict::Refuse),
        2 => Ok(Verdict::Thin(q, 2)),
        _ => Ok(Verdict::Good(Docs(index.clone()))),
    }
}

#[router]
fn by_ref(q: &Unique) -> Verdict {
    if q.0 == 0 { Verdict::Refuse } else { Verdict::Good(Docs(vec![])) }
}

#[router(boxed)]
async fn by_ref_and_state(q: &Unique, State(index): State<'_, Vec<String>>, ctx: &Ctx) -> Result<Verdict, Lost> {
    if index.is_empty() || ctx.attempt() > 1 { Err(Lost(q.0)) } else { Ok(Verdict::Refuse) }
}

#[router]
fn kind(unique: Unique) -> Kind {
    if unique.0 == 0 { Kind::Text("zero".to_owned()) } else { Kind::Number(unique.0) }
}

#[router]
fn gated(unique: Unique) -> Gated {
    Gated::Number(unique.0)
}

/// Can be neither cloned nor stored.
struct Unique(u8);

#[node]
fn docs(d: Docs) -> String {
    format!("{} docs", d.0.len())
}
#[node]
fn both((q, n): (Question, u32)) -> String {
    format!("{} {n}", q.text)
}
#[node]
fn deep(_: Box<Verdict>) -> String {
    "deep".to_owned()
}
#[node]
fn refused(q: Question) -> String {
    format!("no {}", q.text)
}
#[node]
fn unique(u: Unique) -> String {
    format!("unique {}", u.0)
}

macro_rules! route {
    ($flow:ident($in:ty): $router:ident { $($arm:ident -> $node:ident),+ }) => {
        #[allow(non_camel_case_types)]
        struct $flow {}
        const _: () = {
            impl pf::NodeDef for $flow {
                type In = $in;
                type Out = String;
                type Yield = String;
                type Arms<__A> = __A;
                type Keep = pf::Once;
                const NAME: &'static str = stringify!($flow);
                const POLICY: pf::Policy = pf::Policy::new();
                fn list(_: &mut pf::Listing) {}
            }
            impl pf::FlowDef for $flow {
                type Input = $in;
                type Output = String;
                const INFO: &'static pf::FlowInfo = {
                    const SHAPE: pf::Topology =
                        pf::Topology { mermaid: "", fingerprint: 0, steps: &[], edges: &[], loops: &[] };
                    const TOLD: pf::FlowInfo = pf::flow_info(stringify!($flow), module_path!(), "", false, SHAPE, None, None);
                    &TOLD
                };
            }
            impl<__S: Send + Sync + 'static> pf::FlowBody<__S> for $flow
            where
                $router: pf::Node<__S>,
                $($node: pf::Node<__S>,)+
            {
                async fn body<'a>(cx: &'a pf::Cx<'a, __S>, m: pf::M<$in>) -> pf::Ran<String>
                where
                    __S: 'a,
                {
                    type Arms = <$router as pf::NodeDef>::Arms<()>;
                    let route = m.to::<$router>().route::<(), __S>(cx, 0).await?;
                    let m = match route {
                        $(Arms::$arm(m) => m.to::<$node>().run(cx, 1).await?,)+
                    };
                    Ok(m.exit::<String, $flow>())
                }
            }
        };
    };
}

route!(sort(Question): triage { Good -> docs, Thin -> both, Nested -> deep, Refuse -> refused });
route!(keep(Unique): by_ref { Good -> docs, Thin -> both, Nested -> deep, Refuse -> unique });
route!(keep_more(Unique): by_ref_and_state { Good -> docs, Thin -> both, Nested -> deep, Refuse -> unique });
route!(payloads(Unique): kind { Number -> number, Text -> text });
route!(on(Unique): gated { Number -> number });

#[node]
fn number(n: u8) -> String {
    n.to_string()
}
#[node]
fn text(s: String) -> String {
    s
}

#[router]
fn find(n: u8) -> Option<String> {
    (n > 0).then(|| "found".to_owned())
}

#[router]
fn is_zero(n: u8) -> bool {
    n == 0
}

type Checked = Result<String, u8>;

#[router]
fn check(n: u8) -> Checked {
    if n == 0 { Err(n) } else { Ok("checked".to_owned()) }
}

route!(option(u8): find { Some -> text, None -> number });
route!(boolean(u8): is_zero { r#true -> number, r#false -> number });
route!(result(u8): check { Ok -> text, Err -> number });

#[tokio::test]
async fn option_result_and_bool_route_too() {
    let handle = pf::FlowBuilder::<option>::new().start().expect("starts");
    assert_eq!(handle.call(1).await.expect("finds"), "found");
    assert_eq!(handle.call(0).await.expect("finds nothing"), "0");
    let handle = pf::FlowBuilder::<result>::new().start().expect("starts");
    assert_eq!(handle.call(1).await.expect("is well"), "checked");
    assert_eq!(handle.call(0).await.expect("is an arm of its own"), "0");
    let handle = pf::FlowBuilder::<boolean>::new().start().expect("starts");
    assert_eq!(handle.call(0).await.expect("is zero"), "0");
    assert_eq!(handle.call(1).await.expect("is not"), "1");
}

#[tokio::test]
async fn each_variant_feeds_its_arm() {
    let handle = pf::FlowBuilder::<sort>::new().with_state(app()).start().expect("starts");
    assert_eq!(handle.call(question("abc")).await.expect("is good"), "2 docs");
    assert_eq!(handle.call(question("ab")).await.expect("is thin"), "ab 2");
    assert_eq!(handle.call(question("a")).await.expect("is refused"), "no a");
    assert!(handle.call(question("")).await.is_err());
}

#[tokio::test]
async fn a_router_that_borrows_passes_on_what_cannot_be_cloned() {
    let handle = pf::FlowBuilder::<keep>::new().start().expect("starts");
    assert_eq!(handle.call(Unique(0)).await.expect("is refused"), "unique 0");
    assert_eq!(handle.call(Unique(1)).await.expect("is good"), "0 docs");
    let handle = pf::FlowBuilder::<keep_more>::new().with_state(app()).start().expect("starts");
    assert_eq!(handle.call(Unique(7)).await.expect("is refused"), "unique 7");
}

#[tokio::test]
async fn without_a_unit_variant_the_input_is_not_kept() {
    let handle = pf::FlowBuilder::<payloads>::new().start().expect("starts");
    assert_eq!(handle.call(Unique(0)).await.expect("is a text"), "zero");
    assert_eq!(handle.call(Unique(3)).await.expect("is a number"), "3");
    let handle = pf::FlowBuilder::<on>::new().start().expect("starts");
    assert_eq!(handle.call(Unique(3)).await.expect("is a number"), "3");
}
