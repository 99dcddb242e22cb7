//! Prints a router and its arms as a `match`, so that rustc names the variant that is missing.

use super::code::{Code, End, Left, Printer, place};
use super::{at, hop, names, policies};
use crate::flow::graph::{Arm, ArmEnd, Hop, Route};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use std::collections::BTreeSet;
use syn::ext::IdentExt;

/// Adds the router and its arms to `code`.
pub(super) fn print(printer: &Printer<'_>, route: &Route, code: &mut Code) {
    let vertex = &printer.graph.vertices[route.router];
    let arms: Vec<&Arm> = each_once(&route.arms);
    let (Some(hop), false, false) = (vertex.hop(), vertex.broken, arms.is_empty()) else {
        let lost = |arm: &&Arm| {
            let mut inside = Code { lines: Vec::new(), left: Left::Nothing };
            inside.lose(printer, vertex.span);
            let body = printer.seq(&arm.body, Left::Gone);
            printer.aside(&[inside.lines, body.lines].concat(), vertex.span)
        };
        code.lines.extend(arms.iter().map(lost));
        return code.lose(printer, vertex.span);
    };
    let bodies: Vec<Code> = arms.iter().map(|arm| printer.seq(&arm.body, Left::Value)).collect();
    let goes_on = |arm: &Arm, body: &Code, left| matches!(arm.end, ArmEnd::GoesOn) && body.left == left;
    let any = |left| arms.iter().zip(&bodies).any(|(arm, body)| goes_on(arm, body, left));
    let hands = arms.iter().filter(|arm| matches!(arm.end, ArmEnd::Hands(_))).count();
    let left = match (any(Left::Value) || hands > 0, any(Left::Gone)) {
        (true, _) => Left::Value,
        (false, true) => Left::Gone,
        (false, false) => Left::Nothing,
    };
    // What the others must bring is said by an arm that is always there, if there is one.
    let brings = |index: &usize| goes_on(arms[*index], &bodies[*index], Left::Value);
    let always = (0..arms.len()).filter(brings).find(|index| arms[*index].cfgs.is_empty());
    let first = always.or_else(|| (0..arms.len()).find(brings));
    let choose = choose(printer, route, hop, &arms);
    let printed = arms.iter().zip(bodies).enumerate().map(|(index, (arm, body))| {
        let end = if first == Some(index) { End::First } else { End::Further };
        self::arm(printer, hop, (index, arm), body, Goes { left, which: end, hands })
    });
    let (span, router) = (at(vertex.span), variable(hop, at(vertex.span)));
    let p = printer.private(span);
    let ends = (left == Left::Value && hands == 0).then(|| quote_spanned!(span=> let ends = #p::Ends::new();));
    let block = quote_spanned!(span=> { #choose #ends match #router { #(#printed)* } });
    match left {
        Left::Value => code.lines.push(quote_spanned!(span=> let m = #block;)),
        Left::Nothing => code.lines.push(block),
        Left::Gone => {
            code.lines.push(block);
            code.lose(printer, vertex.span);
        }
    }
    code.left = left;
}

/// Runs the router; the chosen arm is in a variable with the router's name, which rustc's words show.
fn choose(printer: &Printer<'_>, route: &Route, hop: &Hop, arms: &[&Arm]) -> TokenStream {
    let vertex = &printer.graph.vertices[route.router];
    let span = at(vertex.span);
    let (p, alias, place) = (printer.private(span), names::alias(vertex, hop), place(hop.place, span));
    let (router, queued) = (variable(hop, span), hop::queued(hop, span));
    let covers = covers(printer, route, hop, arms);
    let variants = arms.iter().map(|arm| {
        let (variant, cfgs) = (variant(arm), arm.cfgs.iter().map(|cfg| &cfg.tokens));
        quote_spanned!(at(arm.variant.span())=> #(#cfgs)* #variant(#p::Gone),)
    });
    let run = match &hop.alias {
        None => quote_spanned!(span=> route::<__Arms, __S>),
        Some(instance) => quote_spanned!(span=> route_as::<#instance, __Arms, __S>),
    };
    let types = arms.iter().enumerate().map(|(index, arm)| {
        let span = at(arm.variant.span());
        let (one, variant) = (one(index, span), self::variant(arm));
        (*arm, quote_spanned!(span=> #one::#variant))
    });
    let types: Vec<(&Arm, TokenStream)> = types.collect();
    // What the others must take is said by an arm that is always there, if there is one.
    let first = arms.iter().position(|arm| arm.cfgs.is_empty()).or(Some(0));
    let ask = policies::ask(printer, route.router, &router, &types, first);
    quote_spanned! {span=>
        enum __Arms { #(#variants)* }
        #covers
        let #router = m.to::<#alias>().choosing()#queued.#run(cx, #place).await?;
        #ask
    }
}

/// The variable that holds the chosen arm: it bears the router's name, which rustc's words show.
fn variable(hop: &Hop, span: Span) -> Ident {
    let mut name = hop.path.last.clone();
    name.set_span(span);
    name
}

/// The router's arms as types: one for each arm as the flow writes it, so that each mistake about a name is told on its
/// own, and what it is about is silent.
fn covers(printer: &Printer<'_>, route: &Route, hop: &Hop, arms: &[&Arm]) -> TokenStream {
    let vertex = &printer.graph.vertices[route.router];
    let span = at(vertex.span);
    let (p, alias, router) = (printer.private(span), names::alias(vertex, hop), hop.path.last.unraw().to_string());
    let named = arms.iter().map(|arm| {
        let (name, cfgs) = (arm.variant.unraw().to_string(), arm.cfgs.iter().map(|cfg| &cfg.tokens));
        quote_spanned!(at(arm.variant.span())=> #(#cfgs)* #name)
    });
    let each = arms.iter().enumerate().map(|(index, arm)| {
        let (name, cfgs, span) =
            (arm.variant.unraw().to_string(), arm.cfgs.iter().map(|cfg| &cfg.tokens), at(arm.variant.span()));
        let (p, one) = (printer.private(span), one(index, span));
        let known = quote_spanned!(span=> #p::is_variant(<#alias as #p::NodeDef>::VARIANTS, #name, ARMS));
        quote_spanned!(span=> #(#cfgs)* type #one = #p::If<{ #known }, __R>;)
    });
    let covered = quote_spanned!(span=> #p::covers(#router, <#alias as #p::NodeDef>::VARIANTS, ARMS));
    let all = quote_spanned!(span=> <#alias as #p::NodeDef>::Arms<__Arms>);
    quote_spanned! {span=>
        const ARMS: &[&::core::primitive::str] = &[#(#named),*];
        type __R = #p::If<{ #covered }, #all>;
        #(#each)*
    }
}

/// The type in which an arm names its variant.
fn one(index: usize, span: Span) -> Ident {
    format_ident!("__R{index}", span = span)
}

/// How the arms of a router go on together.
#[derive(Clone, Copy)]
struct Goes {
    /// What they leave.
    left: Left,
    /// Which of them this one is.
    which: End,
    /// How many hand on to a stretch of their own.
    hands: usize,
}

fn arm(printer: &Printer<'_>, hop: &Hop, (index, arm): (usize, &Arm), body: Code, goes: Goes) -> TokenStream {
    let span = at(arm.variant.span());
    let (variant, cfgs) = (variant(arm), arm.cfgs.iter().map(|cfg| &cfg.tokens));
    let last = if arm.body.items.is_empty() { arm.variant.span() } else { printer.end(&arm.body) };
    let end = match (arm.end, body.left) {
        (_, Left::Nothing) => None,
        (ArmEnd::GoesOn, _) => (goes.left == Left::Value).then(|| goes.which.print(printer, body.left, last)),
        (ArmEnd::Hands(at), _) => Some(handed(printer, at, goes.hands, last)),
        (ArmEnd::Drop(_), _) => Some(dropped(printer, hop, arm)),
        (ArmEnd::Done(word), _) => Some(done(printer, word)),
        // The arm's value is never made, so it may be of any type.
        (ArmEnd::Lost, _) => Some(quote_spanned!(at(last)=> loop {})),
    };
    let lines = printer.in_futures(body.lines, body.left);
    let one = one(index, span);
    let took = took(printer, hop, arm);
    quote_spanned!(span=> #(#cfgs)* #one::#variant(m) => { #took #lines #end })
}

/// A list of what all arms hand on: of this one there is something.
fn handed(printer: &Printer<'_>, at: usize, hands: usize, user: Span) -> TokenStream {
    let span = super::at(user);
    let p = printer.private(span);
    (0..hands).rev().fold(quote_spanned!(span=> #p::NoArm), |further, index| {
        let one = match index == at {
            true => quote_spanned!(span=> ::core::option::Option::Some(m)),
            false => quote_spanned!(span=> ::core::option::Option::None),
        };
        quote_spanned!(span=> #p::StretchArms(#one, #further))
    })
}

/// Tells observers which arm was taken.
fn took(printer: &Printer<'_>, hop: &Hop, arm: &Arm) -> TokenStream {
    let span = at(arm.variant.span());
    let (p, place, router) = (printer.private(span), place(hop.place, span), hop.name());
    let variant = arm.variant.unraw().to_string();
    quote_spanned!(span=> #p::took(cx, #place, #router, #variant);)
}

fn dropped(printer: &Printer<'_>, hop: &Hop, arm: &Arm) -> TokenStream {
    let span = at(arm.variant.span());
    let (p, router, variant) = (printer.private(span), hop.name(), arm.variant.to_string());
    printer.stop(&quote_spanned!(span=> #p::dropped(#router, #variant)), span)
}

fn done(printer: &Printer<'_>, word: Span) -> TokenStream {
    let span = at(word);
    let (p, owner) = (printer.private(span), &printer.parts.owner);
    quote_spanned!(span=> return ::core::result::Result::Err(#p::Exit::Done(m.exit::<__Out, #owner>())))
}

/// The variant, in a form that may also be `true` or `false`.
fn variant(arm: &Arm) -> Ident {
    match arm.variant.to_string().as_str() {
        keyword @ ("true" | "false") => Ident::new_raw(keyword, arm.variant.span()),
        _ => arm.variant.clone(),
    }
}

/// The arms without those that repeat a variant, which was told.
fn each_once(arms: &[Arm]) -> Vec<&Arm> {
    let mut seen = BTreeSet::new();
    arms.iter().filter(|arm| !arm.cfgs.is_empty() || seen.insert(arm.variant.to_string())).collect()
}
