//! How many answers a share needs to be known well enough.

use super::Z;

/// The answers needed to know a share to ± `margin` at 95 %: both from 0 to 1, `share` as it is expected (0.5 is the
/// worst case), out of `population` if that is known. `None` where a number is outside its range.
///
/// n₀ = z² p (1 − p) ÷ e², and n₀ ÷ (1 + (n₀ − 1) ÷ N) for a population of N, rounded up.
///
/// Source: W. G. Cochran, *Sampling Techniques*, 3rd ed., 4.4.
pub fn sample_size(margin: f64, share: f64, population: Option<u64>) -> Option<u64> {
    if !(margin > 0.0 && margin < 1.0 && (0.0..=1.0).contains(&share)) || population == Some(0) {
        return None;
    }
    let endless = Z * Z * share * (1.0 - share) / (margin * margin);
    let needed = match population {
        None => endless,
        Some(population) => endless / (1.0 + (endless - 1.0) / population as f64),
    };
    Some(needed.ceil() as u64)
}
