//! Whatever happens in whatever order: places are kept, streams are whole, and nobody sleeps who has something to do.

use super::{Progress, Room, Streams};
use crate::stream::{Chunk, Piece, StreamId};
use futures_util::FutureExt as _;
use futures_util::task::{ArcWake, waker};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll};

/// What may happen next, to which of the writers.
#[derive(Debug, Clone, Copy)]
enum Event {
    Put(usize, bool),
    Drop(usize),
    Read,
    End,
    Close,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => (0usize..4, prop::bool::weighted(0.2)).prop_map(|(writer, done)| Event::Put(writer, done)),
        2 => (0usize..4).prop_map(Event::Drop),
        12 => Just(Event::Read),
        1 => Just(Event::End),
        1 => Just(Event::Close),
    ]
}

struct Flag(AtomicBool);

impl ArcWake for Flag {
    fn wake_by_ref(flag: &Arc<Self>) {
        flag.0.store(true, SeqCst);
    }
}

/// One writer, as it stands.
struct Writer {
    stream: StreamId,
    progress: Progress,
    /// Whether it was accepted that the stream is done.
    done: bool,
    put: u64,
}

impl Writer {
    fn new(number: usize) -> Self {
        Writer { stream: StreamId::new(number.to_string()), progress: Progress::Fresh, done: false, put: 0 }
    }
}

/// The streams beside a plain account of what was put and read.
struct Account {
    streams: Streams,
    lag: usize,
    /// Those who write now, and how many there were.
    writers: Vec<Writer>,
    opened: usize,
    /// Chunks with text that were put and not read.
    unread: usize,
    /// Those who have left, by stream: how many chunks they put, and whether the last one was done.
    left: HashMap<StreamId, (u64, bool)>,
    read: HashMap<StreamId, Vec<Chunk>>,
    over: bool,
    closed: bool,
    /// The reader, if it waits.
    waits: Option<Arc<Flag>>,
}

impl Account {
    fn new(lag: usize) -> Self {
        let writers: Vec<Writer> = (0..4).map(Writer::new).collect();
        let (left, read) = (HashMap::new(), HashMap::new());
        let (over, closed, waits) = (false, false, None);
        Account {
            streams: Streams::new(lag),
            lag,
            opened: writers.len(),
            writers,
            unread: 0,
            left,
            read,
            over,
            closed,
            waits,
        }
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Put(writer, done) => self.put(writer, done),
            Event::Drop(writer) => self.drop(writer),
            Event::Read => self.read(),
            Event::End => {
                self.streams.end();
                self.over = true;
            }
            Event::Close => {
                self.streams.close();
                (self.over, self.closed) = (true, true);
            }
        }
        assert!(self.unread <= self.lag);
    }

    fn put(&mut self, writer: usize, done: bool) {
        let room = self.streams.room(std::future::pending()).now_or_never();
        match room {
            Some(Room::Given) => assert!(!self.over && self.unread < self.lag),
            Some(Room::Unread) => return assert!(self.over),
            Some(Room::Halted) => unreachable!("nobody asked for it"),
            None => return assert!(!self.over && self.unread == self.lag, "waits although there is room"),
        }
        let Writer { stream, progress, done: is_done, put } = &mut self.writers[writer];
        assert!(self.streams.put(progress, stream, Piece::new(put.to_string()), done));
        *put += 1;
        *is_done = done;
        self.unread += 1;
        self.assert_reader_woken();
        if done {
            self.drop(writer);
        }
    }

    /// The writer leaves, and another one comes.
    fn drop(&mut self, writer: usize) {
        let next = Writer::new(self.opened);
        self.opened += 1;
        let Writer { stream, mut progress, done, put } = std::mem::replace(&mut self.writers[writer], next);
        self.streams.abort(&mut progress);
        if put > 0 {
            self.left.insert(stream, (put, done));
            if !done && !self.over {
                self.assert_reader_woken();
            }
        }
    }

    fn assert_reader_woken(&mut self) {
        if let Some(flag) = self.waits.take() {
            assert!(flag.0.load(SeqCst), "there is something to read, and the reader sleeps");
        }
    }

    fn read(&mut self) {
        let flag = Arc::new(Flag(AtomicBool::new(false)));
        let waker = waker(flag.clone());
        match self.streams.poll_next(&mut Context::from_waker(&waker)) {
            Poll::Ready(Some(chunk)) => {
                assert!(!self.closed);
                self.unread -= usize::from(!chunk.aborted);
                self.read.entry(chunk.stream.clone()).or_default().push(chunk);
            }
            Poll::Ready(None) => assert!(self.over && (self.closed || self.unread == 0)),
            Poll::Pending => {
                assert!(!self.over && self.unread == 0);
                self.waits = Some(flag);
            }
        }
    }

    /// Reads the rest and compares.
    fn settle(mut self) {
        self.streams.end();
        self.over = true;
        self.assert_reader_woken();
        let rest = if self.closed { 0 } else { 10_000 };
        (0..rest).for_each(|_| self.read());
        let writers = std::mem::take(&mut self.writers);
        let stayed = writers
            .into_iter()
            .filter(|writer| writer.put > 0)
            .map(|writer| (writer.stream, (writer.put, writer.done)));
        let all: HashMap<StreamId, (u64, bool)> = self.left.drain().chain(stayed).collect();
        for (stream, read) in &self.read {
            let (put, done) = all[stream];
            for (n, chunk) in (0u64..).zip(read) {
                let last = n + 1 == put + u64::from(!done);
                assert_eq!((chunk.seq, chunk.done, chunk.aborted), (n, last, last && !done));
                assert_eq!(chunk.text, if chunk.aborted { String::new() } else { n.to_string() });
            }
            assert!(self.closed || read.last().is_some_and(|chunk| chunk.done), "the reader was not told of the end");
        }
        assert!(self.closed || self.read.len() == all.len());
    }
}

proptest! {
    #[test]
    fn places_are_kept_and_streams_are_whole(lag in 1usize..4, events in prop::collection::vec(event(), 0..80)) {
        let mut account = Account::new(lag);
        events.into_iter().for_each(|event| account.apply(event));
        account.settle();
    }
}

#[test]
fn a_wait_for_room_that_is_given_up_takes_no_place_and_the_next_one_gets_it() {
    let streams = Streams::new(1);
    let (one, other) = (&mut Progress::Fresh.clone(), &mut Progress::Fresh.clone());
    let stream = StreamId::new("a");
    assert_eq!(streams.room(std::future::pending()).now_or_never(), Some(Room::Given));
    assert!(streams.put(one, &stream, Piece::new("0"), false));
    let mut first = Box::pin(streams.room(std::future::pending()));
    let mut second = Box::pin(streams.room(std::future::pending()));
    assert_eq!(((&mut first).now_or_never(), (&mut second).now_or_never()), (None, None));
    let mut task = Context::from_waker(std::task::Waker::noop());
    assert!(streams.poll_next(&mut task).is_ready());
    assert_eq!((&mut second).now_or_never(), None, "the place is the first one's");
    drop(first);
    assert_eq!((&mut second).now_or_never(), Some(Room::Given));
    assert!(streams.put(other, &StreamId::new("b"), Piece::new("0"), true));
    assert_eq!(streams.room(std::future::ready(())).now_or_never(), Some(Room::Halted));
}
