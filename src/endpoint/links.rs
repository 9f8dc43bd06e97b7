//! Short addresses: a kind, a number and a seal, so that nobody gets from one to the next. What they lead to is made when they
//! are followed; none of them holds a reference or a name.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::keys::{self, Keys};

/// Symbols of a seal.
const SEAL: usize = 15;
/// As in receipts: nothing that is mistaken for something else.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a short address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The survey about a delivery, for whoever is there: on the delivery note.
    Delivery(i64),
    /// An invitation, where a whole link is too long.
    Invitation(i64),
    /// The survey of a place.
    Place(i64),
    /// The page on which a person says that they want nothing more.
    OptOut(i64),
}

impl Link {
    fn parts(self) -> (char, i64) {
        match self {
            Self::Delivery(number) => ('D', number),
            Self::Invitation(number) => ('E', number),
            Self::Place(number) => ('P', number),
            Self::OptOut(number) => ('Z', number),
        }
    }

    /// Its code: `D`, the number in base32, and 15 symbols of the seal.
    pub fn code(self, keys: &Keys) -> String {
        let (kind, number) = self.parts();
        let mut digits = Vec::new();
        let mut rest = number.unsigned_abs();
        loop {
            let digit = usize::try_from(rest % 32).unwrap_or_default();
            digits.push(DIGITS.get(digit).copied().map_or('0', char::from));
            rest /= 32;
            if rest == 0 {
                break;
            }
        }
        let number: String = digits.into_iter().rev().collect();
        [
            kind.to_string(),
            number,
            keys.link_seal(kind, self.parts().1.unsigned_abs()),
        ]
        .concat()
    }

    /// Reads a code, in small letters, too.
    pub fn read(keys: &Keys, code: &str) -> Option<Self> {
        let code = code.to_ascii_uppercase();
        let front = code.get(..code.len().checked_sub(SEAL)?)?;
        let mut symbols = front.chars();
        let kind = symbols.next()?;
        let mut number = 0_i64;
        for symbol in symbols {
            let digit = DIGITS
                .iter()
                .position(|digit| char::from(*digit) == symbol)?;
            number = number
                .checked_mul(32)?
                .checked_add(i64::try_from(digit).ok()?)?;
        }
        let link = match kind {
            'D' => Self::Delivery(number),
            'E' => Self::Invitation(number),
            'P' => Self::Place(number),
            'Z' => Self::OptOut(number),
            _ => return None,
        };
        // The code is compared as a whole: zeros in front would make a second one.
        keys::is_same(link.code(keys).as_bytes(), code.as_bytes()).then_some(link)
    }
}

/// A QR code that a scratched label survives (a quarter may be lost), with the quiet zone that readers need.
pub fn qr_svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
    let mut svg = code.render::<svg::Color<'_>>();
    Some(svg.min_dimensions(240, 240).quiet_zone(true).build())
}

/// A text inside an address.
pub(super) fn percent(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}
