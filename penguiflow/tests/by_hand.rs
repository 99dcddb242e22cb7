//! The expansion of the README's flow, written by hand: the shape that the macros print. It must compile and run.
#![allow(non_camel_case_types, missing_docs, clippy::manual_async_fn, reason = "what the macros write about functions")]

use penguiflow::__private as pf;
use penguiflow::{Ctx, Provides, State, Step};

// === what the user writes, plain ===

#[derive(Debug, Clone)]
pub struct Question {
    pub text: String,
}
#[derive(Debug, Clone)]
pub struct Docs(pub Vec<String>);
#[derive(Debug, Clone)]
pub struct Facts(pub usize);
#[derive(Debug, Clone)]
pub struct Notes(pub String);
#[derive(Debug, Clone)]
pub struct Draft(pub String);
#[derive(Debug, Clone, PartialEq)]
pub struct Answer(pub String);
#[derive(Debug)]
pub struct SearchError;
impl std::fmt::Display for SearchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("search failed")
    }
}
impl std::error::Error for SearchError {}
pub struct Index(pub Vec<String>);

#[derive(Debug, Clone)]
pub enum Verdict {
    Good(Draft),
    Thin(Question),
    Refuse,
}

pub async fn clean(q: Question) -> Question {
    Question { text: q.text.trim().to_owned() }
}

pub async fn search(q: Question, State(index): State<'_, Index>) -> Result<Docs, SearchError> {
    let found: Vec<String> = index.0.iter().filter(|line| line.contains(&q.text)).cloned().collect();
    if found.is_empty() { Err(SearchError) } else { Ok(Docs(found)) }
}

pub fn lookup(q: Question, ctx: &Ctx) -> Facts {
    Facts(q.text.len() + ctx.attempt() as usize)
}

pub async fn gather((docs, facts): (Docs, Facts)) -> Notes {
    Notes(format!("{} ({})", docs.0.join(","), facts.0))
}

pub async fn refine(notes: Notes) -> Step<Notes, Draft> {
    if notes.0.ends_with("!!") { Step::Done(Draft(notes.0)) } else { Step::Again(Notes(notes.0 + "!")) }
}

pub async fn triage(d: Draft) -> Verdict {
    match d.0.len() {
        0..4 => Verdict::Refuse,
        4..8 => Verdict::Thin(Question { text: d.0 }),
        _ => Verdict::Good(d),
    }
}

pub async fn polish(d: Draft) -> Answer {
    Answer(d.0)
}
pub async fn ask_more(q: Question) -> Answer {
    Answer(format!("what do you mean by {}?", q.text))
}
pub async fn decline(d: Draft) -> Answer {
    Answer(format!("no: {}", d.0))
}
pub async fn render(a: Answer) -> Answer {
    Answer(format!("<{}>", a.0))
}

// === `#[message]` on an enum: its mirror, under the enum's own name so that rustc's words name it ===

const _: () = {
    type __Routed = Verdict;
    type __P0 = Draft;
    type __P1 = Question;
    const _: () = {
        pub enum Verdict<__In> {
            Good(pf::M<__P0>),
            Thin(pf::M<__P1>),
            Refuse(pf::M<__In>),
        }
        impl pf::Routable for __Routed {}
        impl pf::Routed for __Routed {
            type Arms<__In> = Verdict<__In>;
            type Passes = pf::PassesInput;
            fn arms<__In>(self, input: __In, meta: pf::Meta) -> Verdict<__In> {
                match self {
                    __Routed::Good(v0) => Verdict::Good(pf::arm(v0, meta)),
                    __Routed::Thin(v0) => Verdict::Thin(pf::arm(v0, meta)),
                    __Routed::Refuse => Verdict::Refuse(pf::arm(input, meta)),
                }
            }
        }
    };
};

// === `#[node]`: async, no state ===

