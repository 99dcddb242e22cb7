//! Prints a side branch and what runs beside it.

use super::at;
use super::code::{Code, Left, Printer};
use crate::flow::graph::Tee;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// Adds the side branch, and all that runs beside it, to `code`.
pub(super) fn print(printer: &Printer<'_>, tee: &Tee, code: &mut Code) {
    let span = at(tee.span);
    let p = printer.private(span);
    let inside = printer.inside();
    let (side, rest) = (inside.seq(&tee.side, code.left), printer.seq(&tee.rest, code.left));
    let share = quote_spanned!(span=> let aside = m.share(););
    if code.left != Left::Value || rest.left == Left::Gone || side.left == Left::Gone {
        let side = [&[quote_spanned!(span=> let m = aside;)], side.lines.as_slice()].concat();
        let asides = [inside.aside(&side, tee.span), printer.aside(&rest.lines, tee.span)];
        code.lines.push(quote_spanned!(span=> #share #(#asides)*));
        return code.lose(printer, tee.span);
    }
    let irreversible = printer.parts.names.irreversible_in([&tee.side, &tee.rest], span);
    let (side, left) = (beside(&inside, tee.best_effort, side, &quote_spanned!(span=> aside), span), rest.left);
    let steps = printer.in_futures(rest.lines, left);
    let end = match left {
        Left::Nothing => None,
        Left::Value | Left::Gone => {
            let ok = printer.ok(span);
            Some(quote_spanned!(span=> #ok(m)))
        }
    };
    // Where no arm goes on, nothing says of which type the value is that never comes.
    let of = (left == Left::Nothing).then(|| quote_spanned!(span=> ::<::core::convert::Infallible, _>));
    let joined = quote_spanned! {span=>
        #share
        let mut b0 = ::core::pin::pin!(#p::branch(#side));
        let mut b1 = ::core::pin::pin!(#p::branch(#p::rest #of(async move { #steps #end })));
        #p::join(cx, const { #irreversible }, &mut [b0.as_mut(), b1.as_mut()]).await?;
        #p::rested(b1.as_mut().take())
    };
    code.lines.push(match left {
        Left::Nothing => quote_spanned!(span=> return #p::never({ #joined });),
        Left::Value | Left::Gone => quote_spanned!(span=> let m = { #joined }?;),
    });
    code.left = left;
}

/// The side branch, whose value goes nowhere.
pub(super) fn beside(printer: &Printer<'_>, best_effort: bool, side: Code, m: &TokenStream, span: Span) -> TokenStream {
    let p = printer.private(span);
    let Code { lines, left } = side;
    let steps = printer.in_futures(lines, left);
    let end = (left != Left::Nothing).then(|| quote_spanned!(span=> ::core::result::Result::Ok::<_, #p::Stop>(m)));
    let of = (left == Left::Nothing).then(|| quote_spanned!(span=> ::<::core::convert::Infallible, _>));
    let steps = quote_spanned!(span=> async move { let m = #m; #steps #end });
    if best_effort {
        let of = (left == Left::Nothing).then(|| quote_spanned!(span=> ::<_, ::core::convert::Infallible, _>));
        quote_spanned!(span=> #p::best_effort #of(cx, #steps))
    } else {
        quote_spanned!(span=> #p::side #of(#steps))
    }
}
