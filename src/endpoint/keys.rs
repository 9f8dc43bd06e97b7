//! The root key of an installation: made at first start, kept in the data folder, derived once for each use.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::complaint::StaffId;

/// Name of the key file inside the data folder.
const FILE: &str = "keys";
/// Bytes of the root key.
const KEY_BYTES: usize = 32;
/// Crockford's base32: no I, L, O or U, so that a receipt can be read out on the telephone.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Keys derived from the root key. The root itself is forgotten after derivation.
pub struct Keys {
    receipt: [u8; KEY_BYTES],
    case: [u8; KEY_BYTES],
    head: [u8; KEY_BYTES],
    invitation: [u8; KEY_BYTES],
    portal: [u8; KEY_BYTES],
    link: [u8; KEY_BYTES],
    hook: [u8; KEY_BYTES],
    device: [u8; KEY_BYTES],
    audit: [u8; KEY_BYTES],
    erasure: [u8; KEY_BYTES],
}

/// Why the keys cannot be used. The key itself is never part of the text.
#[derive(Debug)]
pub enum KeyError {
    /// The file cannot be read or written.
    Io(PathBuf, std::io::Error),
    /// The operating system gave no random bytes.
    NoRandomness(getrandom::Error),
    /// The file does not hold 64 hexadecimal digits.
    Malformed(PathBuf),
    /// The key is one that somebody typed or copied: all the same, counted up, repeated or readable text.
    Weak(PathBuf),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => {
                write!(f, "cannot use the key file {}: {error}", path.display())
            }
            Self::NoRandomness(error) => write!(
                f,
                "the operating system gives no random bytes for a key: {error}"
            ),
            Self::Malformed(path) => write!(
                f,
                "the key file {} must hold 64 hexadecimal digits (a 32-byte random key); put the right one back from a backup, or remove the file and a new key is made",
                path.display()
            ),
            Self::Weak(path) => write!(
                f,
                "the key in {} is not random (a sample, a pattern or readable text); remove the file and a new key is made",
                path.display()
            ),
        }
    }
}

impl std::error::Error for KeyError {}

impl Keys {
    /// Reads the key file in `folder`, or makes it (mode 0600) when there is none.
    ///
    /// # Errors
    /// A key that is empty, short, not hexadecimal or visibly not random is refused: there is no default key.
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => make(folder, &path)?,
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(KeyError::Malformed(path));
            }
            Err(error) => return Err(KeyError::Io(path, error)),
        };
        let root = from_hex(text.trim_end()).ok_or_else(|| KeyError::Malformed(path.clone()))?;
        if is_weak(&root) {
            return Err(KeyError::Weak(path));
        }
        warn_if_readable_by_others(&path);
        Ok(Self {
            receipt: derive(&root, b"qingting/v1/receipt"),
            case: derive(&root, b"qingting/v1/case"),
            head: derive(&root, b"qingting/v1/case-head"),
            invitation: derive(&root, b"qingting/v1/invitation"),
            portal: derive(&root, b"qingting/v1/portal"),
            link: derive(&root, b"qingting/v1/link"),
            hook: derive(&root, b"qingting/v1/hook"),
            device: derive(&root, b"qingting/v1/device"),
            audit: derive(&root, b"qingting/v1/audit-head"),
            erasure: derive(&root, b"qingting/v1/erasure"),
        })
    }

    /// What signs an invitation: HMAC-SHA256 over its fields, which [`super::identity`] frames.
    pub(super) fn invitation(&self, framed: &[u8]) -> [u8; 32] {
        hmac(&self.invitation, &[framed])
    }

    /// The secret of a portal: derived, so that the database holds none. A portal has another one after each rotation.
    pub fn portal_secret(&self, portal: &str, generation: u32) -> String {
        let secret = hmac(
            &self.portal,
            &[&generation.to_be_bytes(), portal.as_bytes()],
        );
        ["qtp_", &hex(&secret)].concat()
    }

    /// The secret that signs what a receiver gets, derived likewise: 32 bytes.
    pub fn hook_secret(&self, receiver: &str, generation: u32) -> [u8; 32] {
        hmac(
            &self.hook,
            &[&generation.to_be_bytes(), receiver.as_bytes()],
        )
    }

    /// What a short address ends with: 75 bits of HMAC-SHA256 over its kind and number, 15 symbols that can be typed.
    pub fn link_seal(&self, kind: char, number: u64) -> String {
        let kind = u32::from(kind).to_be_bytes();
        let mac = hmac(&self.link, &[&kind, &number.to_be_bytes()]);
        let mut seal = base32(mac.iter().take(10));
        seal.truncate(15);
        seal
    }

    /// The receipt for a submission: 40 bits of HMAC-SHA256 over its id, as `7K3M-9XPD`. The same id gives the same receipt.
    pub fn receipt(&self, id: &[u8; 16]) -> String {
        let mac = hmac(&self.receipt, &[id]);
        let mut text = base32(mac.iter().take(5));
        text.insert(4, '-');
        text
    }

    /// The secret of a case's page: 128 bits of HMAC-SHA256 over its id and epoch, 26 symbols. It is never stored.
    pub fn case_secret(&self, id: &[u8; 16], epoch: u16) -> String {
        let mac = hmac(&self.case, &[id, &epoch.to_be_bytes()]);
        base32(mac.iter().take(16))
    }

    /// What an erased person is told by: who has no key cannot try names.
    pub fn erased(&self, name: &str) -> [u8; 32] {
        hmac(&self.erasure, &[name.as_bytes()])
    }

    /// What stands for whoever sends photos: who has no key cannot try tokens or addresses. Its input begins with a word.
    pub fn photo_sender(&self, name: &str) -> [u8; 32] {
        hmac(&self.erasure, &[b"photo", name.as_bytes()])
    }

    /// What seals a closed day of the daily chain. Its input begins with a word, and is shorter than a case's.
    pub fn day(&self, day: i64, digest: &[u8; 32]) -> [u8; 32] {
        hmac(&self.head, &[b"day", &day.to_be_bytes(), digest])
    }

    /// What seals the end of a case's chain of events: who can write to the database but has no key cannot cut it off.
    pub fn case_head(&self, id: &[u8; 16], last_seq: u32, head: &[u8; 32]) -> [u8; 32] {
        hmac(&self.head, &[id, &last_seq.to_be_bytes(), head])
    }

    /// What a browser keeps that has signed somebody in: 256 bits over the person and the hash of the password of that
    /// time, so that a new password makes every device a stranger.
    pub fn device(&self, person: StaffId, password: &str) -> String {
        let mac = hmac(
            &self.device,
            &[&person.0.to_be_bytes(), password.as_bytes()],
        );
        base32(mac.iter())
    }

    /// What seals the last note of staff's doings.
    pub fn audit_head(&self, seq: i64, hash: &[u8; 32]) -> [u8; 32] {
        hmac(&self.audit, &[&seq.to_be_bytes(), hash])
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// HMAC-SHA256 under a key of any length (RFC 2104), over the parts one after the other.
pub(super) fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    let key = if key.len() > block.len() {
        Sha256::digest(key).to_vec()
    } else {
        key.to_vec()
    };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = byte;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether two texts of bytes are equal; every byte is looked at, whichever differs.
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differs = one
        .iter()
        .zip(other)
        .fold(0, |differs, (one, other)| differs | (one ^ other));
    one.len() == other.len() && differs == 0
}

