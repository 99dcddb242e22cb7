//! Prints chains that do not nest: a future for each stretch, and a pass that feeds and polls them.

use super::code::{Code, Left, Printer, number, place};
use super::fork::{self, Stands};
use super::{at, tee};
use crate::flow::graph::{Feed, Ix, Kind, Meeting, Stretch, Weave};
use crate::flow::syntax::Rule;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

/// Adds the stretches to `code`.
pub(super) fn print(printer: &Printer<'_>, weave: &Weave, code: &mut Code) {
    let inside = printer.inside();
    let body = |stretch: &Stretch, from| inside.seq(&stretch.body, from);
    let bodies: Vec<Code> = weave.stretches.iter().map(|stretch| body(stretch, code.left)).collect();
    let gathers = weave.stretches.iter().filter_map(Stretch::gather);
    let broken = bodies.iter().any(|body| body.left == Left::Gone)
        || gathers.into_iter().any(|ix| printer.graph.vertices[ix].broken)
        || weave.exits.is_empty();
    if weave.told || broken || code.left != Left::Value {
        for stretch in &weave.stretches {
            let mut aside = Code { lines: Vec::new(), left: Left::Gone };
            aside.lose(printer, stretch.span);
            aside.lines.extend(body(stretch, Left::Gone).lines);
            code.lines.push(inside.aside(&aside.lines, stretch.span));
        }
        return code.lose(printer, printer.parts.owner.span());
    }
    let woven = Woven { printer: &inside, weave };
    let span = printer.parts.at;
    let p = printer.private(span);
    let stretches = bodies.into_iter().enumerate().map(|(at, body)| woven.stretch(at, body));
    let (passes, irreversible) = (
        woven.passes(),
        printer.parts.names.irreversible_in(weave.stretches.iter().map(|stretch| &stretch.body), span),
    );
    let (unwound, exit) = (woven.tolerates(), woven.either(&weave.exits, span));
    code.lines.push(quote_spanned! {span=>
        let m = {
            let begin = #p::Ends::new();
            let mut m = ::core::option::Option::Some(m.first_end(&begin));
            #(#stretches)*
            #p::weave(cx, const { #irreversible }, #unwound, |pass| { #passes #exit }).await?
        };
    });
    code.left = Left::Value;
}

struct Woven<'w> {
    printer: &'w Printer<'w>,
    weave: &'w Weave,
}