macro_rules! simple_node {
    ($name:ident: $in:ty => $out:ty, $call:expr) => {
        #[doc(hidden)]
        pub struct $name {}
        const _: () = {
            impl pf::NodeDef for $name {
                type In = $in;
                type Out = $out;
                type Yield = $out;
                type Arms<__A> = __A;
                type Keep = pf::Once;
                const NAME: &'static str = stringify!($name);
                const POLICY: pf::Policy = pf::Policy::new();
                fn list(listing: &mut pf::Listing) {
                    listing.node::<Self>();
                }
            }
            impl<__S: Send + Sync + 'static> pf::Node<__S> for $name {
                fn run_as<'a, __I>(
                    cx: &'a pf::Cx<'a, __S>,
                    place: u32,
                    m: pf::M<$in>,
                ) -> impl Future<Output = pf::Ran<$out>> + Send + 'a
                where
                    __I: pf::NodeDef<In = $in, Out = $out, Yield = $out>,
                    __S: 'a,
                {
                    pf::hop::<__I, _, _, _, _, _>(cx, place, m, |_| Ok(()), |_, input| $call(input), |out, _| Ok(out))
                }
            }
        };
    };
}

simple_node!(clean: Question => Question, clean);
simple_node!(gather: (Docs, Facts) => Notes, gather);
simple_node!(polish: Draft => Answer, polish);
simple_node!(ask_more: Question => Answer, ask_more);
simple_node!(decline: Draft => Answer, decline);
simple_node!(render: Answer => Answer, render);

// === `#[node(retries = 3, timeout = "2s", concurrency = 16)]`: a result, a state, a policy ===

#[doc(hidden)]
pub struct search {}
const _: () = {
    type __Out = <Result<Docs, SearchError> as pf::Fallible>::Value;
    impl pf::NodeDef for search {
        type In = Question;
        type Out = __Out;
        type Yield = __Out;
        type Arms<__A> = __A;
        type Keep = pf::Again<Question>;
        const NAME: &'static str = "search";
        const POLICY: pf::Policy =
            pf::Policy::new().with_retries(3).with_timeout(pf::Duration::from_millis(2000)).with_concurrency(16);
        fn list(listing: &mut pf::Listing) {
            listing.node::<Self>();
        }
    }
    impl<__S: Send + Sync + 'static> pf::Node<__S> for search
    where
        __S: pf::Provides<Index>,
    {
        fn run_as<'a, __I>(
            cx: &'a pf::Cx<'a, __S>,
            place: u32,
            m: pf::M<Question>,
        ) -> impl Future<Output = pf::Ran<__Out>> + Send + 'a
        where
            __I: pf::NodeDef<In = Question, Out = __Out, Yield = __Out>,
            __S: 'a,
        {
            pf::hop::<__I, _, _, _, _, _>(
                cx,
                place,
                m,
                |_| Ok(()),
                |at, input| search(input, pf::State(at.cx.provide::<Index>())),
                |out, _| {
                    pf::Fallible::into_result(out).map_err(|error| {
                        #[allow(unused_imports, reason = "one of the two is chosen by the error's type")]
                        use pf::{ByClassify as _, ByDefault as _};
                        let class = (&pf::Judge(&error)).classified();
                        pf::failed(error, class)
                    })
                },
            )
        }
    }
};

// === `#[node]`: a plain function with `&Ctx` ===

#[doc(hidden)]
pub struct lookup {}
const _: () = {
    impl pf::NodeDef for lookup {
        type In = Question;
        type Out = Facts;
        type Yield = Facts;
        type Arms<__A> = __A;
        type Keep = pf::Once;
        const NAME: &'static str = "lookup";
        const POLICY: pf::Policy = pf::Policy::new();
        fn list(listing: &mut pf::Listing) {
            listing.node::<Self>();
        }
    }
    impl<__S: Send + Sync + 'static> pf::Node<__S> for lookup {
        fn run_as<'a, __I>(
            cx: &'a pf::Cx<'a, __S>,
            place: u32,
            m: pf::M<Question>,
        ) -> impl Future<Output = pf::Ran<Facts>> + Send + 'a
        where
            __I: pf::NodeDef<In = Question, Out = Facts, Yield = Facts>,
            __S: 'a,
        {
            pf::hop::<__I, _, _, _, _, _>(
                cx,
                place,
                m,
                |_| Ok(()),
                |at, input| {
                    let ctx = at.ctx();
                    // An async function with `&Ctx` is awaited inside the same block, which owns the context.
                    async move { lookup(input, &ctx) }
                },
                |out, _| Ok(out),
            )
        }
    }
};

// === `#[controller(turns = 8)]` ===

