//! Prints a flow's steps as straight code: one statement for each step, the message always in `m`.

use super::{Parts, at, fork, names, repeat, route};
use crate::flow::graph::{Graph, Hop, Item, Ix, Kind, Seq, Width};
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;

/// One future of very many awaits takes rustc long and debug builds a deep stack.
const STEPS_PER_FUTURE: usize = 16;

/// The whole body: one future of the flow's result.
pub(super) fn of_flow(parts: &Parts<'_>) -> TokenStream {
    let graph = parts.graph;
    let printer = Printer { parts, graph, leaves: leaves(&graph.body) };
    let Code { lines, left } = printer.seq(&graph.body, Left::Value);
    let end = at(printer.end(&graph.body));
    let p = parts.private(end);
    let owner = &parts.owner;
    let ok = printer.ok(end);
    let exit = match left {
        Left::Value | Left::Gone => Some(quote_spanned!(end=> #ok(m.exit::<__Out, #owner>()))),
        Left::Nothing => None,
    };
    let (span, lines) = (parts.at, printer.in_futures(lines, left));
    let steps = quote_spanned!(span=> async move { #lines #exit });
    if printer.leaves { quote_spanned!(span=> #p::leave(#steps)) } else { steps }
}

/// Prints the steps of one flow.
pub(super) struct Printer<'p> {
    pub(super) parts: &'p Parts<'p>,
    pub(super) graph: &'p Graph,
    /// Whether an arm leaves the flow by `done`: then a step that stops is one of two ways out.
    leaves: bool,
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

impl Printer<'_> {
    pub(super) fn private(&self, span: Span) -> TokenStream {
        self.parts.private(span)
    }

    /// The statements of `seq`, `from` being what `m` is before them.
    pub(super) fn seq(&self, seq: &Seq, from: Left) -> Code {
        let mut code = Code { lines: Vec::new(), left: from };
        for item in &seq.items {
            if code.left == Left::Nothing {
                // Nothing runs here, which was told.
                code.lose(self, self.parts.owner.span());
            }
            match item {
                Item::Hop(ix) => self.hop(*ix, &mut code),
                Item::Fork(fork) => fork::print(self, fork, &mut code),
                Item::Route(route) => route::print(self, route, &mut code),
                Item::Loop(turns) => repeat::print(self, turns, &mut code),
                Item::Lost(span) => code.lose(self, *span),
            }
        }
        code
    }

    fn hop(&self, ix: Ix, code: &mut Code) {
        let vertex = &self.graph.vertices[ix];
        let span = at(vertex.span);
        let (Some(hop), false) = (vertex.hop(), vertex.broken) else {
            return code.lose(self, vertex.span);
        };
        let (alias, place) = (names::alias(vertex, hop), place(hop.place, span));
        let run = self.run(hop, span);
        let line = match &vertex.kind {
            Kind::Map(_, width) => {
                let (each, sizes) = (self.each(code.left, span), self.sizes(*width, span));
                quote_spanned!(span=> let m = { #each.each::<#alias>().#run(cx, #place, #sizes).await? };)
            }
            Kind::Node(_) | Kind::Gather(_) | Kind::Input | Kind::Output | Kind::Drop => {
                quote_spanned!(span=> let m = m.to::<#alias>().#run(cx, #place).await?;)
            }
        };
        code.lines.push(line);
        code.left = Left::Value;
    }

    /// The items of the collection that arrives.
    fn each(&self, arrives: Left, span: Span) -> TokenStream {
        if arrives != Left::Value {
            return quote_spanned!(span=> m);
        }
        let p = self.private(span);
        quote_spanned! {span=>
            use #p::{ByItem as _, NoItem as _};
            #p::Mapped(m).items()
        }
    }

    /// How many items at once, and how many at all.
    fn sizes(&self, width: Width, span: Span) -> TokenStream {
        let (p, at_once) = (self.private(span), number(width.at_once.value, span));
        match width.limit {
            Some(limit) => {
                let limit = number(limit.value, span);
                quote_spanned!(span=> #at_once, #limit)
            }
            None => quote_spanned!(span=> #at_once, #p::ITEMS_MAX),
        }
    }

    /// `run`, or `run_as::<quick, __S>` for an instance.
    fn run(&self, hop: &Hop, span: Span) -> TokenStream {
        match &hop.alias {
            None => quote_spanned!(span=> run),
            Some(instance) => quote_spanned!(span=> run_as::<#instance, __S>),
        }
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
            Some(Item::Lost(span)) => *span,
        }
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

/// Whether an arm of `seq` leaves the flow by `done`.
fn leaves(seq: &Seq) -> bool {
    seq.items.iter().any(|item| match item {
        Item::Hop(_) | Item::Lost(_) => false,
        Item::Fork(fork) => fork.branches.iter().any(leaves),
        Item::Loop(turns) => leaves(&turns.body) || turns.otherwise.iter().any(leaves),
        Item::Route(route) => route.arms.iter().any(|arm| route::is_done(arm) || leaves(&arm.body)),
    })
}