impl Woven<'_> {
    /// The future of a stretch, and the type that it is fed with.
    fn stretch(&self, at: usize, body: Code) -> TokenStream {
        let (printer, stretch) = (self.printer, &self.weave.stretches[at]);
        let span = super::at(stretch.span);
        let (p, name, fed) = (printer.private(span), name(at, span), self.fed(&stretch.feed, span));
        let end = match (body.left, stretch.aside) {
            (Left::Nothing, _) => quote_spanned!(span=>),
            (Left::Value | Left::Gone, _) => quote_spanned!(span=> ::core::result::Result::Ok::<_, #p::Stop>(m)),
        };
        let no_value = body.left == Left::Nothing && stretch.aside.is_none();
        let stands = match (stretch.apart, self.weave.stretches.len() > fork::TOGETHER_MAX) {
            (true, _) => Stands::Apart,
            (false, true) => Stands::InACrowd,
            (false, false) => Stands::Together,
        };
        let run = match stretch.aside {
            Some(best_effort) => tee::beside(printer, best_effort, body, &quote_spanned!(span=> m), span),
            None => fork::run(printer, &quote_spanned!(span=> let m = m;), body, &end, stands, span),
        };
        // Where no arm goes on, nothing says of which type the value is that never comes.
        let of = no_value.then(|| quote_spanned!(span=> ::<_, #p::M<::core::convert::Infallible>, _, _>));
        let end = super::at(printer.end_of(stretch));
        let readers = number(stretch.readers, end);
        let shared = (stretch.readers > 1).then(|| quote_spanned!(end=> .shared(#readers)));
        quote_spanned!(span=> let mut #name = ::core::pin::pin!(#p::stretch #of(#fed, move |m| #run) #shared);)
    }

    /// The type that a stretch is fed with, as a value.
    fn fed(&self, feed: &Feed<Ix>, span: Span) -> TokenStream {
        let p = self.printer.private(span);
        let of = |from: usize| {
            let from = name(from, span);
            quote_spanned!(span=> #p::fed_by(|| #from.as_mut().pull()))
        };
        match feed {
            Feed::Begin | Feed::Lost => quote_spanned!(span=> begin),
            Feed::One(from) => of(*from),
            Feed::Either(from) => of(from[0]),
            Feed::Arm(from, arm) => {
                let (from, arm) = (name(*from, span), arm_of(*arm, span));
                quote_spanned!(span=> #p::fed_by(|| #from.as_mut().arm(#arm)))
            }
            // Where types may disagree, the first branch says which one it is.
            Feed::Gather(ix, from) => match self.meeting(*ix).map(|meeting| meeting.rule) {
                Some(Rule::First) => of(from[0]),
                Some(Rule::FirstK(_)) => {
                    let from = of(from[0]);
                    quote_spanned!(span=> #from.list())
                }
                Some(Rule::All | Rule::Settle | Rule::Told) | None => {
                    let feed = self.gather(*ix, from);
                    quote_spanned!(span=> #p::fed_by(|| #feed))
                }
            },
        }
    }

    /// The statements that feed and poll each stretch, and those that drop what nobody waits for.
    fn passes(&self) -> TokenStream {
        let steps = self.weave.stretches.iter().enumerate().map(|(at, stretch)| {
            let span = super::at(stretch.span);
            let (name, feed) = (name(at, span), self.feed(&stretch.feed, span));
            match stretch.aside {
                Some(_) => quote_spanned!(span=> pass.aside(#name.as_mut(), || #feed);),
                None => quote_spanned!(span=> pass.step(#name.as_mut(), || #feed);),
            }
        });
        let kept = (0..self.weave.stretches.len()).rev().filter_map(|at| self.keep(at).filter(|_| self.tolerates()));
        steps.chain(kept).collect()
    }

    /// Where a gather goes on without all its branches, the others are dropped as soon as nobody waits for them.
    fn keep(&self, at: usize) -> Option<TokenStream> {
        let (stretch, stretches) = (&self.weave.stretches[at], &self.weave.stretches);
        if stretch.aside.is_some() || self.weave.exits.contains(&at) {
            return None;
        }
        let span = super::at(stretch.span);
        let readers = (at..stretches.len()).filter(|&reader| stretches[reader].fed_by().contains(&at));
        let waits = readers.map(|reader| {
            let reader = name(reader, span);
            quote_spanned!(span=> #reader.waits())
        });
        let name = name(at, span);
        Some(quote_spanned!(span=> pass.keep_if(false #(|| #waits)*, #name.as_mut());))
    }

    /// What a stretch is fed with, if that is there.
    fn feed(&self, feed: &Feed<Ix>, span: Span) -> TokenStream {
        let p = self.printer.private(span);
        match feed {
            Feed::Begin | Feed::Lost => quote_spanned!(span=> #p::Fed::once(&mut m)),
            Feed::One(from) => pull(*from, span),
            Feed::Either(from) => self.either(from, span),
            Feed::Arm(from, arm) => {
                let (from, arm) = (name(*from, span), arm_of(*arm, span));
                quote_spanned!(span=> #from.as_mut().arm(#arm))
            }
            Feed::Gather(ix, from) => self.gather(*ix, from),
        }
    }

    /// What the one of `ways` brings that has something.
    fn either(&self, ways: &[usize], span: Span) -> TokenStream {
        let Some((first, others)) = ways.split_first() else { return quote_spanned!(span=> ) };
        let brought = pull(*first, span);
        if others.is_empty() {
            return brought;
        }
        let ends = {
            let (p, first) = (self.printer.private(span), name(*first, span));
            quote_spanned!(span=> let ends = #p::fed_by(|| #first.as_mut().pull());)
        };
        let further = others.iter().map(|&way| {
            let end = super::at(self.printer.end_of(&self.weave.stretches[way]));
            let (p, way) = (self.printer.private(end), pull(way, end));
            quote_spanned!(end=> let brought = #p::Either(#way, &ends).or(brought);)
        });
        quote_spanned!(span=> { #ends let brought = #brought; #(#further)* brought })
    }

    fn gather(&self, ix: Ix, from: &[usize]) -> TokenStream {
        let word = at(self.printer.graph.vertices[ix].span);
        let Some(meeting) = self.meeting(ix) else { return TokenStream::new() };
        let p = self.printer.private(word);
        let names: Vec<Ident> = from.iter().map(|&from| name(from, word)).collect();
        let sources = quote_spanned!(word=> &mut [#(#names.as_mut()),*]);
        let met = fork::met(self.printer, meeting, from.len(), word);
        let picks = |k: TokenStream, method: &str| {
            let (first, method) = (&names[0], |span| Ident::new(method, span));
            let further = from.iter().skip(1).map(|&from| {
                let end = at(self.printer.end_of(&self.weave.stretches[from]));
                let (p, from, method) = (self.printer.private(end), name(from, end), method(end));
                quote_spanned!(end=> let picks = #p::Pick(#from.as_mut().pick(), picks).#method();)
            });
            quote_spanned!(word=> let picks = #p::Picks::of(#k, #first.as_mut().pick()); #(#further)*)
        };
        match meeting.rule {
            Rule::All | Rule::Told => {
                quote_spanned!(word=> #p::all(#sources).map(|()| { #met #p::Joined::joined((#(#names.as_mut().take(),)*)) }))
            }
            Rule::Settle => {
                quote_spanned!(word=> #p::settled(#sources).map(|()| { #met #p::Joined::joined((#(#names.as_mut().outcome(),)*)) }))
            }
            Rule::First => {
                let (place, picks) = (place(meeting.place, word), picks(number(1, word), "race"));
                quote_spanned!(word=> #p::raced(cx, "first", #place, 1, #sources).map(|()| { #met #picks picks.one() }))
            }
            Rule::FirstK(k) => {
                let k = number(k.value, word);
                let (place, picks) = (place(meeting.place, word), picks(k.clone(), "put"));
                quote_spanned!(word=> #p::raced(cx, "join_k", #place, #k, #sources).map(|()| { #met #picks picks.done() }))
            }
        }
    }

    fn meeting(&self, ix: Ix) -> Option<&Meeting> {
        match &self.printer.graph.vertices[ix].kind {
            Kind::Gather(meeting) => Some(meeting),
            Kind::Input | Kind::Output | Kind::Drop | Kind::Node(_) | Kind::Map(..) => None,
        }
    }

    /// Whether the failure of a stretch may be an outcome: then its panic is that failure, too.
    fn tolerates(&self) -> bool {
        let mut gathers = self.weave.stretches.iter().filter_map(Stretch::gather).filter_map(|ix| self.meeting(ix));
        gathers.any(|meeting| !matches!(meeting.rule, Rule::All | Rule::Told))
    }
}

fn name(at: usize, span: Span) -> Ident {
    format_ident!("s{at}", span = span)
}

fn pull(from: usize, span: Span) -> TokenStream {
    let from = name(from, span);
    quote_spanned!(span=> #from.as_mut().pull())
}

/// The place of an arm in the list of what a router's arms hand on.
fn arm_of(arm: usize, span: Span) -> TokenStream {
    let further = (0..arm).map(|_| quote_spanned!(span=> .1));
    quote_spanned!(span=> |arms| &mut arms #(#further)* .0)
}
