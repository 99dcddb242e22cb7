//! What happens between two steps of a post, in the orders that several threads may bring about.

use super::outputs::Outputs;
use super::*;
use crate::clock::Seam;
use crate::graph::channels::Channels;
use crate::graph::letters::Letters;
use crate::graph::node::Listing;
use crate::graph::table::NodeTable;
use crate::graph::watch::Tap;
use crate::graph::watch::between::Between;
use futures_util::FutureExt;

/// The posts of a flow with `places`, all of them taken.
fn taken(places: usize) -> (Arc<Posts<u32>>, Arc<Admission>) {
    let runtime = tokio::runtime::Handle::current();
    let (nodes, channels) = (NodeTable::new(&Listing::default()), Channels::new(runtime));
    let shared = Arc::new(Shared::new(
        Seam::seeded(0),
        nodes,
        channels,
        Letters::new(1),
        Tap::new("posts", Seam::seeded(0), Between::default()),
    ));
    let admission = Arc::new(Admission::new(places));
    for _ in 0..places {
        assert_eq!(admission.try_room(), Ok(()));
    }
    (Arc::new(Posts::new(admission.clone(), shared)), admission)
}

fn post(posts: &Arc<Posts<u32>>, id: u128) -> Result<Posted<u32>, NotPosted> {
    Posted::register(posts, TraceId::from_u128(id), &Headers::default())
}

fn value(value: u32) -> Result<M<u32>, Stop> {
    Ok(M { value, meta: Meta::default() })
}

/// Its reader may have been told that nothing comes any more.
#[tokio::test]
async fn a_post_that_had_room_when_the_flow_was_closed_is_refused_and_gives_it_back() {
    let (posts, admission) = taken(2);
    let mut outputs = Outputs::open(&posts).expect("nobody reads");
    let inside = post(&posts, 1).expect("is open");
    posts.close();
    assert!(outputs.next().now_or_never().is_none(), "one runs");
    inside.end(value(7));
    assert!(outputs.next().await.is_some_and(|output| output.ending.is_completed()));
    assert!(outputs.next().await.is_none());
    assert_eq!(post(&posts, 2).err(), Some(NotPosted::Closed));
    assert!(outputs.next().await.is_none());
    assert_eq!(admission.inside(), 0);
}

#[tokio::test]
async fn a_post_whose_reader_has_just_gone_is_refused_and_gives_its_room_back() {
    let (posts, admission) = taken(1);
    drop(Outputs::open(&posts).expect("nobody reads"));
    assert_eq!(post(&posts, 1).err(), Some(NotPosted::NoReader));
    assert_eq!((admission.inside(), posts.unread()), (0, 0));
}

#[tokio::test]
async fn a_trace_that_ends_while_readers_change_is_read_or_buried_and_its_place_comes_back_either_way() {
    for ends_between in [false, true] {
        let (posts, admission) = taken(1);
        let first = Outputs::open(&posts).expect("nobody reads").in_order();
        let mut inside = Some(post(&posts, 1).expect("is open"));
        drop(first);
        if ends_between {
            inside.take().into_iter().for_each(|inside| inside.end(value(7)));
        }
        let mut second = Outputs::open(&posts).expect("nobody reads");
        inside.into_iter().for_each(|inside| inside.end(value(7)));
        let read = second.next().now_or_never().flatten().is_some();
        assert_eq!(
            (read, posts.shared.letters.count(), admission.inside()),
            (!ends_between, u64::from(ends_between), 0)
        );
    }
}

#[tokio::test]
async fn once_places_are_free_endings_keep_none_and_are_read_all_the_same() {
    let (posts, admission) = taken(3);
    let mut outputs = Outputs::open(&posts).expect("nobody reads").in_order();
    let [head, ended, late] = [1, 2, 3].map(|id| post(&posts, id).expect("is open"));
    ended.end(value(2));
    posts.close();
    posts.free_places();
    assert_eq!((admission.inside(), posts.unread()), (2, 1));
    late.end(value(3));
    assert_eq!((admission.inside(), posts.unread()), (1, 2));
    drop(head);
    assert_eq!((admission.inside(), posts.unread()), (0, 3));
    for id in [1, 2, 3] {
        assert_eq!(outputs.next().await.map(|output| output.trace_id), Some(TraceId::from_u128(id)));
    }
    assert!(outputs.next().await.is_none());
}
