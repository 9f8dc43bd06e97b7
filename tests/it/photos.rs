//! Photos over HTTP: written anew, without anything of the original file but its pixels; what is none is refused, and the
//! words go through all the same.

use std::io::Cursor;
use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use qingting::endpoint::photo::{PhotoFault, cleaned};
use serde_json::{Value as Json, json};

use crate::support::{Answer, TestServer};

/// A picture with a red left half.
pub fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let shade = u8::try_from((x * 7 + y * 3) % 200).unwrap();
        if x < width / 2 {
            Rgb([230, 20, shade / 8])
        } else {
            Rgb([20, shade, 230])
        }
    })
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    picture(width, height).write_with_encoder(encoder).unwrap();
    bytes
}

pub fn in_format(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture(40, 20))
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

pub fn webp() -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    picture(40, 20).write_with_encoder(encoder).unwrap();
    bytes
}

/// A photo as a phone writes it: turned by its orientation, with the place, the device and the time beside the pixels.
fn from_phone() -> Vec<u8> {
    // Little-endian TIFF: orientation 6 (turn right), make, and a pointer to GPS data with a latitude.
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    exif.extend([3, 0]);
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    exif.extend([0x0f, 0x01, 2, 0, 10, 0, 0, 0, 50, 0, 0, 0]);
    exif.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 62, 0, 0, 0]);
    exif.extend([0, 0, 0, 0]);
    exif.extend(b"SECRETCAM\0\0\0");
    exif.extend([1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 31.2304N 121.4737E 2026:11:20 08:00:00");
    let mut segment = vec![0xff, 0xe1];
    segment.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    segment.extend(exif);
    let mut comment = vec![0xff, 0xfe, 0, 27];
    comment.extend(b"<script>alert(1)</script>");
    let plain = jpeg(60, 30);
    [&plain[..2], &segment, &comment, &plain[2..]].concat()
}

fn send(server: &TestServer, n: u64, kind: &str, bytes: &[u8], status: u16) -> Json {
    let path = format!("/v1/attachments/{n:032x}");
    let answer = server.call("POST", &path, &[("content-type", kind)], bytes, status);
    serde_json::from_slice(&answer.body).unwrap()
}

fn complain(server: &TestServer, n: u64, photos: &[u64], status: u16) -> Json {
    let photos: Vec<String> = photos.iter().map(|photo| format!("{photo:032x}")).collect();
    let body =
        json!({"id": format!("{n:032x}"), "text": "box crushed, look at it!!", "photos": photos});
    let headers = [("content-type", "application/json")];
    let body = body.to_string();
    let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), status);
    serde_json::from_slice(&answer.body).unwrap()
}

fn photo(server: &TestServer, case: &Json, secret: &Json, n: u64, status: u16) -> Answer {
    let (number, secret) = (
        case["number"].as_str().unwrap(),
        secret["secret"].as_str().unwrap(),
    );
    let path = format!("/v1/cases/{number}/photos/{n:032x}");
    let bearer = format!("Bearer {secret}");
    server.call("GET", &path, &[("authorization", &bearer)], b"", status)
}

pub fn has(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_photo_is_kept_upright_and_without_a_word_beside_its_pixels() {
    let server = TestServer::start();
    let sent = from_phone();
    // The control: what is sent does tell.
    for told in [&b"SECRETCAM"[..], b"GPS", b"Exif", b"script"] {
        assert!(has(&sent, told));
    }
    let kept = send(&server, 1, "image/jpeg", &sent, 201);
    assert_eq!((&kept["width"], &kept["height"]), (&json!(30), &json!(60)));
    assert_eq!(send(&server, 1, "image/jpeg", &sent, 200), kept);
    let case = complain(&server, 7, &[1], 201);
    let served = photo(&server, &case, &case, 1, 200);
    for told in [&b"SECRETCAM"[..], b"GPS", b"Exif", b"script", b"JFIF\0\0"] {
        assert!(
            !has(&served.body, told),
            "{}",
            String::from_utf8_lossy(told)
        );
    }
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("content-disposition", "attachment; filename=\"photo.jpg\""),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(served.header(name), Some(value));
    }
    let shown = image::load_from_memory(&served.body).unwrap().to_rgb8();
    assert_eq!(shown.dimensions(), (30, 60));
    // Turned right, what was left is up.
    let (up, down) = (shown.get_pixel(15, 10).0, shown.get_pixel(15, 50).0);
    assert!(
        up[0] > 180 && up[2] < 90 && down[2] > 180 && down[0] < 90,
        "{up:?} {down:?}"
    );
    // Nowhere in the data folder, either.
    for file in std::fs::read_dir(server.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            assert!(!has(&std::fs::read(path).unwrap(), b"SECRETCAM"));
        }
    }
}

