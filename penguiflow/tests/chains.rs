//! A flow is what its expansion says: chains by `flow!` and by hand in the shape that it prints give the same and hold the
//! same.
#![allow(
    missing_docs,
    unreachable_pub,
    non_camel_case_types,
    clippy::manual_async_fn,
    clippy::exhaustive_structs,
    reason = "what the macros write about functions"
)]

#[path = "chains/flows.rs"]
mod flows;

use flows::*;

/// What a chain of the first `hops` nodes makes of the first trail.
fn through(hops: usize) -> Trail {
    NODES[..hops].iter().fold(Trail { nodes: 7, hops: 0 }, |trail, node| trail.through(node))
}

macro_rules! both_give {
    ($hops:literal: $drawn:ident $expanded:ident) => {{
        let (drawn, expanded) = ($drawn::flow(), $expanded::flow());
        assert_eq!(drawn.frame_bytes(), expanded.frame_bytes(), "the frames of {} nodes", $hops);
        let (drawn, expanded) = (drawn.start().expect("starts"), expanded.start().expect("starts"));
        let start = Trail { nodes: 7, hops: 0 };
        let by_macro = drawn.call(start).await.expect("completes");
        let by_hand = expanded.call(start).await.expect("completes");
        assert_eq!((by_macro, by_hand), (through($hops), through($hops)));
        assert_eq!(by_hand.hops, $hops);
    }};
}

#[tokio::test(start_paused = true)]
async fn chains_by_hand_give_what_the_macro_s_give_in_frames_of_the_same_size() {
    both_give!(8: drawn8 expanded8);
    both_give!(64: drawn64 expanded64);
    both_give!(200: drawn200 expanded200);
}
