//! Passwords of staff: what is taken as one, and how it is hashed.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

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

/// KiB that are reserved for a hash, of which its 19 MiB are used: glibc never takes more than 32 MiB from its heaps, where
/// every thread that ever hashed would keep some of it. 200 at once left 350 MiB behind.
const RESERVED: usize = 33 * 1024;

impl Hash {
    /// Hashes a new password with argon2's defaults: 19 MiB, 2 passes, 1 lane, which are OWASP's
    /// (Password Storage Cheat Sheet).
    ///
    /// # Errors
    /// Says what it lacks.
    pub fn of(password: &str) -> Result<Self, PasswordFault> {
        check(password)?;
        let mut salt = [0_u8; 16];
        getrandom::fill(&mut salt).map_err(|_| PasswordFault::NotHashed)?;
        made(password, &salt).ok_or(PasswordFault::NotHashed)
    }

    /// Whether this is the password. It takes as long for a wrong one.
    pub fn is_of(&self, password: &str) -> bool {
        password.len() <= MOST_BYTES && self.is_made_of(password).unwrap_or(false)
    }

    /// Nothing where this is no hash.
    fn is_made_of(&self, password: &str) -> Option<bool> {
        let known = PasswordHash::new(&self.0).ok()?;
        let algorithm = Algorithm::try_from(known.algorithm.as_str()).ok()?;
        let version = known
            .version
            .map_or(Ok(Version::default()), Version::try_from);
        let params = Params::try_from(&known).ok()?;
        let argon2 = Argon2::new(algorithm, version.ok()?, params);
        let (salt, expected) = (known.salt?, known.hash?);
        // `Output` compares in constant time.
        Some(hashed(&argon2, password, &salt, expected.len())? == expected)
    }
}

fn made(password: &str, salt: &[u8]) -> Option<Hash> {
    let argon2 = Argon2::default();
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params()).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(hashed(&argon2, password, salt, Params::DEFAULT_OUTPUT_LEN)?),
    };
    Some(Hash(hash.to_string()))
}

fn hashed(argon2: &Argon2<'_>, password: &str, salt: &[u8], length: usize) -> Option<Output> {
    let blocks = argon2.params().block_count();
    let mut memory = Vec::with_capacity(blocks.max(RESERVED));
    memory.resize(blocks, Block::new());
    let mut out = vec![0; length];
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory)
        .ok()?;
    Output::new(&out).ok()
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

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn hashes_are_those_of_the_library() {
        let password = "the crates were wet again";
        let theirs = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), b"sixteen bytes ..")
            .map(|hash: PasswordHash| Hash(hash.to_string()));
        assert!(theirs.is_ok());
        assert_eq!(made(password, b"sixteen bytes .."), theirs.ok());
        let ours = Hash::of(password);
        let is_verified = |Hash(ours): &Hash| {
            let verified = Argon2::default().verify_password(password.as_bytes(), ours.as_str());
            verified.is_ok()
        };
        assert!(ours.as_ref().is_ok_and(is_verified));
        assert!(ours.as_ref().is_ok_and(|ours| ours.is_of(password)));
        assert!(ours.is_ok_and(|ours| !ours.is_of("the crates were wet agaim")));
        assert!(!Hash("no hash".to_owned()).is_of(password));
    }
}
