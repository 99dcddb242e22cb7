//! Prints a fork and the word that gathers its branches.

use super::at;
use super::code::{Code, Left, Printer, number, place};
use crate::flow::graph::{Fork, Kind, Meeting};
use crate::flow::syntax::Rule;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

/// Up to how many branches are polled together at each wake-up: to ask each of so few costs less than a waker for each.
pub(super) const TOGETHER_MAX: usize = 16;

/// Adds the fork to `code`.
pub(super) fn print(printer: &Printer<'_>, fork: &Fork, code: &mut Code) {
    let span = at(fork.span);
    let inside = printer.inside();
    let branches: Vec<Code> = fork.branches.iter().map(|branch| inside.seq(branch, code.left)).collect();
    let whole = branches.iter().all(|branch| branch.left == Left::Value);
    let rule = fork.gather.filter(|_| whole).map(|gather| &printer.graph.vertices[gather]);
    let gathering = rule.and_then(|vertex| match &vertex.kind {
        Kind::Gather(meeting) if !vertex.broken => Some((meeting, at(vertex.span))),
        Kind::Gather(_) | Kind::Node(_) | Kind::Map(..) | Kind::Input | Kind::Output | Kind::Drop => None,
    });
    let clones = clones(branches.len(), span);
    let Some((meeting, word)) = gathering else {
        let asides = branches.iter().enumerate().map(|(index, branch)| {
            let clone = clone(index, span);
            let lines = [&[quote_spanned!(span=> let m = #clone;)], branch.lines.as_slice()].concat();
            printer.aside(&lines, fork.span)
        });
        code.lines.push(quote_spanned!(span=> #clones #(#asides)*));
        return code.lose(printer, fork.span);
    };
    let stands = match fork.parallel {
        true => Stands::Apart,
        false if branches.len() > TOGETHER_MAX => Stands::InACrowd,
        false => Stands::Together,
    };
    let futures = branches.into_iter().enumerate().map(|(index, branch)| future(&inside, index, branch, stands, span));
    let gathered = gather(printer, fork, meeting, word);
    code.lines.push(quote_spanned!(span=> let m = { #clones #(#futures)* #gathered };));
    code.left = Left::Value;
}

fn branch(index: usize, span: Span) -> Ident {
    format_ident!("b{index}", span = span)
}

fn clone(index: usize, span: Span) -> Ident {
    format_ident!("c{index}", span = span)
}

/// A clone for each branch but the last one, which takes the value itself.
fn clones(count: usize, span: Span) -> TokenStream {
    let clone_of = |index: usize| {
        let clone = clone(index, span);
        if index + 1 == count {
            quote_spanned!(span=> let #clone = m;)
        } else {
            quote_spanned!(span=> let #clone = m.share();)
        }
    };
    (0..count).map(clone_of).collect()
}

/// How a branch runs.
#[derive(Clone, Copy)]
pub(super) enum Stands {
    /// Polled with all the others.
    Together,
    /// Polled when it was woken.
    InACrowd,
    /// In a task of its own.
    Apart,
}

/// The branch with the number `index`.
fn future(printer: &Printer<'_>, index: usize, steps: Code, stands: Stands, span: Span) -> TokenStream {
    let (p, branch, clone) = (printer.private(span), branch(index, span), clone(index, span));
    let end = quote_spanned!(span=> ::core::result::Result::Ok::<_, #p::Stop>(m));
    let run = run(printer, &quote_spanned!(span=> let m = #clone;), steps, &end, stands, span);
    quote_spanned!(span=> let mut #branch = ::core::pin::pin!(#p::branch(#run));)
}

/// The steps as a future, behind `first`; `end` is what it ends with.
pub(super) fn run(
    printer: &Printer<'_>,
    first: &TokenStream,
    steps: Code,
    end: &TokenStream,
    stands: Stands,
    span: Span,
) -> TokenStream {
    let p = printer.private(span);
    let steps = printer.in_futures(steps.lines, steps.left);
    let own = matches!(stands, Stands::Apart).then(|| quote_spanned!(span=> let cx = &run.cx();));
    // No `done` stands inside a fork, so a branch ends in one way only.
    let run = quote_spanned! {span=>
        async move {
            #own
            #first
            #steps
            #end
        }
    };
    match stands {
        Stands::Together => run,
        Stands::InACrowd => quote_spanned!(span=> #p::woken(cx, #run)),
        Stands::Apart => quote_spanned!(span=> #p::spawned(cx, { let run = cx.detach(); #run })),
    }
}

/// Tells observers that `branches` have met.
pub(super) fn met(printer: &Printer<'_>, meeting: &Meeting, branches: usize, word: Span) -> TokenStream {
    let (p, place, name) = (printer.private(word), place(meeting.place, word), meeting.word.to_string());
    quote_spanned!(word=> #p::met(cx, #place, #name, #branches);)
}

/// Waits for the branches and takes what they ended with.
fn gather(printer: &Printer<'_>, fork: &Fork, meeting: &Meeting, word: Span) -> TokenStream {
    let p = printer.private(word);
    let met = met(printer, meeting, fork.branches.len(), word);
    let branches: Vec<Ident> = (0..fork.branches.len()).map(|index| branch(index, word)).collect();
    match meeting.rule {
        Rule::All | Rule::Told => {
            let irreversible = printer.parts.names.irreversible_in(&fork.branches, word);
            quote_spanned! {word=>
                #p::join(cx, const { #irreversible }, &mut [#(#branches.as_mut()),*]).await?;
                #met
                #p::Joined::joined((#(#branches.as_mut().take(),)*))
            }
        }
        Rule::Settle => {
            let irreversible = printer.parts.names.irreversible_in(&fork.branches, word);
            quote_spanned! {word=>
                #p::settle(cx, const { #irreversible }, &mut [#(#branches.as_mut()),*]).await?;
                #met
                #p::Joined::joined((#(#branches.as_mut().settled(),)*))
            }
        }
        Rule::First => {
            let place = place(meeting.place, word);
            let first = &branches[0];
            let races = branches.iter().zip(&fork.branches).skip(1).map(|(branch, seq)| {
                let end = at(printer.end(seq));
                let p = printer.private(end);
                quote_spanned!(end=> let picks = #p::Pick(#branch.as_mut().pick(), picks).race();)
            });
            quote_spanned! {word=>
                #p::first(cx, #place, &mut [#(#branches.as_mut()),*]).await?;
                #met
                let picks = #p::Picks::of(1, #first.as_mut().pick());
                #(#races)*
                picks.one()
            }
        }
        Rule::FirstK(k) => {
            let (place, k) = (place(meeting.place, word), number(k.value, word));
            let first = &branches[0];
            let puts = branches.iter().zip(&fork.branches).skip(1).map(|(branch, seq)| {
                let end = at(printer.end(seq));
                let p = printer.private(end);
                quote_spanned!(end=> let picks = #p::Pick(#branch.as_mut().pick(), picks).put();)
            });
            quote_spanned! {word=>
                #p::join_k(cx, #place, #k, &mut [#(#branches.as_mut()),*]).await?;
                #met
                let picks = #p::Picks::of(#k, #first.as_mut().pick());
                #(#puts)*
                picks.done()
            }
        }
    }
}
