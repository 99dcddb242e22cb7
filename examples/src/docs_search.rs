//! Answers questions from a folder of Markdown files, with file and line. Owns the flows, and the command in front of them;
//! how things are found, ranked and worded stands in the rooms below.

use penguiflow::{BoxError, clock::Seam, prelude::*};
use std::io::{self, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, atomic::AtomicUsize, atomic::Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

mod answer;
mod files;
mod index;
mod markdown;
mod rank;
mod words;

use answer::{Answer, decline, explain, suggest};
use files::{list, read};
use index::{Index, build};
use markdown::{Page, split};
use rank::{by_headings, by_text, clean, judge, merge};

flow! {
    /// Makes one file into sections.
    page(PathBuf) -> Page { read -> split }
}

flow! {
    /// Makes a folder into an index.
    indexing(PathBuf) -> Index { list -> map(page, 8) -> build }
}

flow! {
    /// Answers a question from the index.
    asking(String) -> Answer {
        clean -> (by_text, by_headings) -> join -> merge -> judge {
            Sure -> explain,
            Unsure -> suggest,
            Nothing -> decline,
        }
    }
}

/// What the nodes of `indexing` share.
#[derive(Provides)]
struct Reading {
    count: Arc<AtomicUsize>,
}

/// What the nodes of `asking` share.
#[derive(Provides)]
struct Library {
    index: Index,
}

/// How the command ends, in the way of `grep`: each question had a match.
pub const MATCH: u8 = 0;
/// A question had none.
pub const NO_MATCH: u8 = 1;
/// The folder or a question is at fault; the error stream says what to do.
pub const TROUBLE: u8 = 2;
/// Ctrl-C, as shells write it: 128 and the number of SIGINT.
pub const CANCELLED: u8 = 130;

/// Longer than anybody types.
const QUESTION_BYTES_MAX: u64 = 4 << 10;

const USAGE: &str = "\
Usage: docs_search \"QUESTION\" [FOLDER]
       docs_search - [FOLDER]      reads one question a line
Put the question in quotes. Without FOLDER it searches the workspace that cargo runs it from, else the current folder.
Exit status: 0 match, 1 no match, 2 trouble, 130 cancelled by Ctrl-C.
";

/// What the command is connected to.
pub struct Console<I, O, E> {
    /// The folder to search when none is given.
    pub folder: PathBuf,
    /// Where `-` reads questions from.
    pub input: I,
    /// Where answers go.
    pub out: O,
    /// Where progress, notes and troubles go.
    pub err: E,
    /// How often long work tells how far it is.
    pub tell_every: Duration,
}

impl<I: AsyncBufRead + Unpin, O: Write, E: Write> Console<I, O, E> {
    /// Runs the command with these arguments until it is done or `cancel` is ready, and gives its exit status.
    ///
    /// # Errors
    /// When questions cannot be read, or answers and notes cannot be written.
    pub async fn run(&mut self, args: &[String], cancel: impl Future<Output = ()>) -> io::Result<u8> {
        let (question, folder) = match args {
            [only] if only == "-h" || only == "--help" => return self.out.write_all(USAGE.as_bytes()).map(|()| MATCH),
            [question] => (question, self.folder.clone()),
            [question, folder] => (question, PathBuf::from(folder)),
            _ => return self.err.write_all(USAGE.as_bytes()).map(|()| TROUBLE),
        };
        // Dropping a trace cancels it, so nothing goes on behind a Ctrl-C.
        let ended = tokio::select! {
            biased;
            () = cancel => Err(Stop::Cancelled.into()),
            ended = self.search(question, folder) => ended,
        };
        ended.or_else(|error| tell(&mut self.err, error))
    }

    async fn search(&mut self, question: &str, folder: PathBuf) -> Result<u8, BoxError> {
        let index = self.read(folder).await?;
        if question == "-" {
            writeln!(self.err, "one question a line, Ctrl-C ends")?;
        }
        let app = asking::flow().with_state(Library { index }).start()?;
        let Console { input, out, err, .. } = self;
        let mut single = question.as_bytes().chain(&b"\n"[..]);
        let questions: &mut (dyn AsyncBufRead + Unpin) = if question == "-" { input } else { &mut single };
        let (mut code, mut line) = (MATCH, String::new());
        while (&mut *questions).take(QUESTION_BYTES_MAX).read_line(&mut line).await? > 0 {
            // In a task of its own, so that a long computation does not keep Ctrl-C waiting.
            let trace = app.emit(std::mem::take(&mut line)).await?;
            code = code.max(match trace.result().await.into_result() {
                Ok(answer) => {
                    out.write_all(answer.text.as_bytes()).and_then(|()| out.flush())?;
                    if answer.is_match { MATCH } else { NO_MATCH }
                }
                Err(stop) => tell(err, stop.into())?,
            });
        }
        Ok(code)
    }

    /// Makes the index, tells from time to time how far that is, and at the end what is left out.
    async fn read(&mut self, folder: PathBuf) -> Result<Index, BoxError> {
        let count = Arc::new(AtomicUsize::new(0));
        let app = indexing::flow().with_state(Reading { count: count.clone() }).start()?;
        let mut ending = pin!(app.emit(folder).await?.result());
        let index = loop {
            tokio::select! {
                biased;
                ended = &mut ending => break ended.into_result()?,
                () = Seam::system().sleep(self.tell_every) => writeln!(self.err, "{} files read", count.load(Relaxed))?,
            }
        };
        index.left_out.iter().try_for_each(|why| writeln!(self.err, "left out: {why}"))?;
        Ok(index)
    }
}

/// Says what went wrong, and gives the exit status for it. Only a stream that fails is an error.
fn tell(err: &mut impl Write, error: BoxError) -> io::Result<u8> {
    let error = error.downcast::<io::Error>().map_or_else(Ok, |broken| Err(*broken))?;
    match error.downcast_ref() {
        Some(Stop::Cancelled) => writeln!(err, "docs_search: cancelled").map(|()| CANCELLED),
        // What a node says about a folder or a question needs no path through the flow.
        _ => writeln!(err, "docs_search: {}", error.source().unwrap_or(&*error)).map(|()| TROUBLE),
    }
}