#[doc(hidden)]
pub struct refine {}
const _: () = {
    type __Yield = Step<Notes, Draft>;
    type __Out = <__Yield as pf::StepOf<Notes, refine>>::Done;
    impl pf::NodeDef for refine {
        type In = Notes;
        type Out = __Out;
        type Yield = __Yield;
        type Arms<__A> = __A;
        type Keep = pf::Once;
        const NAME: &'static str = "refine";
        const POLICY: pf::Policy = pf::Policy::new();
        fn list(listing: &mut pf::Listing) {
            listing.node::<Self>();
        }
    }
    impl<__S: Send + Sync + 'static> pf::Node<__S> for refine {
        fn run_as<'a, __I>(
            cx: &'a pf::Cx<'a, __S>,
            place: u32,
            m: pf::M<Notes>,
        ) -> impl Future<Output = pf::Ran<__Out>> + Send + 'a
        where
            __I: pf::NodeDef<In = Notes, Out = __Out, Yield = __Yield>,
            __S: 'a,
        {
            async move {
                let mut turns = pf::Turns::new(m, 8);
                loop {
                    let cx = &cx.turn(place, turns.turn());
                    let m = pf::hop::<__I, _, _, _, _, _>(
                        cx,
                        place,
                        turns.take(),
                        |_| Ok(()),
                        |_, input| refine(input),
                        |out, _| Ok(out),
                    )
                    .await?;
                    match turns.after::<refine, _>(m) {
                        pf::Turned::Again => turns.breathe().await,
                        pf::Turned::Done(m) => return Ok(m),
                        pf::Turned::Out(_) => return Err(pf::Stop::BudgetExceeded(pf::Limit::Turns)),
                    }
                }
            }
        }
    }
};

// === `#[router]` ===

#[doc(hidden)]
pub struct triage {}
const _: () = {
    #[allow(unused_imports, reason = "in scope for a type that has no arms")]
    use pf::AskedNot as _;
    type __Choice = pf::Choice<{ pf::Asked::<Verdict>::HAS_ARMS }>;
    const _: () = pf::routes::<Verdict>();
    impl pf::Router for triage {}
    impl pf::NodeDef for triage {
        type In = Draft;
        type Out = Verdict;
        type Yield = Verdict;
        type Arms<__A> = <__Choice as pf::ArmsOf<Verdict, Draft, __A>>::Arms;
        type Keep = pf::Once;
        const NAME: &'static str = "triage";
        const POLICY: pf::Policy = pf::Policy::new();
        fn list(listing: &mut pf::Listing) {
            listing.node::<Self>();
        }
    }
    impl<__S: Send + Sync + 'static> pf::Node<__S> for triage {
        fn run_as<'a, __I>(
            cx: &'a pf::Cx<'a, __S>,
            place: u32,
            m: pf::M<Draft>,
        ) -> impl Future<Output = pf::Ran<Verdict>> + Send + 'a
        where
            __I: pf::NodeDef<In = Draft, Out = Verdict, Yield = Verdict>,
            __S: 'a,
        {
            pf::hop::<__I, _, _, _, _, _>(cx, place, m, |_| Ok(()), |_, input| triage(input), |out, _| Ok(out))
        }

        fn route_as<'a, __I, __A>(
            cx: &'a pf::Cx<'a, __S>,
            place: u32,
            m: pf::M<Draft>,
        ) -> impl Future<Output = Result<Self::Arms<__A>, pf::Stop>> + Send + 'a
        where
            __I: pf::NodeDef<In = Draft, Out = Verdict, Yield = Verdict>,
            __A: 'a,
            __S: 'a,
        {
            async move {
                let kept = <__Choice as pf::Choose<Verdict, Draft, __A>>::keep(&m);
                let m = <Self as pf::Node<__S>>::run_as::<__I>(cx, place, m).await?;
                Ok(<__Choice as pf::Choose<Verdict, Draft, __A>>::choose(m, kept))
            }
        }
    }
};

// === `flow!` ===

pub struct support {}

impl support {
    pub fn flow() -> pf::FlowBuilder<support> {
        pf::FlowBuilder::new()
    }
}

