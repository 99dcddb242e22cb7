//! Reads a stream of server-sent events as the WHATWG HTML standard says in "Interpreting an event stream". Knows nothing of
//! who wrote it.

/// What a client dispatches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dispatched {
    pub(crate) event: String,
    pub(crate) data: String,
    pub(crate) last_event_id: String,
}

/// What a client has seen of a stream.
#[derive(Debug, Default)]
pub(crate) struct Client {
    data: String,
    event: String,
    id: String,
    pub(crate) retry_ms: Option<u64>,
    pub(crate) events: Vec<Dispatched>,
}

/// All that a client makes of a whole stream.
pub(crate) fn interpret(stream: &str) -> Client {
    let mut client = Client::default();
    let stream = stream.strip_prefix('\u{feff}').unwrap_or(stream);
    let mut rest = stream;
    // What stands behind the last line break is no line yet, and an event without its empty line is never dispatched.
    while let Some(at) = rest.find(['\n', '\r']) {
        let (line, behind) = rest.split_at(at);
        rest = behind.strip_prefix("\r\n").unwrap_or(&behind[1..]);
        client.line(line);
    }
    client
}

impl Client {
    fn line(&mut self, line: &str) {
        match line.split_once(':') {
            None if line.is_empty() => self.dispatch(),
            Some(("", _)) => {}
            Some((field, value)) => self.field(field, value.strip_prefix(' ').unwrap_or(value)),
            None => self.field(line, ""),
        }
    }

    fn field(&mut self, field: &str, value: &str) {
        match field {
            "event" => self.event = value.to_owned(),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = value.to_owned(),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => self.retry_ms = value.parse().ok(),
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        let (data, event) = (std::mem::take(&mut self.data), std::mem::take(&mut self.event));
        let Some(data) = data.strip_suffix('\n') else { return };
        let event = if event.is_empty() { "message".to_owned() } else { event };
        self.events.push(Dispatched { event, data: data.to_owned(), last_event_id: self.id.clone() });
    }
}

#[test]
fn the_examples_of_the_standard_are_read_as_it_says() {
    let data = |stream: &str| interpret(stream).events.into_iter().map(|event| event.data).collect::<Vec<_>>();
    assert_eq!(data("data: YHOO\ndata: +2\ndata: 10\n\n"), ["YHOO\n+2\n10"]);
    let stream = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
    assert_eq!(data(stream), ["first event", "second event", " third event"]);
    let ids: Vec<_> = interpret(stream).events.into_iter().map(|event| event.last_event_id).collect();
    assert_eq!(ids, ["1", "", ""]);
    assert_eq!(data("data\n\ndata\ndata\n\ndata:"), ["", "\n"]);
    assert_eq!(data("data:test\n\ndata: test\n\n"), ["test", "test"]);
    let named = interpret("\u{feff}event: add\rdata: 73857293\r\rretry: 30\r\nretry: x\r\nid: a\0b\r\ndata: c\r\n\r\n");
    assert_eq!((named.events[0].event.as_str(), named.retry_ms), ("add", Some(30)));
    assert_eq!((named.events[1].event.as_str(), named.events[1].last_event_id.as_str()), ("message", ""));
}
