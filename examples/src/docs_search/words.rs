//! Makes words of text as they are compared. Knows no file and no ranking.

/// Words that ask and join, and name nothing.
const STOP_WORDS: &str = " a about all an and any are as at be by can could did do does for from get had happen happens \
    has have how i if in into is it its many may me mean means my no not of on one or our s should so t than that the their \
    there these they this to use used was we were what when where which who why will with work works would you your ";

/// The words of a text in their order; `join_k` is `join_k`, `join` and `k`.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    tokens(text).map(|token| stem(&token))
}

/// The words of a question that say what it is about, each once; all of them if none does.
pub(super) fn terms(question: &str) -> Vec<String> {
    let names = |token: &String| !STOP_WORDS.contains(&format!(" {token} "));
    let names_nothing = !tokens(question).any(|token| names(&token));
    let mut terms: Vec<String> =
        tokens(question).filter(|token| names_nothing || names(token)).map(|token| stem(&token)).collect();
    terms.sort();
    terms.dedup();
    terms
}

fn tokens(text: &str) -> impl Iterator<Item = String> {
    let whole = text.split(|c: char| !c.is_alphanumeric() && c != '_').map(|word| word.trim_matches('_'));
    whole
        .flat_map(|word| std::iter::once(word).chain(word.split('_').filter(move |part| *part != word)))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Takes plural endings off by the three rules of the S stemmer (Harman, "How effective is suffixing?", 1991).
fn stem(word: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    match word.len() {
        ..=3 => word.to_owned(),
        length if ends(&["ies"]) && !ends(&["eies", "aies"]) => format!("{}y", &word[..length - 3]),
        length if ends(&["s"]) && !ends(&["us", "ss", "aes", "ees", "oes"]) => word[..length - 1].to_owned(),
        _ => word.to_owned(),
    }
}
