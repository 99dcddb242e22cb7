//! Reads a router's arms.

use crate::flow::cursor::Cursor;
use crate::flow::parse::{Parser, Place, mention};
use crate::flow::syntax::{Arm, Arms, Attr, Chain, Path};
use proc_macro2::{Delimiter, Group, Ident, TokenTree};
use quote::ToTokens as _;
use std::collections::BTreeSet;
use syn::parse::Parser as _;

impl Parser<'_> {
    /// Reads the arms between the braces behind `router`.
    pub(super) fn arms(&mut self, router: &Path, group: &Group) -> Arms {
        if group.stream().is_empty() {
            let text =
                format!("`{}` has no arms: write `Variant -> node` for each variant that it returns", router.text);
            self.diags.error_on(group, text);
        }
        let mut arms: Vec<Arm> = Vec::new();
        for piece in Cursor::inside(group).split(',') {
            let mut cursor = piece.cursor;
            if cursor.at_end() {
                self.diags.error(cursor.span(), "an arm is missing before this `,`");
                continue;
            }
            // More than one round only where a `,` is missing, which was told.
            while !cursor.at_end() {
                arms.extend(self.arm(&mut cursor));
            }
        }
        self.told_twice(&arms);
        Arms { arms, span: group.span() }
    }

    fn arm(&mut self, cursor: &mut Cursor) -> Option<Arm> {
        let cfgs = self.cfgs(cursor);
        let variant = self.variant(cursor)?;
        let chain = if !self.arm_arrow(&variant, cursor) {
            Chain::lost(variant.span())
        } else if cursor.at_end() {
            let text = format!("`{variant}` leads nowhere: write a node, `drop` or `done` behind the arrow");
            self.diags.error(variant.span(), text);
            Chain::lost(variant.span())
        } else {
            self.chain(cursor, Place::Arm)
        };
        Some(Arm { cfgs, variant, chain })
    }

    fn cfgs(&mut self, cursor: &mut Cursor) -> Vec<Attr> {
        let attrs = attrs(cursor);
        for attr in attrs.iter().filter(|attr| attr.name != "cfg") {
            self.diags.error_on(&attr.tokens, "an arm takes no attribute but `#[cfg(…)]`");
        }
        attrs.into_iter().filter(|attr| attr.name == "cfg").collect()
    }

    fn variant(&mut self, cursor: &mut Cursor) -> Option<Ident> {
        let at = cursor.span();
        let Some(mut variant) = cursor.ident() else {
            self.diags.error(at, "an arm begins with the name of a variant: write `Variant -> node`");
            cursor.rest();
            return None;
        };
        if variant == "_" {
            self.diags.error(at, "an arm names its variant: `_` would route what nobody thought of");
            self.keep_arm(cursor);
            return None;
        }
        let mut is_path = false;
        while cursor.peek_colons() {
            cursor.take(2);
            is_path = true;
            variant = cursor.ident().unwrap_or(variant);
        }
        if is_path {
            self.diags.error(at, format!("an arm names the variant without its enum: write `{variant} -> …`"));
        }
        if !mention::is_name(&variant) && variant != "true" && variant != "false" {
            self.diags.error(at, format!("`{variant}` is a keyword of Rust and no variant"));
            self.keep_arm(cursor);
            return None;
        }
        Some(variant)
    }

    /// Takes the arrow behind a variant; tells what stands there instead. Returns whether the arm goes on.
    fn arm_arrow(&mut self, variant: &Ident, cursor: &mut Cursor) -> bool {
        let at = cursor.span();
        if cursor.arrow().is_some() {
            return true;
        }
        if cursor.peek_fat_arrow() {
            self.diags.error_on(&cursor.take(2), "arms are written with `->`: write `->` for `=>`");
            return true;
        }
        let (text, goes_on) = match cursor.peek() {
            None => (format!("`{variant}` leads nowhere: write `{variant} -> node`"), false),
            Some(TokenTree::Group(_)) => {
                (format!("an arm names the variant only, and hands on what is in it: write `{variant} -> …`"), true)
            }
            Some(TokenTree::Punct(sign)) if sign.as_char() == '|' => {
                (format!("each variant has an arm of its own: write `{variant} -> a, Other -> a`"), true)
            }
            Some(TokenTree::Ident(word)) if word == "if" => {
                ("an arm has no condition: let the router return a variant for it".to_owned(), true)
            }
            Some(_) => (format!("`->` is missing behind `{variant}`"), false),
        };
        let at = if cursor.at_end() { variant.span() } else { at };
        self.diags.error(at, text);
        if goes_on {
            cursor.skip_to_arrow();
        }
        let goes_on = goes_on && cursor.arrow().is_some();
        if !goes_on {
            self.keep_strays(cursor);
        }
        goes_on
    }

    fn keep_arm(&mut self, cursor: &mut Cursor) {
        cursor.skip_to_arrow();
        cursor.arrow();
        self.keep_strays(cursor);
    }

    fn told_twice(&mut self, arms: &[Arm]) {
        let mut seen = BTreeSet::new();
        // Two arms of one variant under different cfgs are one arm in each build.
        for arm in arms.iter().filter(|arm| arm.cfgs.is_empty()) {
            if !seen.insert(arm.variant.to_string()) {
                let text = format!("`{}` has an arm already: a variant leads one way", arm.variant);
                self.diags.error(arm.variant.span(), text);
            }
        }
    }
}

/// Reads the attributes that stand here. What is no attribute has no name.
pub(crate) fn attrs(cursor: &mut Cursor) -> Vec<Attr> {
    let mut attrs = Vec::new();
    while cursor.peek_punct('#') {
        let Some(TokenTree::Group(group)) = cursor.peek_nth(1) else {
            break;
        };
        if group.delimiter() != Delimiter::Bracket {
            break;
        }
        let name = group.stream().into_iter().next().map_or(String::new(), |token| token.to_token_stream().to_string());
        let tokens = cursor.take(2);
        let is_one = syn::Attribute::parse_outer.parse2(tokens.clone()).is_ok();
        attrs.push(Attr { name: if is_one { name } else { String::new() }, tokens });
    }
    attrs
}