#[test]
fn large_photos_become_small_and_every_format_becomes_jpeg() {
    let large = cleaned(&jpeg(4000, 3000)).unwrap();
    assert_eq!((large.width, large.height), (1600, 1200));
    assert!(large.jpeg.len() < 400_000, "{}", large.jpeg.len());
    for bytes in [in_format(ImageFormat::Png), webp(), jpeg(40, 20)] {
        let kept = cleaned(&bytes).unwrap();
        assert_eq!((kept.width, kept.height), (40, 20));
        assert!(kept.jpeg.starts_with(b"\xff\xd8\xff"));
        // What is kept is itself a photo, and twice cleaned changes nothing but quality.
        assert_eq!(cleaned(&kept.jpeg).unwrap().width, 40);
    }
}

/// A PNG that says it has this many pixels, with next to nothing in it.
pub fn bomb(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length, kind, data, &crc.sum().to_be_bytes()].concat()
    };
    let header = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 2, 0, 0, 0],
    ]
    .concat();
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, &vec![0; 20_000_000]).unwrap();
    let data = packed.finish().unwrap();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"IDAT", &data),
        chunk(b"IEND", b""),
    ]
    .concat()
}

/// (what it is, the file, how it is refused).
fn impostors() -> Vec<(&'static str, Vec<u8>, PhotoFault)> {
    use PhotoFault::{Broken, NotWhole, OtherFormat, TooManyPixels};
    let small = jpeg(40, 20);
    let png = in_format(ImageFormat::Png);
    let behind = |image: &[u8], rest: &[u8]| [image, rest].concat();
    vec![
        ("nothing", Vec::new(), OtherFormat),
        (
            "HTML",
            b"<!doctype html><script>alert(1)</script>".to_vec(),
            OtherFormat,
        ),
        (
            "SVG",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
            OtherFormat,
        ),
        ("PHP", b"<?php system($_GET['c']); ?>".to_vec(), OtherFormat),
        (
            "a JAR",
            b"PK\x03\x04\x14\0META-INF/MANIFEST.MF".to_vec(),
            OtherFormat,
        ),
        ("a PDF", b"%PDF-1.7\n1 0 obj\n".to_vec(), OtherFormat),
        ("an ELF", b"\x7fELF\x02\x01\x01".to_vec(), OtherFormat),
        ("an EXE", b"MZ\x90\0".to_vec(), OtherFormat),
        (
            "EICAR",
            br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*".to_vec(),
            OtherFormat,
        ),
        ("a GIF", b"GIF89a\x01\0\x01\0\x80\0\0".to_vec(), OtherFormat),
        (
            "a GIFAR",
            b"GIF89a/*\x01\0*/=1;PK\x03\x04".to_vec(),
            OtherFormat,
        ),
        ("a BMP", b"BM\x3a\0\0\0".to_vec(), OtherFormat),
        ("a TIFF", b"II*\0\x08\0\0\0".to_vec(), OtherFormat),
        ("an ICO", b"\0\0\x01\0\x01\0".to_vec(), OtherFormat),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), OtherFormat),
        (
            "an XML bomb",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>".to_vec(),
            OtherFormat,
        ),
        ("text", "质量问题照片".as_bytes().to_vec(), OtherFormat),
        (
            "HTML behind a JPEG",
            behind(&small, b"<script>alert(1)</script>"),
            NotWhole,
        ),
        (
            "a JAR behind a JPEG",
            behind(&small, b"PK\x03\x04..PK\x05\x06"),
            NotWhole,
        ),
        ("PHP behind a PNG", behind(&png, b"<?php ?>"), NotWhole),
        (
            "a ZIP behind a WebP",
            behind(&webp(), b"PK\x03\x04"),
            NotWhole,
        ),
        ("half a JPEG", small[..small.len() / 2].to_vec(), NotWhole),
        ("half a PNG", png[..png.len() / 2].to_vec(), NotWhole),
        ("half a WebP", webp()[..30].to_vec(), NotWhole),
        (
            "a JPEG of nothing",
            b"\xff\xd8\xff\xe0\xff\xd9".to_vec(),
            Broken,
        ),
        (
            "HTML between a JPEG's ends",
            b"\xff\xd8\xff<script>alert(1)</script>\xff\xd9".to_vec(),
            Broken,
        ),
        ("a WebP of nothing", b"RIFF\x04\0\0\0WEBP".to_vec(), Broken),
        ("a bomb", bomb(30_000, 30_000), TooManyPixels),
        ("a wide bomb", bomb(65_000, 100), TooManyPixels),
        ("a square bomb", bomb(8_000, 8_000), TooManyPixels),
    ]
}

