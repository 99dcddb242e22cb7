//! What a trace holds on to while it runs: the frame hardly grows with the length of a chain, and not with nesting.
#![allow(missing_docs, unreachable_pub)]

use penguiflow::prelude::*;

type Block = [u8; 1024];

#[node]
async fn wide(block: Block) -> Block {
    tokio::task::yield_now().await;
    block
}

#[node(boxed)]
async fn boxed(block: Box<Block>) -> Box<Block> {
    let copy = *block;
    tokio::task::yield_now().await;
    Box::new(copy)
}

flow! { short(Block) -> Block { wide -> wide as w1 } }
flow! {
    long(Block) -> Block {
        wide -> wide as w1 -> wide as w2 -> wide as w3 -> wide as w4 -> wide as w5 -> wide as w6 -> wide as w7 -> wide as w8
        -> wide as w9 -> wide as wa -> wide as wb -> wide as wc -> wide as wd -> wide as we -> wide as wf -> wide as wg
        -> wide as wh -> wide as wi -> wide as wj -> wide as wk -> wide as wl -> wide as wm -> wide as wn -> wide as wo
    }
}
flow! { outer(Block) -> Block { short -> wide as w1 } }
flow! { outermost(Block) -> Block { outer -> wide as w1 } }
flow! { by_box(Box<Block>) -> Box<Block> { boxed } }

#[test]
fn a_frame_grows_by_a_message_at_most_for_every_sixteen_hops() {
    let (short, long) = (short::flow().frame_bytes(), long::flow().frame_bytes());
    assert!(long <= short + 1024 + 64, "{short} and {long} bytes");
}

#[test]
fn a_frame_does_not_grow_with_the_nesting_of_its_flows() {
    let (one, two, three) = (short::flow().frame_bytes(), outer::flow().frame_bytes(), outermost::flow().frame_bytes());
    assert!(two <= one + 256 && three <= two + 64, "{one}, {two} and {three} bytes");
}

#[test]
fn what_is_boxed_is_no_part_of_the_frame() {
    assert!(by_box::flow().frame_bytes() < 512);
}

#[tokio::test(start_paused = true)]
async fn wide_payloads_pass_through_all_of_them() {
    let app = outermost::flow().start().expect("starts");
    assert_eq!(app.call([7; 1024]).await.expect("passes"), [7; 1024]);
    let app = long::flow().start().expect("starts");
    assert_eq!(app.call([7; 1024]).await.expect("passes"), [7; 1024]);
    let app = by_box::flow().start().expect("starts");
    assert_eq!(*app.call(Box::new([7; 1024])).await.expect("passes"), [7; 1024]);
}
