//! `#[derive(Provides)]`: a struct lends each of its fields to the nodes that ask for its type. Knows no nodes.

#[cfg(test)]
mod tests;

use crate::args::entries;
use crate::args::near::nearest;
use crate::crate_path::CratePath;
use crate::diag::Diags;
use crate::sig::show;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Attribute, Field, Item, ItemStruct, Member};

pub(crate) fn run(tokens: TokenStream, diags: &mut Diags) -> TokenStream {
    let item = match syn::parse2::<Item>(tokens) {
        Ok(Item::Struct(item)) => item,
        Ok(Item::Enum(item)) => return refuse(item.enum_token.span, "an enum", diags),
        Ok(Item::Union(item)) => return refuse(item.union_token.span, "a union", diags),
        // rustc parsed the item before it asked us, and told what is wrong with it.
        Ok(_) | Err(_) => return TokenStream::new(),
    };
    let krate = Options::read(&item.attrs, "crate", diags).krate;
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut out = TokenStream::new();
    for (field, member) in item.fields.iter().zip(item.fields.members()) {
        if Options::read(&field.attrs, "skip", diags).skip {
            continue;
        }
        let ty = show::tokens(&field.ty);
        let name = show::tokens(&member);
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == ty) {
            let text = format!(
                "`State<'_, {ty}>` could mean `{first}` or `{name}`: give one of them a type of its own, or write \
                 `#[provides(skip)]` on it"
            );
            diags.error_on(&field.ty, text);
            continue;
        }
        seen.push((ty, name));
        out.extend(provides(&item, field, &member, &krate));
    }
    out
}

fn refuse(at: Span, what: &str, diags: &mut Diags) -> TokenStream {
    diags.error(at, format!("a state is a struct with a field for each part that nodes share, and this is {what}"));
    TokenStream::new()
}

fn provides(item: &ItemStruct, field: &Field, member: &Member, krate: &CratePath) -> TokenStream {
    let (name, ty) = (&item.ident, &field.ty);
    let span = Span::mixed_site().located_at(ty.span());
    let p = krate.private(span);
    let (imp, types, bounds) = item.generics.split_for_impl();
    let cfgs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    quote_spanned! {span=>
        #(#cfgs)*
        #[automatically_derived]
        impl #imp #p::Provides<#ty> for #name #types #bounds {
            fn provide(&self) -> &#ty {
                &self.#member
            }
        }
    }
}

/// What `#[provides(…)]` says on the struct or on a field.
#[derive(Default)]
struct Options {
    skip: bool,
    krate: CratePath,
}

impl Options {
    /// Reads the attributes, of whose words only `word` is allowed here.
    fn read(attrs: &[Attribute], word: &'static str, diags: &mut Diags) -> Self {
        let mut options = Options::default();
        for list in attrs.iter().filter(|attribute| attribute.path().is_ident("provides")) {
            let tokens = match list.meta.require_list() {
                Ok(list) => list.tokens.clone(),
                Err(_) => {
                    diags.error_on(list, format!("`#[provides]` says nothing: write `#[provides({})]`", form(word)));
                    continue;
                }
            };
            entries::of_stream(tokens, diags, |input, diags| {
                entries::each(input, diags, |key, input| options.set(&key, word, input));
            });
        }
        options
    }

    fn set(&mut self, key: &Ident, word: &'static str, input: ParseStream) -> syn::Result<()> {
        let text = key.to_string();
        if text != word {
            let mistake = match nearest(&text, ["skip", "crate"]) {
                Some("skip") if word == "crate" => "`skip` stands on a field".to_owned(),
                Some("crate") if word == "skip" => "`crate` stands on the struct".to_owned(),
                _ => format!("`{text}` is no argument here: write `{}`", form(word)),
            };
            return Err(syn::Error::new(key.span(), mistake));
        }
        if word == "skip" {
            self.skip = true;
            return Ok(());
        }
        self.krate = CratePath::read(key.span(), input)?;
        Ok(())
    }
}

fn form(word: &str) -> &'static str {
    if word == "skip" { "skip" } else { "crate = my_penguiflow" }
}
