//! Customers' photos: what is taken, and how it is written anew, so that nothing of the original file is kept: no place, no
//! device, no second file hidden behind the first.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

/// The longer side of what is kept, in pixels.
const MOST_SIDE: u32 = 1600;
/// The longer side of what is decoded, in pixels.
const MOST_SIDE_READ: u32 = 8192;
/// The most that decoding may allocate, in bytes.
const MOST_ALLOCATED: u64 = 56 * 1024 * 1024;
/// What is kept is this large at most, in bytes, where the last quality allows it.
const MOST_BYTES: usize = 400_000;
/// JPEG qualities, tried in turn: at the first, text on a delivery note stays readable.
const QUALITIES: [u8; 3] = [80, 65, 45];

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFault {
    /// Neither JPEG nor PNG nor WebP.
    OtherFormat,
    /// More pixels than anybody needs.
    TooManyPixels,
    /// It ends too early, or something else stands behind it.
    NotWhole,
    /// It cannot be decoded.
    Broken,
}

impl PhotoFault {
    /// A stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherFormat => "other-format",
            Self::TooManyPixels => "too-many-pixels",
            Self::NotWhole => "not-whole",
            Self::Broken => "broken",
        }
    }

    /// What is wrong and what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::OtherFormat => "must be a JPEG, PNG or WebP image",
            Self::TooManyPixels => "has too many pixels; send at most 8192 by 2000 or so",
            Self::NotWhole => {
                "is cut off, or has something behind the image; save it anew as an image"
            }
            Self::Broken => "cannot be read as an image; take or save it again",
        }
    }
}

/// A photo as it is kept: a JPEG without anything beside the pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// The file.
    pub jpeg: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Decodes a photo within limits and writes it anew, upright and at most 1600 pixels long.
///
/// # Errors
/// What is no photo.
pub fn cleaned(bytes: &[u8]) -> Result<Photo, PhotoFault> {
    let format = format(bytes).ok_or(PhotoFault::OtherFormat)?;
    if !ends_as_it_should(format, bytes) {
        return Err(PhotoFault::NotWhole);
    }
    let bare = match format {
        ImageFormat::Png => Some(bare_png(bytes).ok_or(PhotoFault::Broken)?),
        _ => None,
    };
    let bytes = bare.as_deref().unwrap_or(bytes);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE_READ);
    limits.max_image_height = Some(MOST_SIDE_READ);
    limits.max_alloc = Some(MOST_ALLOCATED);
    reader.limits(limits);
    let fault = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => PhotoFault::TooManyPixels,
        _ => PhotoFault::Broken,
    };
    // The decoder has read no more than the header.
    let mut decoder = reader.into_decoder().map_err(fault)?;
    if decoder.total_bytes() > MOST_ALLOCATED {
        return Err(PhotoFault::TooManyPixels);
    }
    // What cannot be turned stays as it is.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?;
    if image.width().max(image.height()) > MOST_SIDE {
        image = image.resize(MOST_SIDE, MOST_SIDE, FilterType::Triangle);
    }
    image.apply_orientation(orientation);
    let image = on_white(&image);
    let mut jpeg = Vec::new();
    for quality in QUALITIES {
        jpeg.clear();
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
        image.write_with_encoder(encoder).map_err(fault)?;
        if jpeg.len() <= MOST_BYTES {
            break;
        }
    }
    Ok(Photo {
        jpeg,
        width: image.width(),
        height: image.height(),
    })
}

/// A PNG with nothing but what its picture needs. The others may be packed: 100 KB of a profile or of text become 100 MB
/// before any limit on pixels is asked.
fn bare_png(bytes: &[u8]) -> Option<Vec<u8>> {
    const NEEDED: [&[u8]; 6] = [b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"];
    let (start, mut rest) = bytes.split_at_checked(8)?;
    let mut bare = start.to_vec();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        // Length, kind and checksum stand around the data.
        let length = usize::try_from(length).ok()?.checked_add(12)?;
        let (chunk, behind) = rest.split_at_checked(length)?;
        if NEEDED.contains(&chunk.get(4..8)?) {
            bare.extend(chunk);
        }
        rest = behind;
    }
    Some(bare)
}

/// What the first bytes say; names and announced types say nothing.
fn format(bytes: &[u8]) -> Option<ImageFormat> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        Some(ImageFormat::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(ImageFormat::Png)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(ImageFormat::WebP)
    } else {
        None
    }
}

/// A file that is an image and something else at once has the other behind the image.
fn ends_as_it_should(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => bytes.ends_with(b"\xff\xd9"),
        ImageFormat::Png => bytes.ends_with(b"\0\0\0\0IEND\xaeB`\x82"),
        _ => {
            let size = bytes.get(4..8).and_then(|size| size.try_into().ok());
            let size = size
                .map(u32::from_le_bytes)
                .and_then(|size| usize::try_from(size).ok());
            size.is_some_and(|size| size.checked_add(8) == Some(bytes.len()))
        }
    }
}

/// JPEG has no transparency: what shows through is white.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let image = image.to_rgba8();
    let mut flat = RgbImage::new(image.width(), image.height());
    for (pixel, source) in flat.pixels_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = source.0;
        let mix = |channel: u8| {
            let mixed = u16::from(channel) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        *pixel = Rgb([red, green, blue].map(mix));
    }
    flat
}
