//! Finds the paths that a file takes through its own crate and writes them from the crate's root.
//! Judges nothing.

use super::source::Source;
use super::tokens::Token;

/// One path into the own crate: `crate::a::B`, `super::B`, `self::a`, or a child module's name.
#[derive(Debug)]
pub(super) struct CratePath {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    pub(super) test: bool,
}

/// The module that `source` is, from `root`; `lib.rs` and `main.rs` are the root itself.
pub(super) fn module_of(source: &Source, root: &str) -> Option<Vec<String>> {
    let inside = source.path.strip_prefix(root)?.strip_prefix('/')?.strip_suffix(".rs")?;
    let is_root = matches!(inside, "lib" | "main");
    Some(if is_root { Vec::new() } else { inside.split('/').map(str::to_owned).collect() })
}

/// All paths of `source`, which is `module`, into its own crate.
pub(super) fn crate_paths(source: &Source, module: &[String]) -> Vec<CratePath> {
    let reader = Reader { tokens: &source.tokens, module, children: children(&source.tokens) };
    let own_name = source.path.starts_with("penguiflow/src/");
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(token) = source.tokens.get(at) {
        let anchored = reader.anchor(at).or_else(|| reader.own_name(at).filter(|_| own_name));
        // A child's own name is the first segment already.
        let start = anchored.map(|start| (start, at + 1)).or_else(|| Some((reader.child(at)?, at)));
        at += 1;
        if token.text == "use" && reader.is_foreign(at) {
            at += source.tokens[at..].iter().take_while(|token| token.text != ";").count();
        } else if let Some((start, from)) = start {
            let mut leaves = Vec::new();
            at = reader.tree(from, start, &mut leaves).max(at);
            let path = |segments| CratePath { segments, line: token.line, test: token.place.test };
            paths.extend(leaves.into_iter().map(path));
        }
    }
    paths
}

struct Reader<'a> {
    tokens: &'a [Token],
    module: &'a [String],
    children: Vec<&'a str>,
}

impl Reader<'_> {
    /// Where a path leads that begins with `crate`, `super` or `self` at `at`.
    fn anchor(&self, at: usize) -> Option<Vec<String>> {
        // `pub(in crate::a)` says who may see, not what is used.
        let visibility = [self.before(at, 3), self.before(at, 2), self.before(at, 1)] == ["pub", "(", "in"];
        if !self.begins(at) || visibility || matches!(self.before(at, 1), "::" | "$") {
            return None;
        }
        let inline = (0..self.tokens[at].place.inline).map(|_| String::from("{inline}"));
        let mut here: Vec<String> = self.module.iter().cloned().chain(inline).collect();
        match self.tokens[at].text.as_str() {
            "crate" => Some(Vec::new()),
            "self" => Some(here),
            "super" => {
                here.pop();
                Some(here)
            }
            _ => None,
        }
    }

    /// `penguiflow::…` is the crate itself, where it knows itself by its name.
    fn own_name(&self, at: usize) -> Option<Vec<String>> {
        (self.begins(at) && self.tokens[at].text == "penguiflow").then(Vec::new)
    }

    /// `child::…` without `self::`.
    fn child(&self, at: usize) -> Option<Vec<String>> {
        let token = &self.tokens[at];
        let named = self.begins(at) && self.before(at, 1) != "::" && self.children.contains(&token.text.as_str());
        (named && token.place.inline == 0).then(|| self.module.to_vec())
    }

    /// Whether a `use` whose tree begins at `at` leads into another crate, where names mean other things.
    fn is_foreign(&self, at: usize) -> bool {
        let into_this = self.anchor(at).or_else(|| self.own_name(at)).or_else(|| self.child(at));
        into_this.is_none() && !matches!(self.text(at), "{" | "::")
    }

    fn begins(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        !token.literal && !token.place.quoted && self.text(at + 1) == "::"
    }

    fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.text(at))
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    /// Follows `:: a :: {b, c::d}` from `at` and writes every end down; returns where it stopped.
    fn tree(&self, mut at: usize, mut path: Vec<String>, leaves: &mut Vec<Vec<String>>) -> usize {
        let mut go_on = true;
        while go_on {
            if self.text(at) == "::" {
                at += 1;
            }
            match self.text(at) {
                "{" => return self.group(at + 1, &path, leaves),
                "super" => drop(path.pop()),
                "self" => {}
                name if name == "*" || is_name(name) => path.push(name.to_owned()),
                _ => break,
            }
            at += 1;
            go_on = self.text(at) == "::";
        }
        leaves.push(path);
        at
    }

    /// The subtrees between the braces of a `use`; returns where the closing brace is passed.
    fn group(&self, mut at: usize, path: &[String], leaves: &mut Vec<Vec<String>>) -> usize {
        loop {
            match self.text(at) {
                "}" | "" => return at + 1,
                "," => at += 1,
                "as" => at += 2,
                _ => at = self.tree(at, path.to_vec(), leaves).max(at + 1),
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
}

/// Names of the modules that the file declares and that lie in files of their own.
fn children(tokens: &[Token]) -> Vec<&str> {
    let declared = |w: &[Token]| w[0].text == "mod" && w[0].place.inline == 0 && w[2].text == ";";
    tokens.windows(3).filter(|w| declared(w)).map(|w| w[1].text.as_str()).collect()
}

#[cfg(test)]
fn seen(path: &str, text: &str) -> Vec<String> {
    let source = Source::fixture(path, text);
    let module = module_of(&source, "penguiflow/src").expect("a file of the crate");
    crate_paths(&source, &module).iter().map(|path| path.segments.join("::")).collect()
}

#[test]
fn every_leaf_of_a_use_is_a_path() {
    let text = "use crate::a::{self, b::{C, d::*}, E as F}; use std::fmt; fn f() { crate::g::h(); $crate::no::no; }";
    assert_eq!(seen("penguiflow/src/x.rs", text), ["a", "a::b::C", "a::b::d::*", "a::E", "g::h"]);
}

#[test]
fn relative_paths_are_written_from_the_root() {
    let text = "mod child; use super::b::C; use self::child::D; use child::E; mod tests { use super::super::F; use super::*; }";
    let expected = ["runtime::b::C", "runtime::x::child::D", "runtime::x::child::E", "runtime::F", "runtime::x::*"];
    assert_eq!(seen("penguiflow/src/runtime/x.rs", text), expected);
}

#[test]
fn a_macro_body_the_own_name_and_a_visibility_are_read_right() {
    let text =
        "m! { crate::a::B } use ::penguiflow::c::D; pub(in crate::runtime) fn f() {} fn g() { x::<T>::crate_::y() }";
    assert_eq!(seen("penguiflow/src/runtime/x.rs", text), ["a::B", "c::D"]);
}

#[test]
fn a_name_inside_a_foreign_path_is_no_child() {
    let text = "mod a; use crate::b::{a::C, d}; use std::{a::E}; fn f() { other::a::g(); quote!(crate::h::I); a::j() }";
    assert_eq!(seen("penguiflow/src/x.rs", text), ["b::a::C", "b::d", "x::a::j"]);
}