#[test]
fn what_is_no_photo_is_refused_at_once_and_the_words_go_through() {
    let server = TestServer::start();
    let impostors = impostors();
    assert_eq!(impostors.len(), 30);
    for (n, (what, bytes, fault)) in (100..).zip(&impostors) {
        let began = Instant::now();
        assert_eq!(cleaned(bytes), Err(*fault), "{what}");
        assert!(
            began.elapsed() < Duration::from_millis(100),
            "{what} took {:?}",
            began.elapsed()
        );
        let refused = send(&server, n, "image/jpeg", bytes, 422);
        assert_eq!(refused["errors"][0]["code"], fault.code(), "{what}");
        assert!(refused["errors"][0]["message"].as_str().unwrap().len() > 20);
    }
    // The control: a photo is one. A complaint that names both keeps its words and the photo.
    send(&server, 1, "image/jpeg", &jpeg(40, 20), 201);
    let case = complain(&server, 7, &[100, 1, 1], 201);
    let number = case["number"].as_str().unwrap();
    let bearer = format!("Bearer {}", case["secret"].as_str().unwrap());
    let seen = server.call(
        "GET",
        &format!("/v1/cases/{number}"),
        &[("authorization", &bearer)],
        b"",
        200,
    );
    let seen: Json = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(seen["words"]["text"], "box crushed, look at it!!");
    let photos: Vec<&Json> = seen["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["photo"])
        .filter(|photo| !photo.is_null())
        .collect();
    assert_eq!(photos, [&json!(format!("{:032x}", 1))]);
    photo(&server, &case, &case, 1, 200);
    photo(&server, &case, &case, 100, 404);
    // What says it is something else, is too large, or names itself strangely.
    send(&server, 2, "text/html", &jpeg(40, 20), 415);
    send(&server, 2, "image/svg+xml", &jpeg(40, 20), 415);
    send(&server, 2, "image/jpeg", &vec![0xff; 3 * 1024 * 1024], 413);
    let headers = [("content-type", "image/jpeg")];
    for name in [
        "..%2f..%2fetc%2fpasswd",
        "CON",
        "a.php",
        "%00",
        "\u{202e}gpj.exe",
        &"a".repeat(255),
    ] {
        let path = format!("/v1/attachments/{}", name.replace('\u{202e}', "%E2%80%AE"));
        let answer = server.call("POST", &path, &headers, &jpeg(40, 20), 422);
        let answer: Json = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer["errors"][0]["path"], "id");
    }
}

