//! The name of a type, for people. Compares nothing but names: it is no identity.

use std::any::type_name;
use std::fmt;

/// The name of a type, as Rust prints it. It prints without the modules that its types stand in.
///
/// ```
/// use penguiflow::TypeName;
///
/// let name = TypeName::of::<Option<Vec<std::num::NonZeroU8>>>();
/// assert_eq!(name.to_string(), "Option<Vec<NonZero<u8>>>");
/// assert_eq!(name.full(), "core::option::Option<alloc::vec::Vec<core::num::nonzero::NonZero<u8>>>");
/// ```
///
/// Which names Rust prints may change with the compiler: show them, and decide nothing by them.
#[derive(Clone, Copy)]
pub struct TypeName {
    // Not the name itself: no constant can have it.
    full: fn() -> &'static str,
}

impl TypeName {
    /// The name of `T`.
    pub const fn of<T: ?Sized>() -> Self {
        TypeName { full: type_name::<T> }
    }

    /// The name with all modules.
    pub fn full(self) -> &'static str {
        (self.full)()
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&without_modules(self.full()))
    }
}

impl fmt::Debug for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.full())
    }
}

impl PartialEq for TypeName {
    fn eq(&self, other: &Self) -> bool {
        self.full() == other.full()
    }
}

impl Eq for TypeName {}

/// `Vec<Word>` of `alloc::vec::Vec<words::Word>`.
fn without_modules(full: &str) -> String {
    let mut short = String::with_capacity(full.len());
    let mut segment = 0;
    let mut rest = full;
    while let Some(sign) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix("::") {
            // What stood before it was a module, or `{{closure}}` and the like: a part of the path either way.
            short.truncate(segment);
            rest = behind;
            continue;
        }
        short.push(sign);
        if !(sign.is_alphanumeric() || matches!(sign, '_' | '{' | '}' | '#')) {
            segment = short.len();
        }
        rest = &rest[sign.len_utf8()..];
    }
    short
}

#[cfg(test)]
mod tests {
    use super::without_modules;

    #[test]
    fn a_name_is_printed_without_the_modules_of_its_types() {
        let printed = [
            ("u8", "u8"),
            ("alloc::vec::Vec<words::Word>", "Vec<Word>"),
            ("(a::B, [c::d::E; 4], &str)", "(B, [E; 4], &str)"),
            (
                "core::result::Result<a::B, alloc::boxed::Box<dyn core::error::Error + core::marker::Send>>",
                "Result<B, Box<dyn Error + Send>>",
            ),
            ("words::spell::{{closure}}::Inner", "Inner"),
            ("fn(a::B) -> c::D", "fn(B) -> D"),
            ("größe::Größe", "Größe"),
            ("signs::Sign<':'>", "Sign<':'>"),
        ];
        for (full, short) in printed {
            assert_eq!(without_modules(full), short);
        }
    }
}
