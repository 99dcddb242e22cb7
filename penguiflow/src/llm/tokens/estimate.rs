//! How many tokens a text has about, told from its letters alone. Pure: knows no model.

/// What a letter weighs, in hundredths of a token; what is behind a slash is measured against `o200k_base`.
mod weigh {
    /// A word of up to [`WORD`](super::WORD) letters, with the blank before it.
    pub(super) const WORD: u64 = 100;
    /// Each further letter of a word.
    pub(super) const LETTER: u64 = 18;
    /// Each further letter of a word in large letters, of which few are one token.
    pub(super) const LARGE: u64 = 22;
    /// What a letter with an accent weighs beyond that.
    pub(super) const ACCENT: u64 = 45;
    /// Up to three digits.
    pub(super) const DIGITS: u64 = 100;
    /// The first of several signs, and each further one.
    pub(super) const SIGN: u64 = 90;
    pub(super) const NEXT_SIGN: u64 = 35;
    /// Blanks and line breaks that are more than one blank between two words.
    pub(super) const GAP: u64 = 70;
    /// Letters of scripts that are told apart by their alphabets.
    pub(super) const CYRILLIC: u64 = 31;
    pub(super) const GREEK: u64 = 36;
    pub(super) const SEMITIC: u64 = 40;
    pub(super) const INDIC: u64 = 42;
    pub(super) const THAI: u64 = 42;
    pub(super) const HANGUL: u64 = 84;
    pub(super) const KANA: u64 = 86;
    pub(super) const HAN: u64 = 88;
    /// Dashes, quotes, arrows.
    pub(super) const SYMBOL: u64 = 110;
    /// A picture among letters, with what joins several into one.
    pub(super) const EMOJI: u64 = 190;
    /// What is none of these.
    pub(super) const OTHER: u64 = 150;
}

/// How many letters a word has that is one token, for the most part.
const WORD: u64 = 6;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Lower,
    Upper,
    Accented,
    Digit,
    Blank,
    Break,
    Sign,
    /// Weighs so much each, whatever is beside it.
    Each(u64),
}

/// At least 1 for a text that is not empty.
pub(super) fn estimate(text: &str) -> u64 {
    let mut weight: u64 = 0;
    let (mut before, mut run) = (Kind::Break, 0_u64);
    for letter in text.chars() {
        let kind = kind(letter);
        run = if goes_on(before, kind) { run.saturating_add(1) } else { 1 };
        weight = weight.saturating_add(step(kind, run));
        before = kind;
    }
    weight.div_ceil(100).max(u64::from(!text.is_empty()))
}

/// Whether a word, a number or a row of signs goes on with this one.
fn goes_on(before: Kind, kind: Kind) -> bool {
    match (before, kind) {
        // `getUserName` is three words, and `HTTP` is one.
        (Kind::Lower | Kind::Accented, Kind::Upper) => false,
        (Kind::Lower | Kind::Upper | Kind::Accented, Kind::Lower | Kind::Accented) | (Kind::Upper, Kind::Upper) => true,
        (Kind::Blank | Kind::Break, Kind::Blank | Kind::Break) => true,
        (before, kind) => before == kind && matches!(kind, Kind::Digit | Kind::Sign),
    }
}

fn step(kind: Kind, run: u64) -> u64 {
    let word = if run == 1 {
        weigh::WORD
    } else if run > WORD {
        weigh::LETTER
    } else {
        0
    };
    match kind {
        Kind::Lower => word,
        Kind::Upper if run > 2 => weigh::LARGE,
        Kind::Upper => word,
        Kind::Accented => word + weigh::ACCENT,
        Kind::Digit => weigh::DIGITS * u64::from(run % 3 == 1),
        // One blank belongs to the word behind it; two and more are a token of their own.
        Kind::Blank => weigh::GAP * u64::from(run == 2),
        Kind::Break => weigh::GAP * u64::from(run == 1),
        Kind::Sign if run == 1 => weigh::SIGN,
        Kind::Sign => weigh::NEXT_SIGN,
        Kind::Each(weight) => weight,
    }
}

fn kind(letter: char) -> Kind {
    match letter {
        'a'..='z' => Kind::Lower,
        'A'..='Z' => Kind::Upper,
        '0'..='9' => Kind::Digit,
        ' ' => Kind::Blank,
        '\0'..='\x1f' | '\x7f' => Kind::Break,
        '!'..='~' => Kind::Sign,
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{300}'..='\u{36f}' => Kind::Accented,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Kind::Each(weigh::GREEK),
        '\u{400}'..='\u{52f}' => Kind::Each(weigh::CYRILLIC),
        '\u{530}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{10a0}'..='\u{10ff}' => Kind::Each(weigh::SEMITIC),
        '\u{900}'..='\u{dff}' => Kind::Each(weigh::INDIC),
        '\u{e00}'..='\u{eff}' => Kind::Each(weigh::THAI),
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}' => Kind::Each(weigh::HANGUL),
        '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => Kind::Each(weigh::KANA),
        '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' => Kind::Each(weigh::SYMBOL),
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Kind::Each(weigh::HAN),
        '\u{2000}'..='\u{2bff}' | '\u{a0}'..='\u{bf}' => Kind::Each(weigh::SYMBOL),
        '\u{fe00}'..='\u{fe0f}' => Kind::Each(weigh::SYMBOL),
        '\u{1f000}'..='\u{1faff}' => Kind::Each(weigh::EMOJI),
        _ => Kind::Each(weigh::OTHER),
    }
}
