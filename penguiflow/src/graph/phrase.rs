//! Puts a sentence together while a flow compiles, where there is no `String` and no `format!`. Knows no mistake.

/// A sentence that is put together at compile time. What finds no room is left out.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    bytes: [u8; Words::BYTES_MAX],
    len: usize,
}

impl Words {
    const BYTES_MAX: usize = 1_024;
    /// What ends a sentence that had no room.
    const MORE: &str = " …";

    pub(crate) const fn new() -> Self {
        Words { bytes: [0; Words::BYTES_MAX], len: 0 }
    }

    pub(crate) const fn and(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        if self.len + text.len() > Words::BYTES_MAX {
            return self;
        }
        let mut at = 0;
        while at < text.len() {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    pub(crate) const fn and_number(self, number: u128) -> Self {
        let mut digits = [0; 39];
        let mut at = digits.len();
        let mut rest = number;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        match core::str::from_utf8(digits.split_at(at).1) {
            Ok(digits) => self.and(digits),
            Err(_) => self,
        }
    }

    /// A duration as people write it, `1.5 s` or `250 ms`, rounded up to a thousandth of its unit.
    pub(crate) const fn and_nanos(self, nanos: u128) -> Self {
        let (unit, name) = match nanos {
            0 => return self.and("0 s"),
            1_000_000_000.. => (1_000_000_000, " s"),
            1_000_000.. => (1_000_000, " ms"),
            1_000.. => (1_000, " µs"),
            _ => return self.and_number(nanos).and(" ns"),
        };
        let thousandths = nanos.div_ceil(unit / 1_000);
        let mut words = self.and_number(thousandths / 1_000);
        let mut rest = thousandths % 1_000;
        if rest > 0 {
            words = words.and(".");
            let mut digit = 100;
            while rest > 0 {
                words = words.and_number(rest / digit);
                rest %= digit;
                digit /= 10;
            }
        }
        words.and(name)
    }

    /// Adds `other` if it finds room, and room is left to say that there is more.
    pub(crate) const fn and_words(self, between: &str, other: &Words) -> Option<Self> {
        if self.len + between.len() + other.len + Words::MORE.len() > Words::BYTES_MAX {
            return None;
        }
        Some(self.and(between).and(other.text()))
    }

    /// Says that there is more.
    pub(crate) const fn and_more(self) -> Self {
        self.and(Words::MORE)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "there are no words for this mistake",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn a_duration_is_written_as_people_write_it_and_never_too_short() {
        let text = |nanos| Words::new().and_nanos(nanos).text().to_owned();
        let written = [0, 7, 1_500, 250_000_000, 1_500_000_000, 41_000_000_000, 2_007_000_000, 1_000_000_001].map(text);
        assert_eq!(written, ["0 s", "7 ns", "1.5 µs", "250 ms", "1.5 s", "41 s", "2.007 s", "1.001 s"]);
    }

    #[test]
    fn words_without_room_are_refused_whole() {
        let long = Words::new().and(&"a".repeat(1_000));
        assert!(long.and_words(" -> ", &Words::new().and("too long for what is left")).is_none());
        assert!(long.and_words("", &Words::new().and("fits")).is_some_and(|words| words.text().ends_with("afits")));
    }
}
