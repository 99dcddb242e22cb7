//! The arguments of `#[message]`: what it leaves out or adds. Reads them; acts on none.

use crate::args::entries;
use crate::args::near::nearest;
use crate::crate_path::CratePath;
use crate::diag::Diags;
use proc_macro2::{Ident, TokenStream};
use syn::parse::ParseStream;

#[derive(Default)]
pub(super) struct MessageArgs {
    pub(super) no_schema: bool,
    pub(super) no_serde: bool,
    pub(super) garde: bool,
    pub(super) krate: CratePath,
}

const WORDS: [&str; 4] = ["no_schema", "no_serde", "garde", "crate"];

impl MessageArgs {
    pub(super) fn read(tokens: TokenStream, diags: &mut Diags) -> Self {
        let mut args = MessageArgs::default();
        let mut seen = Vec::new();
        entries::of_stream(tokens, diags, |input, diags| {
            entries::each(input, diags, |word, input| {
                let text = word.to_string();
                if seen.contains(&text) {
                    return Err(syn::Error::new(word.span(), format!("`{text}` is given twice: keep one")));
                }
                args.set(&text, &word, input)?;
                seen.push(text);
                Ok(())
            });
        });
        args
    }

    fn set(&mut self, text: &str, word: &Ident, input: ParseStream) -> syn::Result<()> {
        let flag = match text {
            "no_schema" => &mut self.no_schema,
            "no_serde" => &mut self.no_serde,
            "garde" => &mut self.garde,
            "crate" => {
                self.krate = CratePath::read(word.span(), input)?;
                return Ok(());
            }
            _ => return Err(syn::Error::new(word.span(), unknown(text))),
        };
        entries::flag(word, input)?;
        *flag = true;
        Ok(())
    }
}

fn unknown(text: &str) -> String {
    let meant = match text {
        "schema" => Some("no_schema"),
        "serde" => Some("no_serde"),
        "validate" | "validator" => Some("garde"),
        _ => nearest(text, WORDS),
    };
    match meant {
        Some("crate") => format!("`{text}` is no argument here: write `crate = my_penguiflow`"),
        Some(word) => format!("`{text}` is no argument here: write `{word}`"),
        None => format!("`{text}` is no argument here: there are `no_schema`, `no_serde`, `garde`, `crate`"),
    }
}
