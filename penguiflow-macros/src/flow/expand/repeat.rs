//! Prints a loop with a bound.

use super::code::{Code, End, Left, Printer, number, place};
use super::{at, names};
use crate::flow::graph::{Loop, Seq};
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// Adds the loop to `code`.
pub(super) fn print(printer: &Printer<'_>, turns: &Loop, code: &mut Code) {
    let span = at(turns.span);
    let body = printer.seq(&turns.body, code.left);
    let Some(last) = turns.last.filter(|_| (code.left, body.left) == (Left::Value, Left::Value)) else {
        code.lines.push(printer.aside(&body.lines, turns.span));
        if let Some(otherwise) = &turns.otherwise {
            let mut alone = Code { lines: Vec::new(), left: Left::Gone };
            alone.lose(printer, turns.span);
            let steps = printer.seq(otherwise, Left::Gone);
            code.lines.push(printer.aside(&[alone.lines, steps.lines].concat(), turns.span));
        }
        return code.lose(printer, turns.span);
    };
    let p = printer.private(span);
    let (place, limit) = (place(turns.place, span), number(turns.turns.value, span));
    let steps = printer.in_futures(body.lines, body.left);
    let ends = turns.otherwise.is_some().then(|| quote_spanned!(span=> let ends = #p::Ends::new(); let outside = cx;));
    let after = after(printer, turns, last, span);
    code.lines.push(quote_spanned! {span=>
        let m = {
            let mut turns = #p::Turns::new(m, #limit);
            #ends
            loop {
                let cx = &cx.turn(#place, turns.turn());
                let m = turns.take();
                #steps
                #after
            }
        };
    });
    code.left = Left::Value;
}

/// Another turn, or the loop's end.
fn after(printer: &Printer<'_>, turns: &Loop, last: usize, span: Span) -> TokenStream {
    let vertex = &printer.graph.vertices[last];
    let (end, p) = (at(vertex.span), printer.private(at(vertex.span)));
    let node = vertex.hop().map(|hop| names::alias(vertex, hop));
    let done = match &turns.otherwise {
        None => quote_spanned!(end=> m),
        Some(_) => quote_spanned!(end=> m.first_end(&ends)),
    };
    let out = match &turns.otherwise {
        None => {
            let p = printer.private(span);
            let stop = printer.stop(&quote_spanned!(span=> #p::Stop::BudgetExceeded(#p::Limit::Turns)), span);
            quote_spanned!(span=> #p::Turned::Out(_) => #stop,)
        }
        Some(otherwise) => out_of_turns(printer, otherwise, span),
    };
    quote_spanned! {end=>
        match turns.after::<#node, _>(m) {
            #p::Turned::Again => turns.breathe().await,
            #p::Turned::Done(m) => break #done,
            #out
        }
    }
}

fn out_of_turns(printer: &Printer<'_>, otherwise: &Seq, span: Span) -> TokenStream {
    let p = printer.private(span);
    let Code { lines, left } = printer.seq(otherwise, Left::Value);
    let end = match left {
        Left::Nothing => None,
        Left::Value | Left::Gone => {
            let end = printer.end(otherwise);
            let value = End::Else.print(printer, left, end);
            Some(quote_spanned!(at(end)=> break #value;))
        }
    };
    quote_spanned!(span=> #p::Turned::Out(m) => { let cx = outside; #(#lines)* #end })
}