const _: () = {
    type __N0 = clean;
    type __N1 = search;
    type __N2 = lookup;
    type __N3 = gather;
    type __N4 = refine;
    type __N5 = triage;
    type __N6 = polish;
    type __N7 = ask_more;
    type __N8 = decline;
    type __N9 = render;

    impl pf::NodeDef for support {
        type In = Question;
        type Out = Answer;
        type Yield = Answer;
        type Arms<__A> = __A;
        type Keep = pf::Once;
        const NAME: &'static str = "support";
        const POLICY: pf::Policy = pf::Policy::new();
        fn list(listing: &mut pf::Listing) {
            <__N0 as pf::NodeDef>::list(listing);
            <__N1 as pf::NodeDef>::list(listing);
        }
    }
    impl pf::FlowDef for support {
        type Input = Question;
        type Output = Answer;
        const INFO: &'static pf::FlowInfo = {
            const STEPS: &[pf::StepInfo] = &[
                pf::step_info(None, "input", pf::StepKind::Input, None),
                pf::step_of::<__N0>(0, pf::StepKind::Node, None),
                pf::step_of::<__N1>(1, pf::StepKind::Node, None),
                pf::step_of::<__N2>(2, pf::StepKind::Node, None),
                pf::step_info(Some(3), "join", pf::StepKind::Join, None),
                pf::step_of::<__N3>(4, pf::StepKind::Node, None),
                pf::step_of::<__N4>(5, pf::StepKind::Node, None),
                pf::step_of::<__N5>(6, pf::StepKind::Router, None),
                pf::step_of::<__N6>(7, pf::StepKind::Node, None),
                pf::step_of::<__N7>(8, pf::StepKind::Node, None),
                pf::step_of::<__N8>(9, pf::StepKind::Node, None),
                pf::step_of::<__N9>(10, pf::StepKind::Node, None),
                pf::step_info(None, "output", pf::StepKind::Output, None),
            ];
            const EDGES: &[pf::EdgeInfo] = &[
                pf::edge_info(0, 1, None),
                pf::edge_info(1, 2, None),
                pf::edge_info(1, 3, None),
                pf::edge_info(2, 4, None),
                pf::edge_info(3, 4, None),
                pf::edge_info(4, 5, None),
                pf::edge_info(5, 6, None),
                pf::edge_info(6, 7, None),
                pf::edge_info(7, 8, Some("Good")),
                pf::edge_info(7, 9, Some("Thin")),
                pf::edge_info(7, 10, Some("Refuse")),
                pf::edge_info(8, 11, None),
                pf::edge_info(9, 11, None),
                pf::edge_info(10, 11, None),
                pf::edge_info(11, 12, None),
            ];
            const TOLD: pf::FlowInfo = pf::flow_info(
                "support",
                module_path!(),
                "",
                false,
                pf::Topology { mermaid: "", fingerprint: 0, steps: STEPS, edges: EDGES, loops: &[] },
                None,
                None,
            )
            .limited(<support as pf::FlowDef>::BUDGET, <support as pf::FlowDef>::DEADLINE);
            &TOLD
        };
        const BUDGET: pf::Budget = pf::Budget::new().hops(64).usd(pf::Money::from_picos(500_000_000_000));
        const DEADLINE: Option<pf::Duration> = Some(pf::Duration::from_millis(30_000));
    }
    impl<__S: Send + Sync + 'static> pf::Node<__S> for support
    where
        support: pf::FlowBody<__S>,
    {
        fn run_as<'a, __I>(
            cx: &'a pf::Cx<'a, __S>,
            place: u32,
            m: pf::M<Question>,
        ) -> impl Future<Output = pf::Ran<Answer>> + Send + 'a
        where
            __I: pf::NodeDef<In = Question, Out = Answer, Yield = Answer>,
            __S: 'a,
        {
            pf::sub_flow::<support, __I, __S>(cx, place, m)
        }
    }
    impl<__S: Send + Sync + 'static> pf::FlowBody<__S> for support
    where
        __N0: pf::Node<__S>,
        __N1: pf::Node<__S>,
        __N2: pf::Node<__S>,
        __N3: pf::Node<__S>,
        __N4: pf::Node<__S>,
        __N5: pf::Node<__S>,
        __N6: pf::Node<__S>,
        __N7: pf::Node<__S>,
        __N8: pf::Node<__S>,
        __N9: pf::Node<__S>,
    {
        fn body<'a>(cx: &'a pf::Cx<'a, __S>, m: pf::M<Question>) -> impl Future<Output = pf::Ran<Answer>> + Send + 'a
        where
            __S: 'a,
        {
            async move {
                let m = m.to::<__N0>().run(cx, 0).await?;
                let m = {
                    let c0 = m.share();
                    let c1 = m;
                    let mut b0 = ::std::pin::pin!(pf::branch(async move {
                        let m = c0;
                        let m = m.to::<__N1>().run(cx, 1).await?;
                        Ok::<_, pf::Stop>(m)
                    }));
                    let mut b1 = ::std::pin::pin!(pf::branch(async move {
                        let m = c1;
                        let m = m.to::<__N2>().run(cx, 2).await?;
                        Ok::<_, pf::Stop>(m)
                    }));
                    pf::join(cx, false, &mut [b0.as_mut(), b1.as_mut()]).await?;
                    pf::met(cx, 3, "join", 2usize);
                    pf::Joined::joined((b0.as_mut().take(), b1.as_mut().take()))
                };
                let m = m.to::<__N3>().run(cx, 4).await?;
                let m = m.to::<__N4>().run(cx, 5).await?;
                let m = {
                    #[allow(dead_code, reason = "only there for arms of a name that is no router")]
                    enum __Arms {
                        Good(pf::Gone),
                        Thin(pf::Gone),
                        Refuse(pf::Gone),
                    }
                    type __R = <__N5 as pf::NodeDef>::Arms<__Arms>;
                    let triage = m.to::<__N5>().choosing().route::<__Arms, __S>(cx, 6).await?;
                    let ends = pf::Ends::new();
                    match triage {
                        __R::Good(m) => {
                            pf::took(cx, 6, "triage", "Good");
                            let m = m.to::<__N6>().run(cx, 7).await?;
                            m.first_end(&ends)
                        }
                        __R::Thin(m) => {
                            pf::took(cx, 6, "triage", "Thin");
                            let m = m.to::<__N7>().run(cx, 8).await?;
                            pf::Meets(m, &ends).end()
                        }
                        __R::Refuse(m) => {
                            pf::took(cx, 6, "triage", "Refuse");
                            let m = m.to::<__N8>().run(cx, 9).await?;
                            pf::Meets(m, &ends).end()
                        }
                    }
                };
                let m = m.to::<__N9>().run(cx, 10).await?;
                Ok(m.exit::<Answer, support>())
            }
        }
    }
};

