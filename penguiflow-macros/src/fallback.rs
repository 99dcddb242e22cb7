//! What stands in for a node or a flow after a mistake, so that nothing else turns red.

use crate::diag::Diags;
use crate::sig::Broken;
use crate::sig::item::Item;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// The user's function, and what stands in for the node beside it.
pub(crate) fn node(tokens: TokenStream, item: &Item, broken: Broken, diags: &mut Diags) -> TokenStream {
    let function = match broken {
        Broken::Method => return tokens,
        Broken::Keep => with_lifetimes(tokens),
        Broken::Leave => TokenStream::new(),
    };
    let stand_in = stand_in(item.cfgs(), &item.vis, &item.sig.ident, diags);
    quote! { #function #stand_in }
}

/// A type that rustc knows to be broken, under the name of what it stands in for: whatever mentions it stays silent.
pub(crate) fn stand_in(
    cfgs: impl Iterator<Item = impl ToTokens>,
    vis: &impl ToTokens,
    name: &Ident,
    diags: &mut Diags,
) -> TokenStream {
    let mistake = diags.place_first();
    // rustc takes a type for broken whose length is, but not one that is a failed macro itself.
    quote_spanned! {Span::mixed_site().located_at(name.span())=>
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #vis type #name = [(); { #mistake }];
    }
}

/// Completes `State<Db>` to `State<'_, Db>` in the parameters: we told of it, and rustc would tell it again.
fn with_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut in_parameters = false;
    let mut done = false;
    let complete = |tree| {
        in_parameters |= matches!(&tree, TokenTree::Ident(word) if word == "fn");
        match tree {
            TokenTree::Group(group) if in_parameters && !done && group.delimiter() == Delimiter::Parenthesis => {
                done = true;
                let mut completed = Group::new(group.delimiter(), completed(group.stream()));
                completed.set_span(group.span());
                TokenTree::Group(completed)
            }
            other => other,
        }
    };
    tokens.into_iter().map(complete).collect()
}

fn completed(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut trees = tokens.into_iter().peekable();
    let mut after_state = false;
    while let Some(tree) = trees.next() {
        let opens = after_state && matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '<');
        after_state = matches!(&tree, TokenTree::Ident(word) if word == "State");
        out.extend([tree]);
        let has_lifetime = matches!(trees.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '\'');
        if opens && !has_lifetime {
            let quote = TokenTree::Punct(Punct::new('\'', Spacing::Joint));
            let lifetime = TokenTree::Ident(Ident::new("_", Span::call_site()));
            out.extend([quote, lifetime, TokenTree::Punct(Punct::new(',', Spacing::Alone))]);
        }
    }
    out
}