#[test]
fn a_photo_belongs_to_one_case_and_goes_if_its_words_never_come() {
    let server = TestServer::start();
    send(&server, 1, "image/jpeg", &jpeg(40, 20), 201);
    // Another photo under the same id is not taken for it.
    assert_eq!(
        send(&server, 1, "image/jpeg", &jpeg(40, 30), 422)["code"],
        "id-taken"
    );
    let mine = complain(&server, 7, &[1], 201);
    // Sent again without its photos, as after one was refused, it is still the same complaint.
    assert_eq!(complain(&server, 7, &[], 200), mine);
    let other = complain(&server, 8, &[1], 201);
    photo(&server, &mine, &mine, 1, 200);
    photo(&server, &other, &other, 1, 404);
    photo(&server, &mine, &other, 1, 404);
    // Two wait; one gets its words.
    send(&server, 2, "image/jpeg", &jpeg(40, 20), 201);
    send(&server, 3, "image/jpeg", &jpeg(40, 20), 201);
    let third = complain(&server, 9, &[3], 201);
    server.pass(25 * 3_600_000);
    let began = Instant::now();
    let swept = || {
        let folder = rusqlite::Connection::open(qingting::endpoint::store::database_path(
            server.folder.path(),
        ))
        .unwrap();
        let count = "SELECT count(*) FROM attachments WHERE case_id IS NULL";
        folder
            .query_row(count, [], |row| row.get::<_, i64>(0))
            .unwrap()
            == 0
    };
    while !swept() {
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "nothing is swept"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    photo(&server, &mine, &mine, 1, 200);
    photo(&server, &third, &third, 3, 200);
    let many: Vec<u64> = (20..26).collect();
    assert_eq!(
        complain(&server, 10, &many, 422)["errors"][0]["path"],
        "photos"
    );
}

#[test]
fn photos_go_with_messages_both_ways_and_only_those_of_the_case_are_shown() {
    let mut server = TestServer::start();
    let key = "manager-key";
    server.stop();
    let mut store =
        qingting::endpoint::store::Sqlite::open(server.folder.path(), Duration::from_secs(5))
            .unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(key).into();
    let now = qingting::endpoint::clock::Timestamp(crate::support::NOW);
    store
        .add_staff(
            "Li Wei",
            qingting::complaint::Role::CaseManager,
            digest,
            now,
        )
        .unwrap()
        .unwrap();
    drop(store);
    let folder = std::mem::replace(&mut server.folder, crate::support::Folder::new());
    let server = TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (store, std::sync::Arc::new(reader)),
    );
    let case = complain(&server, 7, &[], 201);
    let number = case["number"].as_str().unwrap();
    send(&server, 1, "image/jpeg", &jpeg(40, 20), 201);
    let bearer = format!("Bearer {}", case["secret"].as_str().unwrap());
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let path = format!("/v1/cases/{number}/messages");
    let body = json!({"id": format!("{:032x}", 2), "text": "here is the label", "photos": [format!("{:032x}", 1)]}).to_string();
    // Sent twice, it is there once.
    for _ in 0..2 {
        let seen = server.call("POST", &path, &headers, body.as_bytes(), 200);
        let seen: Json = serde_json::from_slice(&seen.body).unwrap();
        let kinds: Vec<_> = seen["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["kind"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            kinds.iter().filter(|kind| *kind == "attached").count(),
            1,
            "{kinds:?}"
        );
    }
    let bad = json!({"id": format!("{:032x}", 3), "text": "x", "photos": ["../x"]}).to_string();
    let refused = server.call("POST", &path, &headers, bad.as_bytes(), 422);
    assert_eq!(refused.refusal().1, ["photos"]);
    // And from staff.
    send(&server, 5, "image/png", &in_format(ImageFormat::Png), 201);
    let staff = format!("Bearer {key}");
    let inside = server.call(
        "GET",
        &format!("/v1/staff/cases/{number}"),
        &[("authorization", &staff)],
        b"",
        200,
    );
    let version = serde_json::from_slice::<Json>(&inside.body).unwrap()["version"].clone();
    let tag = format!("\"{version}\"");
    let headers = [
        ("content-type", "application/json"),
        ("authorization", staff.as_str()),
        ("if-match", tag.as_str()),
    ];
    let body =
        json!({"action": "message", "text": "Is it this one?", "photos": [format!("{:032x}", 5)]})
            .to_string();
    let path = format!("/v1/staff/cases/{number}");
    server.call("POST", &path, &headers, body.as_bytes(), 200);
    photo(&server, &case, &case, 5, 200);
    let own = format!("/v1/staff/cases/{number}/photos/{:032x}", 1);
    server.call("GET", &own, &[("authorization", &staff)], b"", 200);
    // The log tells when a photo is not the one that came.
    let verify = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_qingting"));
        let command = command.args(["verify", "--data"]).arg(server.folder.path());
        let output = command.env_clear().output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    assert!(verify().0, "the control");
    let database = rusqlite::Connection::open(qingting::endpoint::store::database_path(
        server.folder.path(),
    ))
    .unwrap();
    let exchange = "UPDATE attachments SET image = (SELECT image FROM attachments AS other WHERE other.id <> attachments.id)
                    WHERE rowid = 1";
    database
        .execute_batch("CREATE TEMP TABLE kept AS SELECT * FROM attachments")
        .unwrap();
    database.execute_batch(exchange).unwrap();
    let (is_whole, said) = verify();
    assert!(!is_whole && said.contains("the photo of event"), "{said}");
    let back =
        "UPDATE attachments SET image = (SELECT image FROM kept WHERE kept.id = attachments.id)";
    database.execute_batch(back).unwrap();
    assert!(verify().0);
    drop(database);
    // Without a key, with another case's secret, with a guessed id, as HEAD: nothing.
    server.call("GET", &own, &[], b"", 401);
    let other = complain(&server, 8, &[], 201);
    photo(&server, &case, &other, 1, 404);
    photo(&server, &other, &other, 1, 404);
    photo(&server, &case, &case, 99, 404);
}
