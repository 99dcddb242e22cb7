//! Cuts a text into the words by which it is found. Must not know what it is compared with.

/// English words that stand in every text, and say nothing of what it is about.
const EMPTY: &[&str] = &[
    "a", "about", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
    "could", "did", "do", "does", "for", "from", "get", "give", "had", "has", "have", "he", "her", "his", "how", "i",
    "if", "in", "into", "is", "it", "its", "me", "more", "much", "my", "no", "not", "of", "on", "or", "our", "please",
    "say", "she", "should", "so", "some", "tell", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "to", "us", "was", "we", "were", "what", "when", "where", "which", "who", "whom", "whose",
    "why", "will", "with", "would", "you", "your",
];

/// The words of a text, in its order: small letters, without the ends that English puts on them, without those that say nothing.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word = String::new();
    for letter in text.chars() {
        if is_sign(letter) {
            end(&mut word, &mut all);
            all.push(letter.to_string());
        } else if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        } else if !matches!(letter, '\'' | '’') {
            end(&mut word, &mut all);
        }
    }
    end(&mut word, &mut all);
    all
}

fn end(word: &mut String, all: &mut Vec<String>) {
    let word = std::mem::take(word);
    if !word.is_empty() && !EMPTY.contains(&word.as_str()) {
        all.push(stem(word));
    }
}

/// `berries`, `boxes`, `eats` as `berry`, `box`, `eat`. Rough: what is cut wrongly is cut wrongly on both sides.
fn stem(mut word: String) -> String {
    let letters = word.chars().count();
    if letters > 4 && word.ends_with("ies") {
        word.truncate(word.len() - 3);
        word.push('y');
    } else if letters > 4 && ["ches", "shes", "sses", "xes"].iter().any(|end| word.ends_with(end)) {
        word.truncate(word.len() - 2);
    } else if letters > 3 && word.ends_with('s') && !word.ends_with("ss") {
        word.truncate(word.len() - 1);
    }
    word
}

/// Whether a letter is a word of its own, as Chinese and Japanese write.
fn is_sign(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}
