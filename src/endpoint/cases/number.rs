//! Case numbers: 8 random symbols and one that checks them, shown as `QT-7K3M-9XPD-C`. No secret, and no count.

/// Crockford's base32.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of these 40 random bits.
pub(super) fn of_bits(bits: u64) -> String {
    let digits = (0..8).rev().map(|place| bits >> (5 * place) & 31);
    let digits: Vec<u8> = digits
        .map(|digit| u8::try_from(digit).unwrap_or(0))
        .collect();
    let text: String = digits.iter().map(|digit| symbol(*digit)).collect();
    let (front, back) = text.split_at(4);
    format!("QT-{front}-{back}-{}", symbol(check(&digits)))
}

/// The number as it is stored, from however somebody wrote it down: small letters, without dashes, O for 0, I or L for 1.
/// Nothing if it is none, or if a symbol is wrong.
pub fn read(text: &str) -> Option<String> {
    let text: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .take(20)
        .collect();
    let text = text.to_ascii_uppercase();
    let digits = text
        .strip_prefix("QT")
        .unwrap_or(&text)
        .bytes()
        .map(|byte| {
            let byte = match byte {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                byte => byte,
            };
            let place = SYMBOLS.iter().position(|symbol| *symbol == byte)?;
            u8::try_from(place).ok()
        });
    let digits: Vec<u8> = digits.collect::<Option<_>>()?;
    let (last, first) = digits.split_last()?;
    if first.len() != 8 || *last != check(first) {
        return None;
    }
    let bits = first
        .iter()
        .fold(0, |bits, digit| bits << 5 | u64::from(*digit));
    Some(of_bits(bits))
}

fn symbol(digit: u8) -> char {
    let symbol = SYMBOLS.get(usize::from(digit)).copied();
    char::from(symbol.unwrap_or(b'0'))
}

/// Luhn's algorithm modulo 32: it notices every wrong symbol and every two neighbours exchanged but the first and last of
/// the alphabet.
fn check(digits: &[u8]) -> u8 {
    let weigh = |(place, digit): (usize, &u8)| {
        let factor = if place % 2 == 0 { 2 } else { 1 };
        let product = u32::from(*digit) * factor;
        product / 32 + product % 32
    };
    let sum: u32 = digits.iter().rev().enumerate().map(weigh).sum();
    u8::try_from((32 - sum % 32) % 32).unwrap_or(0)
}
