//! Cuts the body of a streamed answer into frames, wherever the network has cut it. Must not know what is in them.

mod event_stream;

use crate::llm::error::{LlmError, LlmErrorKind};
use crate::llm::wire::frames::event_stream::EventStream;

/// How a body is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Server-sent events, as the [WHATWG HTML standard](https://html.spec.whatwg.org/multipage/server-sent-events.html) reads them.
    Sse,
    /// Binary messages, as [Amazon](https://smithy.io/2.0/aws/amazon-eventstream.html) writes them.
    EventStream,
}

/// One frame of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The name of the event; empty where it has none. That of a binary message which tells an error begins with [`EXCEPTION`].
    pub(crate) event: String,
    pub(crate) data: String,
}

/// What stands before the name of an exception in a stream of binary messages. No event has a `:` in its name.
pub(crate) const EXCEPTION: &str = "exception:";

/// Cuts one body.
#[derive(Debug)]
pub(crate) enum Cutter {
    Sse(Sse),
    EventStream(EventStream),
}

impl Cutter {
    pub(crate) fn new(framing: Framing) -> Self {
        match framing {
            Framing::Sse => Cutter::Sse(Sse::default()),
            Framing::EventStream => Cutter::EventStream(EventStream::default()),
        }
    }

    /// Takes the next piece of the body, and adds the frames that end in it.
    pub(crate) fn feed(&mut self, piece: &[u8], frames: &mut Vec<Frame>) -> Result<(), LlmError> {
        match self {
            Cutter::Sse(sse) => sse.feed(piece, frames),
            Cutter::EventStream(stream) => stream.feed(piece, frames),
        }
    }

    /// The body is over.
    pub(crate) fn close(&mut self, frames: &mut Vec<Frame>) -> Result<(), LlmError> {
        match self {
            Cutter::Sse(sse) => sse.close(frames),
            Cutter::EventStream(stream) => stream.close(),
        }
    }
}

/// Cuts server-sent events.
#[derive(Debug, Default)]
pub(crate) struct Sse {
    /// What was read of a line that is not over.
    line: Vec<u8>,
    /// The line before ended with a `\r`: a `\n` that comes now belongs to it.
    after_cr: bool,
    frame: Frame,
    has_data: bool,
    begun: bool,
}

impl Sse {
    fn feed(&mut self, mut piece: &[u8], frames: &mut Vec<Frame>) -> Result<(), LlmError> {
        while !piece.is_empty() {
            if std::mem::take(&mut self.after_cr) && piece[0] == b'\n' {
                piece = &piece[1..];
                continue;
            }
            let Some(at) = piece.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.line.extend_from_slice(piece);
                return Ok(());
            };
            self.after_cr = piece[at] == b'\r';
            let (line, rest) = (&piece[..at], &piece[at + 1..]);
            if self.line.is_empty() {
                self.end_line(line, frames)?;
            } else {
                self.line.extend_from_slice(line);
                let line = std::mem::take(&mut self.line);
                self.end_line(&line, frames)?;
                // Its room is kept for the next one.
                self.line = line;
                self.line.clear();
            }
            piece = rest;
        }
        Ok(())
    }

    /// Servers are met that leave out the empty line behind the last event, which the standard would drop.
    fn close(&mut self, frames: &mut Vec<Frame>) -> Result<(), LlmError> {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.end_line(&line, frames)?;
        }
        self.end_frame(frames);
        Ok(())
    }

    fn end_line(&mut self, line: &[u8], frames: &mut Vec<Frame>) -> Result<(), LlmError> {
        let mark = if std::mem::replace(&mut self.begun, true) { None } else { line.strip_prefix(b"\xef\xbb\xbf") };
        let line = std::str::from_utf8(mark.unwrap_or(line))
            .map_err(|error| LlmError::new(LlmErrorKind::ContentParse, "the stream is no UTF-8").with_source(error))?;
        if line.is_empty() {
            self.end_frame(frames);
            return Ok(());
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.frame.data.push('\n');
                }
                self.frame.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.frame.event),
            // Comments, ids and what is not known.
            _ => {}
        }
        Ok(())
    }

    fn end_frame(&mut self, frames: &mut Vec<Frame>) {
        let frame = std::mem::take(&mut self.frame);
        if std::mem::take(&mut self.has_data) {
            frames.push(frame);
        }
    }
}

#[cfg(test)]
mod tests;
