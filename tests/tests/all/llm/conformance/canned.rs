//! A network that gives one reply, cut as asked, and keeps what was sent. Must not know what is in either.

use futures_util::future::{BoxFuture, FutureExt as _, ready};
use futures_util::stream::{self, StreamExt as _};
use penguiflow::llm::{Headers, HttpReply, HttpRequest, LlmError, LlmErrorKind, Transport};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How the body of the reply comes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    /// In one piece.
    Whole,
    /// Byte by byte.
    Bytes,
    /// In two pieces, cut there.
    At(usize),
    /// As far as that, and then it is over.
    Over(usize),
    /// As far as that, and then the connection breaks.
    Broken(usize),
    /// In one piece, with this behind it.
    Followed(&'static [u8]),
}

#[derive(Clone)]
pub(super) struct Canned {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Arc<[u8]>,
    cut: Arc<Mutex<Cut>>,
    sent: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Canned {
    pub(super) fn new(status: u16, headers: BTreeMap<String, String>, body: Vec<u8>) -> Self {
        let (cut, sent) = (Arc::new(Mutex::new(Cut::Whole)), Arc::default());
        Canned { status, headers, body: body.into(), cut, sent }
    }

    /// Cuts from now on so.
    pub(super) fn cut(&self, cut: Cut) {
        *self.cut.lock().expect("no test panics inside") = cut;
    }

    /// What was sent since the last time.
    pub(super) fn sent(&self) -> Vec<HttpRequest> {
        std::mem::take(&mut *self.sent.lock().expect("no test panics inside"))
    }

    fn pieces(&self) -> Vec<Result<Vec<u8>, LlmError>> {
        let body = &*self.body;
        let piece = |bytes: &[u8]| Ok(bytes.to_vec());
        match *self.cut.lock().expect("no test panics inside") {
            Cut::Whole => vec![piece(body)],
            Cut::Bytes => body.chunks(1).map(piece).collect(),
            Cut::At(at) => vec![piece(&body[..at]), piece(&body[at..])],
            Cut::Over(at) => vec![piece(&body[..at])],
            Cut::Broken(at) => {
                vec![piece(&body[..at]), Err(LlmError::new(LlmErrorKind::Transport, "the connection was reset"))]
            }
            Cut::Followed(more) => vec![Ok([body, more].concat())],
        }
    }
}

impl Transport for Canned {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpReply, LlmError>> {
        self.sent.lock().expect("no test panics inside").push(request);
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let body = stream::iter(self.pieces()).boxed();
        ready(Ok(HttpReply::new(self.status, Headers(headers), body))).boxed()
    }
}
