//! Reads a number that the user must write out.

use crate::flow::cursor::Cursor;
use crate::flow::parse::Parser;
use crate::flow::syntax::Count;

/// Fits into a `usize` on every platform.
const COUNT_MAX: i128 = u32::MAX as i128;

/// What a number is for, and what is said when it is wrong.
pub(crate) struct Expected {
    pub(crate) what: &'static str,
    pub(crate) usage: &'static str,
    pub(crate) zero: &'static str,
}

/// Reads all of `cursor` as a number of 1 or more.
pub(crate) fn read(parser: &mut Parser<'_>, mut cursor: Cursor, expected: &Expected) -> Count {
    let span = cursor.span();
    let written = cursor.rest();
    if written.is_empty() {
        parser.diags.error(span, format!("{} is missing: write `{}`", expected.what, expected.usage));
        return Count::stand_in(span);
    }
    match syn::parse2::<syn::LitInt>(written).map(|number| number.base10_parse::<i128>()) {
        Ok(Ok(0)) => parser.diags.error(span, expected.zero),
        Ok(Ok(value @ 1..=COUNT_MAX)) => return Count { value: value as usize, span },
        Ok(Ok(..0)) => parser.diags.error(span, format!("{} is 1 or more: write `{}`", expected.what, expected.usage)),
        Ok(_) => parser.diags.error(span, format!("{} is at most {COUNT_MAX}", expected.what)),
        Err(_) => {
            let text = format!("{} is a whole number that is written out: `{}`", expected.what, expected.usage);
            parser.diags.error(span, text);
        }
    }
    Count::stand_in(span)
}
