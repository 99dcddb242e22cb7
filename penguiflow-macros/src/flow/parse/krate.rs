//! Reads `crate = my_penguiflow;` before a flow: where the runtime is, for a user who knows it by another name.

use crate::crate_path::CratePath;
use crate::diag::Diags;
use crate::flow::cursor::Cursor;
use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};

/// The crate that `input` names, and the flow behind it.
pub(crate) fn take(input: TokenStream, diags: &mut Diags) -> (CratePath, TokenStream) {
    let mut cursor = Cursor::new(input.clone(), Span::call_site());
    let Some(word) = cursor.keyword("crate").filter(|_| cursor.peek_punct('=')) else {
        return (CratePath::default(), input);
    };
    let mut setting = TokenStream::new();
    while !cursor.at_end() && !cursor.peek_punct(';') {
        setting.extend(cursor.bump());
    }
    if cursor.punct(';').is_none() {
        diags.error(word.span(), "`;` is missing behind the path of the crate: write `crate = my_penguiflow;`");
    }
    let path = |input: ParseStream| CratePath::read(word.span(), input);
    let krate = path.parse2(setting).unwrap_or_else(|mistake| {
        diags.absorb(mistake);
        CratePath::default()
    });
    (krate, cursor.rest())
}

#[cfg(test)]
mod tests {
    use super::take;
    use crate::diag::Diags;
    use proc_macro2::{Span, TokenStream};

    fn taken(source: &str) -> (String, String, Vec<(usize, usize, String)>) {
        let mut diags = Diags::default();
        let (krate, rest) = take(source.parse::<TokenStream>().expect("tokens"), &mut diags);
        (krate.root(Span::call_site()).to_string(), rest.to_string(), diags.rows())
    }

    #[test]
    fn the_path_of_the_crate_stands_before_the_flow() {
        let (path, rest, mistakes) = taken("crate = a::b; a -> b");
        assert_eq!((path.as_str(), rest.as_str(), mistakes.len()), ("a :: b", "a -> b", 0));
    }

    #[test]
    fn what_is_no_path_of_a_crate_is_told_where_it_stands_and_the_flow_is_read() {
        let text = "`crate` takes the path of the crate: write `crate = my_penguiflow`";
        for (source, column) in
            [("crate = ; a", 1), ("crate = \"x\"; a", 9), ("crate = a<B>; a", 10), ("crate = a b; a", 11)]
        {
            let (path, rest, mistakes) = taken(source);
            assert_eq!((path.as_str(), rest.as_str()), (":: penguiflow", "a"), "{source}");
            assert_eq!(mistakes, [(1, column, text.to_owned())], "{source}");
        }
    }
}
