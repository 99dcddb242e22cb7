//! Chains of 8, 64 and 200 nodes, each by `flow!` and by hand in the shape that `flow!` prints. Told apart by nothing but
//! their names; knows neither the tests nor the benches that run them.

use penguiflow::__private as pf;
use penguiflow::prelude::*;

/// 16 bytes: a trail of the nodes in their order, and how many there were.
#[message]
#[derive(Copy, PartialEq, Eq)]
pub struct Trail {
    pub nodes: u64,
    pub hops: u64,
}

impl Trail {
    /// What the node `name` makes of it.
    pub const fn through(self, name: &str) -> Trail {
        let name = name.as_bytes();
        let node = name[0] as u64 * 256 + name[1] as u64;
        Trail { nodes: self.nodes.wrapping_mul(31).wrapping_add(node), hops: self.hops + 1 }
    }
}

macro_rules! nodes {
    ($([$($node:ident)+])+) => {
        $($(#[node]
        pub async fn $node(trail: Trail) -> Trail {
            trail.through(stringify!($node))
        })+)+
        pub const NODES: &[&str] = &[$($(stringify!($node)),+),+];
    };
}

/// The flow by `flow!`.
macro_rules! drawn {
    ($flow:ident: [$first:ident $($node:ident)+] $([$($more:ident)+])*) => {
        flow! { pub $flow(Trail) -> Trail { $first $(-> $node)+ $($(-> $more)+)* } }
    };
}

/// The same flow by hand: one typed statement for each edge, and more than 16 of them in runs of 16.
macro_rules! expanded {
    ($flow:ident: [$($node:ident)+]) => {
        expanded! { $flow, cx, m, [$($node)+], $(let m = m.to::<$node>().run(cx, __Place::$node as u32).await?;)+ }
    };
    ($flow:ident: $([$($node:ident)+])+) => {
        expanded! {
            $flow, cx, m, [$($($node)+)+],
            $(let m = async move {
                $(let m = m.to::<$node>().run(cx, __Place::$node as u32).await?;)+
                Ok::<_, pf::Stop>(m)
            }
            .await?;)+
        }
    };
    ($flow:ident, $cx:ident, $m:ident, [$($node:ident)+], $($steps:tt)+) => {
        pub struct $flow {}
        impl $flow {
            pub fn flow() -> pf::FlowBuilder<$flow> {
                pf::FlowBuilder::new()
            }
        }
        const _: () = {
            /// The places, counted by rustc.
            enum __Place {
                $($node),+
            }
            impl pf::NodeDef for $flow {
                type In = Trail;
                type Out = Trail;
                type Yield = Trail;
                type Arms<__A> = __A;
                type Keep = pf::Once;
                const NAME: &'static str = stringify!($flow);
                const POLICY: pf::Policy = pf::Policy::new();
                const IS_FLOW: bool = true;
                fn list(listing: &mut pf::Listing) {
                    $(<$node as pf::NodeDef>::list(listing);)+
                }
            }
            impl pf::FlowDef for $flow {
                type Input = Trail;
                type Output = Trail;
                const INFO: &'static pf::FlowInfo = {
                    const SHAPE: pf::Topology =
                        pf::Topology { mermaid: "", fingerprint: 0, steps: &[], edges: &[], loops: &[] };
                    const TOLD: pf::FlowInfo = pf::flow_info(stringify!($flow), module_path!(), "", false, SHAPE, None, None);
                    &TOLD
                };
            }
            impl<__S: Send + Sync + 'static> pf::FlowBody<__S> for $flow
            where
                $($node: pf::Node<__S>),+
            {
                fn body<'a>(
                    $cx: &'a pf::Cx<'a, __S>,
                    $m: pf::M<Trail>,
                ) -> impl Future<Output = pf::Ran<Trail>> + Send + 'a
                where
                    __S: 'a,
                {
                    async move {
                        $($steps)+
                        Ok::<_, pf::Stop>($m.exit::<Trail, $flow>())
                    }
                }
            }
        };
    };
}

macro_rules! both {
    ($drawn:ident $expanded:ident: $($nodes:tt)+) => {
        drawn! { $drawn: $($nodes)+ }
        expanded! { $expanded: $($nodes)+ }
    };
}

nodes! {
    [a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af]
    [b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf]
    [c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ca cb cc cd ce cf]
    [d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 da db dc dd de df]
    [e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 ea eb ec ed ee ef]
    [f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff]
    [g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 ga gb gc gd ge gf]
    [h0 h1 h2 h3 h4 h5 h6 h7 h8 h9 ha hb hc hd he hf]
    [n0 n1 n2 n3 n4 n5 n6 n7 n8 n9 na nb nc nd ne nf]
    [j0 j1 j2 j3 j4 j5 j6 j7 j8 j9 ja jb jc jd je jf]
    [k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 ka kb kc kd ke kf]
    [l0 l1 l2 l3 l4 l5 l6 l7 l8 l9 la lb lc ld le lf]
    [m0 m1 m2 m3 m4 m5 m6 m7]
}

both! { drawn8 expanded8: [a0 a1 a2 a3 a4 a5 a6 a7] }
both! {
    drawn64 expanded64:
    [a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af]
    [b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf]
    [c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ca cb cc cd ce cf]
    [d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 da db dc dd de df]
}
both! {
    drawn200 expanded200:
    [a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af]
    [b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 ba bb bc bd be bf]
    [c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 ca cb cc cd ce cf]
    [d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 da db dc dd de df]
    [e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 ea eb ec ed ee ef]
    [f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff]
    [g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 ga gb gc gd ge gf]
    [h0 h1 h2 h3 h4 h5 h6 h7 h8 h9 ha hb hc hd he hf]
    [n0 n1 n2 n3 n4 n5 n6 n7 n8 n9 na nb nc nd ne nf]
    [j0 j1 j2 j3 j4 j5 j6 j7 j8 j9 ja jb jc jd je jf]
    [k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 ka kb kc kd ke kf]
    [l0 l1 l2 l3 l4 l5 l6 l7 l8 l9 la lb lc ld le lf]
    [m0 m1 m2 m3 m4 m5 m6 m7]
}