// === a router that takes its input by reference ===

pub async fn by_ref(d: &Draft) -> Verdict {
    if d.0.is_empty() { Verdict::Refuse } else { Verdict::Thin(Question { text: d.0.clone() }) }
}

#[doc(hidden)]
pub struct by_ref {}
const _: () = {
    #[allow(unused_imports, reason = "in scope for a type that has no arms")]
    use pf::AskedNot as _;
    type __Choice = pf::Choice<{ pf::Asked::<Verdict>::HAS_ARMS }>;
    const _: () = pf::routes::<Verdict>();
    impl pf::Router for by_ref {}
    impl pf::NodeDef for by_ref {
        type In = Draft;
        type Out = Verdict;
        type Yield = (Verdict, Draft);
        type Arms<__A> = <__Choice as pf::ArmsOf<Verdict, Draft, __A>>::Arms;
        type Keep = pf::Once;
        const NAME: &'static str = "by_ref";
        const POLICY: pf::Policy = pf::Policy::new();
        fn list(listing: &mut pf::Listing) {
            listing.node::<Self>();
        }
    }
    fn __hop<'a, __I, __S: Send + Sync + 'static>(
        cx: &'a pf::Cx<'a, __S>,
        place: u32,
        m: pf::M<Draft>,
    ) -> impl Future<Output = pf::Ran<(Verdict, Draft)>> + Send + 'a
    where
        __I: pf::NodeDef<In = Draft, Out = Verdict, Yield = (Verdict, Draft)>,
    {
        pf::hop::<__I, _, _, _, _, _>(
            cx,
            place,
            m,
            |_| Ok(()),
            |_, input| async move {
                let out = by_ref(&input).await;
                (out, input)
            },
            |out, _| Ok(out),
        )
    }
    impl<__S: Send + Sync + 'static> pf::Node<__S> for by_ref {
        fn run_as<'a, __I>(
            cx: &'a pf::Cx<'a, __S>,
            place: u32,
            m: pf::M<Draft>,
        ) -> impl Future<Output = pf::Ran<Verdict>> + Send + 'a
        where
            __I: pf::NodeDef<In = Draft, Out = Verdict, Yield = (Verdict, Draft)>,
            __S: 'a,
        {
            async move { Ok(__hop::<__I, __S>(cx, place, m).await?.without_input()) }
        }

        fn route_as<'a, __I, __A>(
            cx: &'a pf::Cx<'a, __S>,
            place: u32,
            m: pf::M<Draft>,
        ) -> impl Future<Output = Result<Self::Arms<__A>, pf::Stop>> + Send + 'a
        where
            __I: pf::NodeDef<In = Draft, Out = Verdict, Yield = (Verdict, Draft)>,
            __A: 'a,
            __S: 'a,
        {
            async move {
                let m = __hop::<__I, __S>(cx, place, m).await?;
                Ok(<__Choice as pf::ChooseByRef<Verdict, Draft, __A>>::choose(m))
            }
        }
    }
};