/// Bytes in Crockford's base32, the first bit first; the last symbol is filled up with zeros.
fn base32<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    let mut text = String::new();
    let (mut bits, mut count) = (0_u32, 0);
    let mut push = |digit: u32| {
        let place = usize::try_from(digit & 31).unwrap_or_default();
        text.push(char::from(CROCKFORD.get(place).copied().unwrap_or(b'0')));
    };
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            push(bits >> count);
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        push(bits << (5 - count));
    }
    text
}

/// One block of HKDF-Expand (RFC 5869 §2.3) with SHA-256. Extract is left out because the root is uniformly random (§3.3).
fn derive(root: &[u8; KEY_BYTES], purpose: &[u8]) -> [u8; KEY_BYTES] {
    hmac(root, &[purpose, &[1]])
}

fn hmac(key: &[u8; KEY_BYTES], parts: &[&[u8]]) -> [u8; KEY_BYTES] {
    mac(key, parts)
}

/// Makes a key, writes it beside its place and renames it there, so that a crash leaves a whole file or none.
fn make(folder: &Path, path: &Path) -> Result<String, KeyError> {
    let mut root = [0_u8; KEY_BYTES];
    getrandom::fill(&mut root).map_err(KeyError::NoRandomness)?;
    let text = root
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    let write = || {
        let fresh = folder.join("keys.new");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| KeyError::Io(path.to_owned(), error))?;
    Ok(text)
}

fn from_hex(text: &str) -> Option<[u8; KEY_BYTES]> {
    let digits = text
        .chars()
        .map(|c| c.to_digit(16))
        .collect::<Option<Vec<_>>>()?;
    let bytes = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(high << 4 | low).ok(),
        _ => None,
    });
    bytes.collect::<Option<Vec<_>>>()?.try_into().ok()
}

/// Whether a person or a sample made this key. A random one is called weak about once in 10^14 installations.
fn is_weak(root: &[u8; KEY_BYTES]) -> bool {
    let mut seen = [false; 256];
    for byte in root {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    }
    let distinct = seen.iter().filter(|seen| **seen).count();
    let mut steps = root.windows(2).map(|pair| match pair {
        [a, b] => b.wrapping_sub(*a),
        _ => 0,
    });
    let first = steps.next();
    let is_counted = steps.all(|step| Some(step) == first);
    let is_text = root
        .iter()
        .all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    distinct < 16 || is_counted || is_text
}

fn warn_if_readable_by_others(path: &Path) {
    let mode = std::fs::metadata(path).map_or(0, |file| file.permissions().mode());
    if mode & 0o077 != 0 {
        tracing::warn!(
            "the key file {} can be read by others (mode {:o}); run: chmod 600 {0}",
            path.display(),
            mode & 0o777
        );
    }
}
