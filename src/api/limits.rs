//! What may be how large on the wire.

/// The largest body of an answer sheet, in bytes; browsers send no more than 64 KiB while a page closes.
pub const BODY_BYTES: usize = 60 * 1024;
/// The largest definition that can be published, in bytes.
pub const DEFINITION_BYTES: usize = 1024 * 1024;
/// The longest name of a survey, in characters of `[a-z0-9-]`.
pub const SURVEY_CHARS: usize = 64;
/// The longest reference (delivery, account, contact) or field of the context, in characters.
pub const REFERENCE_CHARS: usize = 200;
/// The longest signed token (invitation, identity), in characters.
pub const TOKEN_CHARS: usize = 2_000;
/// The most hidden fields in a context.
pub const FIELDS: usize = 50;
/// The longest page name, in characters.
pub const PAGE_CHARS: usize = 200;
/// The most revisions one sheet can have.
pub const REVISIONS: u64 = 1_000_000;
/// The longest time a sheet can have taken, in milliseconds: 30 days.
pub const ELAPSED_MS: u64 = 30 * 24 * 60 * 60 * 1000;
/// The longest text of a complaint or a message, in characters.
pub const WORDS_CHARS: usize = 10_000;
/// The longest name, mail address or telephone number, in characters.
pub const CONTACT_CHARS: usize = 200;
/// After so many minutes without another one, wrong secrets of a case are answered again.
pub const WRONG_SECRETS_MINUTES: u32 = 10;
/// The largest photo, in bytes. The widget sends at most 400 KB.
pub const PHOTO_BYTES: usize = 2 * 1024 * 1024;
/// The most photos that one answer sheet names.
pub const PHOTOS_OF_SHEET: usize = 50;
/// The most photos with one complaint.
pub const PHOTOS: usize = 5;