// === an expression with a loop, a map, a `join_k`, a sub-flow, an instance, `drop` and `done` ===

pub async fn split(q: Question) -> Vec<Question> {
    q.text.split(' ').map(|word| Question { text: word.to_owned() }).collect()
}
simple_node!(split: Question => Vec<Question>, split);
pub async fn count(answers: Vec<Answer>) -> Draft {
    Draft(answers.iter().map(|answer| answer.0.as_str()).collect())
}
simple_node!(count: Vec<Answer> => Draft, count);
pub async fn merge(drafts: Vec<Draft>) -> Notes {
    Notes(drafts.into_iter().map(|draft| draft.0).collect())
}
simple_node!(merge: Vec<Draft> => Notes, merge);
pub async fn judge(notes: Notes) -> Step<Notes, Draft> {
    if notes.0.ends_with('?') { Step::Done(Draft(notes.0)) } else { Step::Again(Notes(notes.0 + "?")) }
}
simple_node!(judge: Notes => Step<Notes, Draft>, judge);

fn wide() -> pf::FlowBuilder<impl pf::FlowBody<(), Input = Question, Output = Answer>> {
    struct __Flow {}
    type __N0 = split;
    type __N1 = ask_more;
    type __N2 = count;
    type __N3 = count;
    type __N4 = merge;
    type __N5 = judge;
    type __N6 = by_ref;
    type __N7 = ask_more;
    struct quick {}
    impl pf::NodeDef for quick {
        type In = <__N3 as pf::NodeDef>::In;
        type Out = <__N3 as pf::NodeDef>::Out;
        type Yield = <__N3 as pf::NodeDef>::Yield;
        type Arms<__A> = <__N3 as pf::NodeDef>::Arms<__A>;
        type Keep = <__N3 as pf::NodeDef>::Keep;
        const NAME: &'static str = "quick";
        const POLICY: pf::Policy = <__N3 as pf::NodeDef>::POLICY.with_timeout(pf::Duration::from_millis(10));
        fn list(listing: &mut pf::Listing) {
            listing.node::<Self>();
        }
    }
    impl pf::NodeDef for __Flow {
        type In = <__N0 as pf::NodeDef>::In;
        type Out = <__N7 as pf::NodeDef>::Out;
        type Yield = Self::Out;
        type Arms<__A> = __A;
        type Keep = pf::Once;
        const NAME: &'static str = "flow";
        const POLICY: pf::Policy = pf::Policy::new();
        fn list(_: &mut pf::Listing) {}
    }
    impl pf::FlowDef for __Flow {
        type Input = <__N0 as pf::NodeDef>::In;
        type Output = <__N7 as pf::NodeDef>::Out;
        const INFO: &'static pf::FlowInfo = {
            const SHAPE: pf::Topology =
                pf::Topology { mermaid: "", fingerprint: 0, steps: &[], edges: &[], loops: &[] };
            const TOLD: pf::FlowInfo = pf::flow_info("flow", module_path!(), "", false, SHAPE, None, None);
            &TOLD
        };
    }
    impl<__S: Send + Sync + 'static> pf::FlowBody<__S> for __Flow
    where
        __N0: pf::Node<__S>,
        __N1: pf::Node<__S>,
        __N2: pf::Node<__S>,
        __N3: pf::Node<__S>,
        __N4: pf::Node<__S>,
        __N5: pf::Node<__S>,
        __N6: pf::Node<__S>,
        __N7: pf::Node<__S>,
    {
        fn body<'a>(
            cx: &'a pf::Cx<'a, __S>,
            m: pf::M<Self::Input>,
        ) -> impl Future<Output = pf::Ran<Self::Output>> + Send + 'a
        where
            __S: 'a,
        {
            pf::leave(async move {
                let m = m.to::<__N0>().run(cx, 0).await?;
                let m = {
                    #[allow(unused_imports, reason = "one of the two is chosen by the type that arrives")]
                    use pf::{ByItem as _, NoItem as _};
                    pf::Mapped(m).items().each::<__N1>().run(cx, 1, 2, pf::ITEMS_MAX).await?
                };
                let m = {
                    let c0 = m.share();
                    let c1 = m;
                    let mut b0 = ::std::pin::pin!(pf::branch(async move {
                        let m = c0;
                        let m = m.to::<__N2>().run(cx, 2).await?;
                        Ok::<_, pf::Stop>(m)
                    }));
                    let mut b1 = ::std::pin::pin!(pf::branch(async move {
                        let m = c1;
                        let m = m.to::<__N3>().run_as::<quick, __S>(cx, 3).await?;
                        Ok::<_, pf::Stop>(m)
                    }));
                    pf::join_k(cx, 4, 2, &mut [b0.as_mut(), b1.as_mut()]).await?;
                    pf::met(cx, 4, "join_k", 2usize);
                    let picks = pf::Picks::of(2, b0.as_mut().pick());
                    let picks = pf::Pick(b1.as_mut().pick(), picks).put();
                    picks.done()
                };
                let m = m.to::<__N4>().run(cx, 5).await?;
                let m = {
                    let mut turns = pf::Turns::new(m, 3);
                    loop {
                        let cx = &cx.turn(6, turns.turn());
                        let m = turns.take();
                        let m = m.to::<__N5>().run(cx, 6).await?;
                        match turns.after::<__N5, _>(m) {
                            pf::Turned::Again => turns.breathe().await,
                            pf::Turned::Done(m) => break m,
                            pf::Turned::Out(_) => return Err(pf::Stop::BudgetExceeded(pf::Limit::Turns).into()),
                        }
                    }
                };
                let m = {
                    #[allow(dead_code, reason = "only there for arms of a name that is no router")]
                    enum __Arms {
                        Good(pf::Gone),
                        Thin(pf::Gone),
                        Refuse(pf::Gone),
                    }
                    type __R = <__N6 as pf::NodeDef>::Arms<__Arms>;
                    let by_ref = m.to::<__N6>().choosing().route::<__Arms, __S>(cx, 7).await?;
                    let ends = pf::Ends::new();
                    match by_ref {
                        __R::Good(_) => {
                            pf::took(cx, 7, "by_ref", "Good");
                            return Err(pf::dropped("by_ref", "Good").into());
                        }
                        __R::Thin(m) => {
                            pf::took(cx, 7, "by_ref", "Thin");
                            m.first_end(&ends)
                        }
                        __R::Refuse(m) => {
                            pf::took(cx, 7, "by_ref", "Refuse");
                            let m = pf::M::new(Answer(m.into_value().0), pf::Meta::default());
                            return Err(pf::Exit::Done(m.exit::<Self::Output, __Flow>()));
                        }
                    }
                };
                let m = m.to::<__N7>().run(cx, 8).await?;
                Ok::<_, pf::Exit<Self::Output>>(m.exit::<Self::Output, __Flow>())
            })
        }
    }
    pf::FlowBuilder::<__Flow>::new()
}

