//! What was found in a text, and what had to be mended for it. Must not know how it is found.

use serde_json::Value;
use std::fmt;
use std::ops::Range;

/// A JSON value that stands in a text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// The value.
    pub value: Value,
    /// Where it stands, in bytes of the text: `text[span]` is what it was read from.
    pub span: Range<usize>,
    /// How it could be read.
    pub how: How,
    /// Where the objects and lists stand that are items of the value, by their number in it.
    items: Vec<(usize, Range<usize>)>,
}

impl Found {
    pub(super) fn new(value: Value, span: Range<usize>, how: How) -> Self {
        Found { value, span, how, items: Vec::new() }
    }

    pub(super) fn with_items(self, items: Vec<(usize, Range<usize>)>) -> Self {
        Found { items, ..self }
    }

    /// The objects and lists in a list, each with its own place in the text; nothing where the value is no list. An item that is
    /// the last one of a list that was cut off counts as cut off.
    ///
    /// ```
    /// use penguiflow::llm::lenient;
    ///
    /// let mut found = lenient::candidates(r#"first this: [{"do": "look"}, {"do": "tell"}]"#);
    /// let items = found.remove(0).into_items();
    /// assert_eq!(items[1].value["do"], "tell");
    /// ```
    #[must_use]
    pub fn into_items(self) -> Vec<Found> {
        let Found { value, how, items, .. } = self;
        let Value::Array(values) = value else { return Vec::new() };
        let last = values.len().saturating_sub(1);
        let mut places = items.into_iter().peekable();
        let placed = values.into_iter().enumerate().filter_map(|(number, value)| {
            let (_, span) = places.next_if(|(at, _)| *at == number)?;
            let how = match &how {
                How::Cut(repairs) if number < last => How::of(repairs.clone()),
                other => other.clone(),
            };
            Some(Found::new(value, span, how))
        });
        placed.collect()
    }
}

/// How a value could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum How {
    /// It is JSON.
    Strict,
    /// It is JSON but for these things.
    Repaired(Vec<Repair>),
    /// The text ends within it: what came before the end is there, and nothing else is. It may have had to be repaired, too.
    Cut(Vec<Repair>),
}

impl How {
    pub(super) fn of(repairs: Vec<Repair>) -> Self {
        if repairs.is_empty() { How::Strict } else { How::Repaired(repairs) }
    }

    /// What had to be repaired, each thing once.
    #[must_use]
    pub fn repairs(&self) -> &[Repair] {
        match self {
            How::Strict => &[],
            How::Repaired(repairs) | How::Cut(repairs) => repairs,
        }
    }

    /// Whether the value is all that it was to be: neither cut off nor a [piece](Repair::Torn) of something.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !matches!(self, How::Cut(_)) && !self.repairs().contains(&Repair::Torn)
    }

    /// Smaller is better.
    pub(super) fn rank(&self) -> u8 {
        match self {
            How::Strict => 0,
            How::Repaired(repairs) if repairs.contains(&Repair::Torn) => 2,
            How::Repaired(_) => 1,
            How::Cut(_) => 3,
        }
    }
}

/// One thing that JSON does not have, and models write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Repair {
    /// Strings in `'` or in typographic quotes.
    Quotes,
    /// A quote within a string that has no backslash before it.
    InnerQuotes,
    /// A line break, or another control character, within a string.
    Controls,
    /// A backslash before what needs none; it stays in the string.
    Escapes,
    /// Keys without quotes.
    Keys,
    /// `True`, `False`, `None`.
    Literals,
    /// A comma before the end of a list or object, or one that is missing.
    Commas,
    /// Comments, by `//`, `/*` or `#`.
    Comments,
    /// JSON that is written as a JSON string.
    Encoded,
    /// What stands around the value is broken; this is a complete piece of it.
    Torn,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Repair::Quotes => "other quotes",
            Repair::InnerQuotes => "quotes within a string",
            Repair::Controls => "line breaks within a string",
            Repair::Escapes => "unknown escapes",
            Repair::Keys => "keys without quotes",
            Repair::Literals => "Python's words",
            Repair::Commas => "commas",
            Repair::Comments => "comments",
            Repair::Encoded => "JSON within a string",
            Repair::Torn => "a piece of something broken",
        })
    }
}

/// Repairs, each once and in a fixed order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Repairs(u16);

const ALL: [Repair; 10] = [
    Repair::Quotes,
    Repair::InnerQuotes,
    Repair::Controls,
    Repair::Escapes,
    Repair::Keys,
    Repair::Literals,
    Repair::Commas,
    Repair::Comments,
    Repair::Encoded,
    Repair::Torn,
];

impl Repairs {
    pub(super) fn add(&mut self, repair: Repair) {
        self.0 |= 1 << repair as u16;
    }

    pub(super) fn with(mut self, repair: Repair) -> Self {
        self.add(repair);
        self
    }

    pub(super) fn join(&mut self, other: Repairs) {
        self.0 |= other.0;
    }

    pub(super) fn of(how: &How) -> Self {
        how.repairs().iter().fold(Repairs::default(), |all, repair| all.with(*repair))
    }

    pub(super) fn how(self, cut: bool) -> How {
        let repairs = ALL.into_iter().filter(|repair| self.0 & (1 << *repair as u16) != 0).collect();
        if cut { How::Cut(repairs) } else { How::of(repairs) }
    }
}
