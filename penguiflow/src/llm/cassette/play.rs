//! Plays recorded exchanges. Must not know how they were recorded.

use crate::clock::{Seam, millis};
use crate::llm::cassette::diff::differences;
use crate::llm::cassette::error::CassetteError;
use crate::llm::cassette::redact::Redactor;
use crate::llm::cassette::tape::{Asked, Chunk, Ended, Exchange, Replied, read};
use crate::llm::error::{LlmError, LlmErrorKind, Patience};
use crate::llm::transport::{Headers, HttpReply, HttpRequest};
use crate::secret::Secret;
use futures_util::stream;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The exchanges of a file, and which of them were played.
pub(super) struct Deck {
    path: PathBuf,
    exchanges: Vec<Exchange>,
    used: Mutex<Vec<bool>>,
}

impl Deck {
    pub(super) fn new(path: &Path) -> Result<Self, CassetteError> {
        let exchanges = read(path)?;
        let used = Mutex::new(vec![false; exchanges.len()]);
        Ok(Deck { path: path.to_owned(), exchanges, used })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// What was recorded and not played, one a line.
    pub(super) fn unused(&self) -> Vec<String> {
        let used = self.lock();
        let left = (1..).zip(&self.exchanges).zip(used.iter()).filter(|(_, used)| !**used);
        left.map(|((number, one), _)| format!("  {number}: {} {}", one.request.method, one.request.url)).collect()
    }

    /// The exchange that is played for `request`.
    pub(super) fn take(
        &self,
        request: &HttpRequest,
        secrets: &[Secret],
        by_order: bool,
    ) -> Result<Exchange, CassetteError> {
        let asked = Asked::of(request, &Redactor::new(request, secrets));
        let mut used = self.lock();
        let of = self.exchanges.len();
        let unused = self.exchanges.iter().zip(used.iter_mut()).enumerate().filter(|(_, (_, used))| !**used);
        // By order only the next one counts.
        let looked_at = unused.take(if by_order { 1 } else { of });
        let compared = looked_at.map(|(at, (one, used))| (at, one, used, differences(&one.request, &asked)));
        // The first of those that differ least.
        let Some((at, exchange, used, (count, differences))) = compared.min_by_key(|(.., (count, _))| *count) else {
            return Err(CassetteError::UsedUp { path: self.path.clone(), of, url: asked.url });
        };
        if count > 0 {
            return Err(CassetteError::Changed { path: self.path.clone(), number: at + 1, of, differences });
        }
        *used = true;
        Ok(exchange.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<bool>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Plays one exchange, with its waits if they are wanted.
pub(super) async fn play(exchange: Exchange, seam: Seam, waiting: bool, path: &Path) -> Result<HttpReply, LlmError> {
    let Replied { wait_ms, status, headers, chunks, end } = exchange.reply;
    pause(&seam, waiting, wait_ms).await;
    let broken = over(&end, path);
    let Some(status) = status else {
        return Err(
            broken.unwrap_or_else(|| LlmError::new(LlmErrorKind::Transport, "the recorded reply has no status"))
        );
    };
    let headers = headers.iter().filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.trim_start().to_owned()));
    let rest = (chunks.into_iter(), broken, seam);
    let body = stream::unfold(rest, move |(mut chunks, mut broken, seam)| async move {
        match chunks.next() {
            Some(Chunk { gap_ms, bytes }) => {
                pause(&seam, waiting, gap_ms).await;
                let piece = bytes.into_bytes().map_err(|error| {
                    LlmError::new(LlmErrorKind::Transport, "a recorded piece is no base64").with_source(error)
                });
                Some((piece, (chunks, broken, seam)))
            }
            None => broken.take().map(|error| (Err(error), (chunks, None, seam))),
        }
    });
    Ok(HttpReply::new(status, Headers(headers.collect()), Box::pin(body)))
}

async fn pause(seam: &Seam, waiting: bool, ms: u64) {
    if waiting && ms > 0 {
        seam.sleep(millis(ms)).await;
    }
}

/// What a reply breaks with, if it does.
fn over(end: &Ended, path: &Path) -> Option<LlmError> {
    match end {
        Ended::Complete => None,
        Ended::Cut => {
            let why = format!("{}: whoever asked dropped the reply here when it was recorded", path.display());
            Some(LlmError::new(LlmErrorKind::Transport, why))
        }
        Ended::Failed { kind, message } => Some(LlmError::new(kind_of(kind), message.as_str())),
    }
}

/// The kinds that a transport fails with, by their [code](LlmErrorKind::code).
fn kind_of(code: &str) -> LlmErrorKind {
    let kinds = [
        LlmErrorKind::Timeout(Patience::Provider),
        LlmErrorKind::Auth,
        LlmErrorKind::OutOfCredit,
        LlmErrorKind::Refused,
        LlmErrorKind::InvalidRequest { field: None },
        LlmErrorKind::UnknownModel,
        LlmErrorKind::Unsupported,
        LlmErrorKind::ContentParse,
        LlmErrorKind::TooLarge,
        LlmErrorKind::Cancelled,
    ];
    kinds.into_iter().find(|kind| kind.code() == code).unwrap_or(LlmErrorKind::Transport)
}
