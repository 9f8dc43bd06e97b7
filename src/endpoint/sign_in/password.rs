//! Passwords of staff: what is taken as one, and how it is hashed.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Characters that a password has at least. Longer is what makes it strong (NIST SP 800-63B §3.1.1.2 asks for 15 where it is
/// the only factor, and takes no rules for kinds of characters).
pub const LEAST_CHARS: usize = 15;
/// Bytes that a password has at most: looked at before anything is hashed.
pub const MOST_BYTES: usize = 512;

/// What is stored of a password: argon2id with its salt and parameters, as a PHC string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hash(pub String);

/// Why something is no password here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than [`LEAST_CHARS`] characters.
    TooShort,
    /// More than [`MOST_BYTES`] bytes.
    TooLong,
    /// One character, or the same few, over and over.
    Monotonous,
    /// It could not be hashed: no memory or no random bytes.
    NotHashed,
}

impl Hash {
    /// Hashes a new password with argon2's defaults: 19 MiB, 2 passes, 1 lane, which are OWASP's
    /// (Password Storage Cheat Sheet).
    ///
    /// # Errors
    /// Says what it lacks.
    pub fn of(password: &str) -> Result<Self, PasswordFault> {
        check(password)?;
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash: argon2::PasswordHash| Self(hash.to_string()))
            .map_err(|_| PasswordFault::NotHashed)
    }

    /// Whether this is the password. It takes as long for a wrong one.
    pub fn is_of(&self, password: &str) -> bool {
        password.len() <= MOST_BYTES
            && Argon2::default()
                .verify_password(password.as_bytes(), self.0.as_str())
                .is_ok()
    }
}

fn check(password: &str) -> Result<(), PasswordFault> {
    if password.len() > MOST_BYTES {
        return Err(PasswordFault::TooLong);
    }
    if password.chars().count() < LEAST_CHARS {
        return Err(PasswordFault::TooShort);
    }
    let mut kinds: Vec<char> = password.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 5 {
        return Err(PasswordFault::Monotonous);
    }
    Ok(())
}
