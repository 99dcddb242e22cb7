//! Reads the policy behind a node's name: `search(timeout = "5s")`. What a key means is known to [`PolicyArgs`].

use crate::args::PolicyArgs;
use crate::flow::cursor::Cursor;
use crate::flow::parse::Parser;
use crate::flow::syntax::{Path, Policy};
use crate::flow::text;
use proc_macro2::Group;

/// Whether the parentheses hold `key = value`, or nothing, and no arguments of another kind.
pub(crate) fn is_one(group: &Group) -> bool {
    let mut cursor = Cursor::inside(group);
    if cursor.at_end() {
        return true;
    }
    cursor.ident().is_some() && cursor.peek_punct('=') && !cursor.peek_fat_arrow()
}

/// Whether the parentheses hold what only a loop has.
pub(crate) fn is_bound(group: &Group) -> bool {
    Cursor::inside(group).peek_ident().is_some_and(|key| key == "turns" || key == "hops")
}

/// Reads the policy of the node called `path`.
pub(super) fn read(parser: &mut Parser<'_>, path: &Path, group: &Group) -> Option<Policy> {
    if group.stream().is_empty() {
        parser.diags.error_on(group, format!("these parentheses are empty: write `{}` without them", path.text));
        return None;
    }
    if !is_one(group) {
        let text = format!(
            "a flow captures nothing and passes no arguments: parentheses behind a node hold the policy of a second \
             instance, `{}(timeout = \"5s\") as quick`",
            path.text
        );
        parser.diags.error_on(group, text);
        return None;
    }
    let args = PolicyArgs::read_instance(group.stream(), parser.diags);
    Some(Policy { args, text: text::compact(&group.stream()), span: group.span() })
}