#[tokio::test(start_paused = true)]
async fn the_other_forms_run() {
    let app = wide().start().expect("starts");
    let answer = app.call(Question { text: "a b".into() }).await.expect("answers");
    let asked = "what do you mean by a?what do you mean by b?";
    assert_eq!(answer, Answer(format!("what do you mean by {asked}{asked}?")));
}

struct App {
    index: Index,
}
impl Provides<Index> for App {
    fn provide(&self) -> &Index {
        &self.index
    }
}

#[tokio::test(start_paused = true)]
async fn the_readme_flow_runs() {
    let index = Index(vec!["penguins huddle".into(), "penguins swim".into()]);
    let app = support::flow().with_state(App { index }).start().expect("starts");
    let answer = app.call(Question { text: " penguins ".into() }).await.expect("answers");
    assert_eq!(answer, Answer("<penguins huddle,penguins swim (9)!!>".into()));
    let trace = app.emit(Question { text: "penguins".into() }).await.expect("lets it in");
    assert!(trace.result().await.is_completed());
    let stop = app.call(Question { text: "walrus".into() }).await.expect_err("finds nothing");
    assert!(stop.to_string().starts_with("support › search, attempt 4 of 4, after "), "{stop}");
    assert_eq!(app.in_flight(), 0);
}
