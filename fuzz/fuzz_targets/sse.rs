//! Server-sent events: whatever is written, a client that reads by the standard gets back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use penguiflow::clock::millis;
use penguiflow::sse::{self, Event};
use penguiflow::{Chunk, Meta};
use penguiflow_fuzz::text;
use serde_json::Value;
use standard::{Dispatched, interpret};

#[path = "../../tests/tests/all/sse/standard.rs"]
mod standard;

/// What may end a line, a field or an event too early.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "\r\n", "\n\n", "\r\r", "\r", "\n", "data: ", "data:", "event: done\n", "id: 1\n", "id\n", "retry: 0\n", ": ",
    ":", " ", "\u{feff}", "\0", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\u{1b}", "\\", "\"", "\\n",
    "{\"a\":1}", "é", "🐧", "\u{301}", "\u{10ffff}", SEPARATOR,
];

/// Stands between the fields of an event, and between events.
const SEPARATOR: &str = "\u{1e}";

/// What a client has to make of what was written.
#[derive(Default)]
struct Written {
    stream: String,
    expected: Vec<Dispatched>,
    last_event_id: String,
    retry_ms: Option<u64>,
}

fuzz_target!(|bytes: &[u8]| {
    let text = text::of(bytes, WORDS);
    let mut fields = text.split(SEPARATOR);
    let mut written = Written::default();
    while let Some(kind) = fields.next() {
        let mut next = || fields.next().unwrap_or_default();
        match kind.chars().next() {
            Some('c' | 'd') => written.chunk(next(), next(), next(), kind),
            Some('e') => written.event(next(), next(), next(), kind),
            _ => written.stream.push_str(&sse::comment(kind)),
        }
    }
    let client = interpret(&written.stream);
    assert_eq!(client.events, written.expected, "{:?}", written.stream);
    assert_eq!(client.retry_ms, written.retry_ms, "{:?}", written.stream);
});

impl Written {
    fn chunk(&mut self, stream: &str, said: &str, meta: &str, kind: &str) {
        let mut chunk = Chunk::new(stream, kind.len() as u64, said);
        chunk.done = kind.starts_with('d');
        chunk.meta.insert(meta, said);
        let frame = sse::encode(&chunk);
        self.stream.push_str(&frame);
        self.last_event_id = format!("{stream}.{}", chunk.seq).replace(char::is_control, "");
        let event = if chunk.done { "done" } else { "chunk" };
        self.expect(event, chunk.to_ws_json(&Meta::default()));
        check_ws(&chunk, meta, said);
    }

    fn event(&mut self, name: &str, id: &str, data: &str, kind: &str) {
        let mut event = Event::new(data);
        if kind.len() > 1 {
            event = event.with_retry(millis(kind.len() as u64));
        }
        let breaks = |text: &str| text.contains(['\n', '\r', '\0']);
        match event.clone().with_event(name) {
            Ok(named) => event = named,
            Err(refused) => assert!(breaks(name) && refused.field == "event" && refused.value == name),
        }
        let named = !breaks(name);
        match event.clone().with_id(id) {
            Ok(numbered) => event = numbered,
            Err(refused) => assert!(breaks(id) && refused.field == "id" && refused.value == id),
        }
        if !breaks(id) {
            self.last_event_id = id.to_owned();
        }
        if kind.len() > 1 {
            self.retry_ms = Some(kind.len() as u64);
        }
        self.stream.push_str(&event.to_string());
        let name = if named && !name.is_empty() { name } else { "message" };
        self.expect(name, data.replace("\r\n", "\n").replace('\r', "\n"));
    }

    fn expect(&mut self, event: &str, data: String) {
        let last_event_id = self.last_event_id.clone();
        self.expected.push(Dispatched { event: event.to_owned(), data, last_event_id });
    }
}

/// A message of a web socket is the chunk on one line, with the entries beside it that are not called like its own.
fn check_ws(chunk: &Chunk, key: &str, value: &str) {
    let extra = Meta::from_iter([(key, value)]);
    let message = chunk.to_ws_json(&extra);
    assert!(!message.contains(['\n', '\r']), "{message}");
    assert_eq!(serde_json::from_str::<Chunk>(&message).ok().as_ref(), Some(chunk), "{message}");
    let (Ok(mut wide), Ok(plain)) = (serde_json::from_str::<Value>(&message), serde_json::to_value(chunk)) else {
        panic!("no JSON: {message}")
    };
    let is_own = ["stream_id", "name", "attempt", "seq", "text", "done", "aborted", "meta"].contains(&key);
    if let (false, Some(wide)) = (is_own, wide.as_object_mut()) {
        assert_eq!(wide.remove(key), Some(Value::from(value)), "{message}");
    }
    assert_eq!(wide, plain, "{message}");
}
