//! How alike two texts are, by the words that they share: whole words of alphabets, pairs of characters of Chinese and
//! Japanese, which have no spaces.

use std::collections::BTreeSet;

/// The terms of a text: words of at least two letters in lower case, and every two ideographs in a row (CJK bigrams, as
/// search engines cut them).
pub fn terms(text: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        let letters: Vec<char> = run.chars().flat_map(char::to_lowercase).collect();
        // A run may change its script in the middle: "用QT7的阀门".
        for part in letters.chunk_by(|one, next| is_ideograph(*one) == is_ideograph(*next)) {
            if part.iter().copied().all(is_ideograph) {
                terms.extend(part.windows(2).map(|two| two.iter().collect::<String>()));
            } else if part.len() > 1 {
                terms.insert(part.iter().collect());
            }
        }
    }
    terms
}

/// Sørensen–Dice: twice the shared terms ÷ all terms, 0 to 1; 0 where a text has none.
///
/// Source: L. R. Dice, "Measures of the amount of ecologic association between species", *Ecology* 26 (1945).
pub fn similarity(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let shared = one.intersection(other).count() as f64;
    2.0 * shared / (one.len() + other.len()) as f64
}

/// Whether a character is written without spaces around its words: Han, kana.
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}
