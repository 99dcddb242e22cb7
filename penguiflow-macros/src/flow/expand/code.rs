//! What printing steps has in common: statements, what is left in `m` behind them, and where a caret goes. Prints no step
//! itself.

use super::{Parts, at};
use crate::flow::graph::{Graph, Item, Seq, Stretch};
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;

/// One future of very many awaits takes rustc long and debug builds a deep stack.
const STEPS_PER_FUTURE: usize = 16;

/// Prints the steps of one flow.
pub(super) struct Printer<'p> {
    pub(super) parts: &'p Parts<'p>,
    pub(super) graph: &'p Graph,
    /// Whether an arm leaves the flow by `done`: then a step that stops is one of two ways out.
    pub(super) leaves: bool,
    /// Prints one step. Steps hold steps, and each kind is printed in a file of its own.
    pub(super) print: fn(&Printer<'_>, &Item, &mut Code),
}

/// Statements, and what `m` is behind them.
pub(super) struct Code {
    pub(super) lines: Vec<TokenStream>,
    pub(super) left: Left,
}

/// What a piece of code leaves in `m`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// A message.
    Value,
    /// The stand-in after a mistake that was told.
    Gone,
    /// No code runs behind the piece.
    Nothing,
}

/// Which of the pieces that go on together a piece is: the first one says what the others bring.
#[derive(Clone, Copy)]
pub(super) enum End {
    First,
    Further,
    /// Behind a loop's `else`.
    Else,
}

impl End {
    /// The value that the piece goes on with, `left` being what is in `m`.
    pub(super) fn print(self, printer: &Printer<'_>, left: Left, user: Span) -> TokenStream {
        let span = at(user);
        let p = printer.private(span);
        match (left, self) {
            (Left::Gone | Left::Nothing, _) => quote_spanned!(span=> m.end(&ends)),
            (Left::Value, End::First) => quote_spanned!(span=> m.first_end(&ends)),
            (Left::Value, End::Further) => quote_spanned!(span=> #p::Meets(m, &ends).end()),
            (Left::Value, End::Else) => quote_spanned!(span=> #p::Instead(m, &ends).end()),
        }
    }
}

impl Printer<'_> {
    pub(super) fn private(&self, span: Span) -> TokenStream {
        self.parts.private(span)
    }

    /// Prints what stands where no `done` can: a step that stops there is the one way out.
    pub(super) fn inside(&self) -> Self {
        Printer { leaves: false, ..*self }
    }

    /// The statements of `seq`, `from` being what `m` is before them.
    pub(super) fn seq(&self, seq: &Seq, from: Left) -> Code {
        let mut code = Code { lines: Vec::new(), left: from };
        for item in &seq.items {
            if code.left == Left::Nothing {
                // Nothing runs here, which was told.
                code.lose(self, self.parts.owner.span());
            }
            (self.print)(self, item, &mut code);
        }
        code
    }

    /// `Ok`, with the type of failure that the block around it needs to be told.
    pub(super) fn ok(&self, span: Span) -> TokenStream {
        let p = self.private(span);
        if self.leaves {
            quote_spanned!(span=> ::core::result::Result::Ok::<_, #p::Exit<__Out>>)
        } else {
            quote_spanned!(span=> ::core::result::Result::Ok::<_, #p::Stop>)
        }
    }

    /// A statement that ends the flow with `stop`.
    pub(super) fn stop(&self, stop: &TokenStream, span: Span) -> TokenStream {
        let into = self.leaves.then(|| quote_spanned!(span=> .into()));
        quote_spanned!(span=> return ::core::result::Result::Err(#stop #into))
    }

    /// Where a mistake about what `seq` ends with is shown: its last node.
    pub(super) fn end(&self, seq: &Seq) -> Span {
        match seq.items.last() {
            None => self.parts.at,
            Some(Item::Hop(ix)) => self.graph.vertices[*ix].span,
            Some(Item::Fork(fork)) => fork.gather.map_or(fork.span, |gather| self.graph.vertices[gather].span),
            Some(Item::Route(route)) => match route.arms.iter().rev().find(|arm| !arm.body.items.is_empty()) {
                Some(arm) => self.end(&arm.body),
                None => self.graph.vertices[route.router].span,
            },
            Some(Item::Loop(turns)) => turns.last.map_or(turns.span, |last| self.graph.vertices[last].span),
            Some(Item::Tee(tee)) if tee.rest.items.is_empty() => tee.span,
            Some(Item::Tee(tee)) => self.end(&tee.rest),
            Some(Item::Weave(weave)) => match weave.exits.last().map(|&exit| &weave.stretches[exit]) {
                Some(stretch) => self.end_of(stretch),
                None => self.parts.at,
            },
            Some(Item::Lost(span)) => *span,
        }
    }

    /// Where a mistake about what `stretch` ends with is shown.
    pub(super) fn end_of(&self, stretch: &Stretch) -> Span {
        if stretch.body.items.is_empty() { stretch.span } else { self.end(&stretch.body) }
    }

    /// Code that is type-checked and never run: its end has a mistake that was told.
    pub(super) fn aside(&self, lines: &[TokenStream], span: Span) -> TokenStream {
        let span = at(span);
        let ok = self.ok(span);
        quote_spanned!(span=> let _ = async move { #(#lines)* #ok(()) };)
    }

    /// The statements, long runs of them cut into futures of their own.
    pub(super) fn in_futures(&self, mut lines: Vec<TokenStream>, left: Left) -> TokenStream {
        while lines.len() > STEPS_PER_FUTURE {
            let runs = lines.chunks(STEPS_PER_FUTURE);
            let last = runs.len() - 1;
            lines =
                runs.enumerate().map(|(index, run)| self.future(run, index == last && left == Left::Nothing)).collect();
        }
        lines.into_iter().collect()
    }

    fn future(&self, run: &[TokenStream], leaves: bool) -> TokenStream {
        let span = self.parts.at;
        let ok = self.ok(span);
        if leaves {
            return quote_spanned!(span=> return async move { #(#run)* }.await;);
        }
        quote_spanned!(span=> let m = async move { #(#run)* #ok(m) }.await?;)
    }
}

impl Code {
    /// Goes on behind a mistake that was told.
    pub(super) fn lose(&mut self, printer: &Printer<'_>, user: Span) {
        let span = at(user);
        let p = printer.private(span);
        self.lines.push(quote_spanned!(span=> let m = #p::Gone;));
        self.left = Left::Gone;
    }
}

/// A place's number. Spanned, because a literal without a span would pull the caret over the whole macro call.
pub(super) fn place(place: u32, span: Span) -> TokenStream {
    number(place as usize, span)
}

pub(super) fn number(value: usize, span: Span) -> TokenStream {
    let mut literal = Literal::usize_unsuffixed(value);
    literal.set_span(span);
    quote_spanned!(span=> #literal)
}
