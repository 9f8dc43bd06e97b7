//! Photos at their limits: everything that can stand beside pixels, everything that can be too much, everybody who may not
//! look, and an end at any moment.

use std::time::{Duration, Instant};

use image::ImageFormat;
use qingting::api::{Intake, SubmissionId};
use qingting::complaint::Action;
use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::cases::photos::PhotoFrom;
use qingting::endpoint::cases::{CaseError, Cases, Wish};
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::keys::Keys;
use qingting::endpoint::photo::cleaned;
use qingting::endpoint::store::{PhotoTaken, ReadSqlite, Sender, Sqlite};
use serde_json::{Value as Json, json};

use crate::photos::{bomb, has, in_format, jpeg, webp};
use crate::support::{Connection, Folder, NOW, Process, TestServer, rows, sheet};

const BUSY: Duration = Duration::from_secs(5);

/// What phones, cameras and programs write beside the pixels, so that it can be looked for.
const TOLD: [&str; 9] = [
    "GPSLatitude 31.2304",
    "SerialNumber 0042-SECRET",
    "MakerNote SECRETCAM",
    "2026:11:20 08:00:00",
    "xmp:CreatorTool Phone 14",
    "Photoshop 3.0 8BIM IPTC Pudong",
    "Author Wang Min",
    "thumbnail-of-the-uncropped",
    "ICC made by SECRETSCAN",
];

fn told() -> Vec<u8> {
    TOLD.join("\0").into_bytes()
}

/// A JPEG with EXIF (and a thumbnail in it), XMP, IPTC, a profile and a comment.
fn told_jpeg() -> Vec<u8> {
    let plain = jpeg(40, 20);
    let segment = |marker: u8, start: &[u8]| {
        let data = [start, &told()].concat();
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker][..], &length, &data].concat()
    };
    let beside = [
        segment(0xe1, b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"),
        segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0"),
        segment(0xe2, b"ICC_PROFILE\0\x01\x01"),
        segment(0xed, b"Photoshop 3.0\0"),
        segment(0xfe, b""),
    ];
    [&plain[..2], &beside.concat(), &plain[2..]].concat()
}

/// A PNG with tEXt, zTXt-like, iTXt, eXIf and tIME chunks.
fn told_png() -> Vec<u8> {
    let plain = in_format(ImageFormat::Png);
    let chunk = |kind: &[u8], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length, kind, data, &crc.sum().to_be_bytes()].concat()
    };
    let beside = [
        chunk(b"tEXt", &[b"Comment\0", &told()[..]].concat()),
        chunk(
            b"iTXt",
            &[b"XML:com.adobe.xmp\0\0\0\0\0", &told()[..]].concat(),
        ),
        chunk(
            b"eXIf",
            &[b"II*\0\x08\0\0\0\0\0\0\0\0\0", &told()[..]].concat(),
        ),
        chunk(b"tIME", &[7, 234, 11, 20, 8, 0, 0]),
    ];
    // Right behind the header.
    let end = 8 + 25;
    [&plain[..end], &beside.concat(), &plain[end..]].concat()
}

/// A WebP with EXIF and XMP chunks.
fn told_webp() -> Vec<u8> {
    let plain = webp();
    let chunk = |kind: &[u8], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        let fill = vec![0; data.len() % 2];
        [kind, &length, data, &fill].concat()
    };
    // Has EXIF and XMP; 40 by 20.
    let extended = chunk(b"VP8X", &[0b0000_1100, 0, 0, 0, 39, 0, 0, 19, 0, 0]);
    let body = [
        b"WEBP".to_vec(),
        extended,
        plain[12..].to_vec(),
        chunk(
            b"EXIF",
            &[b"II*\0\x08\0\0\0\0\0\0\0\0\0", &told()[..]].concat(),
        ),
        chunk(b"XMP ", &told()),
    ]
    .concat();
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [&b"RIFF"[..], &length, &body].concat()
}

#[test]
fn nothing_that_stands_beside_the_pixels_is_kept() {
    let server = TestServer::start();
    let photos = [
        (1_u64, "image/jpeg", told_jpeg()),
        (2, "image/png", told_png()),
        (3, "image/webp", told_webp()),
    ];
    for (n, kind, sent) in &photos {
        // The control: what is sent tells everything.
        assert!(TOLD.iter().all(|told| has(sent, told.as_bytes())), "{kind}");
        let path = format!("/v1/attachments/{n:032x}");
        server.call("POST", &path, &[("content-type", kind)], sent, 201);
    }
    let ids: Vec<_> = photos.iter().map(|(n, ..)| format!("{n:032x}")).collect();
    let body = json!({"id": format!("{:032x}", 9), "text": "看照片", "photos": ids}).to_string();
    let headers = [("content-type", "application/json")];
    let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), 201);
    let case: Json = serde_json::from_slice(&answer.body).unwrap();
    let bearer = format!("Bearer {}", case["secret"].as_str().unwrap());
    for id in ids {
        let path = format!("/v1/cases/{}/photos/{id}", case["number"].as_str().unwrap());
        let served = server.call("GET", &path, &[("authorization", &bearer)], b"", 200);
        for word in TOLD
            .iter()
            .chain(&["Exif", "XMP", "ICC_PROFILE", "8BIM", "http"])
        {
            assert!(!has(&served.body, word.as_bytes()), "{id} tells {word}");
        }
        // Only the markers that a picture needs: no APP1 to APP15, no comment.
        assert_eq!(markers(&served.body), Vec::<u8>::new(), "{id}");
    }
    for file in std::fs::read_dir(server.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let tells = TOLD.iter().find(|told| has(&bytes, told.as_bytes()));
            assert_eq!(tells, None, "{}", path.display());
        }
    }
}

/// The segments of a JPEG that hold something beside the picture.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut found, mut place) = (Vec::new(), 2);
    while jpeg[place] == 0xff && jpeg[place + 1] != 0xda {
        let marker = jpeg[place + 1];
        if (0xe1..=0xef).contains(&marker) || marker == 0xfe {
            found.push(marker);
        }
        place += 2 + usize::from(u16::from_be_bytes([jpeg[place + 2], jpeg[place + 3]]));
    }
    found
}

/// The most memory that a process has had so far, in bytes.
fn peak(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.child.id())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024
}

/// A PNG of one pixel whose chunk says that it holds far more than it needs.
fn stuffed(kind: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, &vec![7; 100_000_000]).unwrap();
    let start: &[u8] = if kind == b"iCCP" {
        b"p\0\0"
    } else {
        b"Comment\0\0"
    };
    let data = [start, &packed.finish().unwrap()].concat();
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(&data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let chunk = [&length[..], kind, &data, &crc.sum().to_be_bytes()].concat();
    let plain = in_format(ImageFormat::Png);
    [&plain[..33], &chunk, &plain[33..]].concat()
}

#[test]
fn fifty_bombs_at_once_cost_neither_memory_nor_anybody_elses_time() {
    let folder = Folder::new().with_survey();
    let server = Process::serve(folder.path());
    let bombs = [
        bomb(30_000, 30_000),
        bomb(65_000, 65_000),
        bomb(8_100, 8_100),
        stuffed(b"iCCP"),
        stuffed(b"zTXt"),
    ];
    assert!(bombs.iter().all(|bomb| bomb.len() < 200_000));
    for bomb in &bombs {
        let began = Instant::now();
        let _ = cleaned(bomb);
        let took = began.elapsed();
        assert!(
            took < Duration::from_millis(100),
            "{} bytes took {took:?}",
            bomb.len()
        );
    }
    // Warm, so that what is measured is the bombs.
    let mut connection = Connection::open(server.address);
    let mut ids = 1..;
    let mut post = |connection: &mut Connection| {
        let n = ids.next().unwrap();
        let body = serde_json::to_string(&sheet(n)).unwrap();
        let began = Instant::now();
        let headers = [("content-type", "application/json")];
        let answer = connection.call("POST", "/v1/responses", &headers, body.as_bytes());
        assert_eq!(answer.unwrap().status, 201);
        began.elapsed()
    };
    for _ in 0..20 {
        post(&mut connection);
    }
    let before = peak(&server);
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        for n in 0..50_usize {
            let (bomb, address) = (&bombs[n % bombs.len()], server.address);
            scope.spawn(move || {
                let mut connection = Connection::open(address);
                let path = format!("/v1/attachments/{:032x}", 1_000 + n);
                let headers = [("content-type", "image/png")];
                let answer = connection.call("POST", &path, &headers, bomb).unwrap();
                assert!([201, 422].contains(&answer.status), "{}", answer.text());
            });
        }
        (0..100).map(|_| post(&mut connection)).collect()
    });
    let grown = peak(&server).saturating_sub(before);
    times.sort_unstable();
    println!(
        "50 bombs: +{} KiB, p99 of answers {:?}",
        grown / 1024,
        times[98]
    );
    assert!(grown < 64 * 1024 * 1024, "{grown} bytes more");
    assert!(times[98] < Duration::from_secs(1), "{:?}", times[98]);
    assert_eq!(rows(folder.path()).len(), 120);
}

fn cases(folder: &Folder) -> Cases {
    Cases::new(
        Sqlite::open(folder.path(), BUSY).unwrap(),
        ReadSqlite::open(folder.path(), BUSY).unwrap(),
        Calendar::usual(),
    )
}

fn id(n: u128) -> SubmissionId {
    SubmissionId::from_bytes(n.to_be_bytes())
}

fn intake(n: u128, photos: &[u128]) -> Intake {
    let photos: Vec<_> = photos.iter().map(|photo| id(*photo).to_string()).collect();
    let body = json!({"id": id(n).to_string(), "text": "包装全湿了", "photos": photos});
    Intake::from_value(&serde_json::from_value(body).unwrap()).unwrap()
}

#[test]
fn who_shows_a_token_sends_sixty_and_who_shows_none_has_a_hundred_waiting() {
    let folder = Folder::new();
    let keys = Keys::open(folder.path()).unwrap();
    let cases = cases(&folder);
    let sent = jpeg(16, 16);
    let keep = |n: u128, digest: u8, by_token: bool| {
        let from = PhotoFrom {
            sender: Some(Sender {
                digest: [digest; 32],
                by_token,
            }),
            ..PhotoFrom::default()
        };
        let photo = cleaned(&sent).unwrap();
        cases
            .keep_photo(id(n), &sent, photo, from, Timestamp(NOW))
            .unwrap()
    };
    let (new, many) = (PhotoTaken::New, PhotoTaken::TooMany);
    for n in 1..=60 {
        assert_eq!(keep(n, 1, true), new, "photo {n} of the token");
    }
    assert_eq!(keep(61, 1, true), many);
    assert_eq!(keep(61, 2, true), new, "another token has its own");
    // Also once they belong to a case: a token is one respondent's.
    cases
        .take(&keys, &intake(900, &[1, 2, 3, 4, 5]), Timestamp(NOW))
        .unwrap();
    assert_eq!(keep(62, 1, true), many);

    for n in 101..=200 {
        assert_eq!(keep(n, 3, false), new, "photo {n} of the line");
    }
    assert_eq!(keep(201, 3, false), many);
    // A line is many people's: what has found its words makes room.
    let taken = cases
        .take(
            &keys,
            &intake(901, &[101, 102, 103, 104, 105]),
            Timestamp(NOW),
        )
        .unwrap();
    assert!(taken.is_new);
    let kept: Vec<_> = (301..=306).map(|n| keep(n, 3, false)).collect();
    assert_eq!(kept, [new, new, new, new, new, many]);
}

#[test]
fn line_that_sends_photos_without_words_is_told_so_and_its_words_go_through() {
    let server = TestServer::start();
    let small = jpeg(16, 16);
    let post = |n: u128, status| {
        let path = format!("/v1/attachments/{}?survey=delivery", id(n));
        let headers = [
            ("content-type", "image/jpeg"),
            ("x-forwarded-for", "203.0.113.9"),
        ];
        server.call("POST", &path, &headers, &small, status)
    };
    for n in 1..=100 {
        post(n, 201);
    }
    let refused: Json = serde_json::from_slice(&post(101, 413).body).unwrap();
    assert_eq!(refused["errors"][0]["code"], "quota", "{refused}");
    let complaint = json!({
        "id": id(900).to_string(), "text": "包装全湿了，照片传不上去", "photos": [id(1).to_string(), id(101).to_string()],
    });
    let headers = [("content-type", "application/json")];
    server.call(
        "POST",
        "/v1/complaints",
        &headers,
        complaint.to_string().as_bytes(),
        201,
    );
    // The one that found its words makes room.
    post(101, 201);
}

#[test]
fn full_shelves_refuse_photos_and_take_the_words() {
    let folder = Folder::new();
    let keys = Keys::open(folder.path()).unwrap();
    let sent = jpeg(40, 20);
    let bytes = cleaned(&sent).unwrap().jpeg.len() as u64;
    // Room for six, and for three of one survey's pages.
    let narrow = cases(&folder).with_photo_bytes(bytes * 6);
    let keep_from = |cases: &Cases, n: u128, survey: &str, sender: Option<Sender>| {
        let photo = cleaned(&sent).unwrap();
        let from = PhotoFrom {
            sender,
            survey: survey.to_owned(),
        };
        cases
            .keep_photo(id(n), &sent, photo, from, Timestamp(NOW))
            .unwrap()
    };
    let keep = |cases: &Cases, n: u128| keep_from(cases, n, "", None);
    let kept: Vec<_> = (1..=4).map(|n| keep(&narrow, n)).collect();
    let (new, many) = (PhotoTaken::New, PhotoTaken::TooMany);
    assert_eq!(kept, [new, new, new, many]);
    assert_eq!(keep(&narrow, 2), PhotoTaken::Known, "a retry takes no room");
    let taken = narrow
        .take(&keys, &intake(9, &[1, 4]), Timestamp(NOW))
        .unwrap();
    assert!(taken.is_new, "the words go through");
    // What is swept gives its room back.
    let later = Timestamp(NOW + 25 * 3_600_000);
    assert_eq!(narrow.sweep_photos(later).unwrap(), 2);
    assert_eq!(keep(&narrow, 5), PhotoTaken::New);
    // Whoever fills one survey's share leaves the other half to the rest.
    assert_eq!(keep(&narrow, 6), new);
    assert_eq!(keep(&narrow, 7), many, "this page's share is used up");
    let elsewhere = |n| keep_from(&narrow, n, "delivery", None);
    let kept: Vec<_> = (20..=23).map(elsewhere).collect();
    assert_eq!(kept, [new, new, new, many]);

    // A case holds sixty; then the words alone.
    let cases = cases(&folder);
    let taken = cases.take(&keys, &intake(10, &[]), Timestamp(NOW)).unwrap();
    let write = |request: u128, photos: Vec<SubmissionId>| {
        let action = Action::Write {
            text: "再补几张".to_owned(),
        };
        let request = request.to_be_bytes();
        let wish = Wish { action, photos };
        cases.act(
            &keys,
            &taken.number,
            &taken.secret,
            request,
            &wish,
            Timestamp(NOW),
        )
    };
    for message in 0..13_u128 {
        let photos: Vec<_> = (0..5).map(|n| 1_000 + message * 5 + n).collect();
        for photo in &photos {
            assert_eq!(keep(&cases, *photo), PhotoTaken::New);
        }
        let written = write(500 + message, photos.into_iter().map(id).collect());
        if message < 12 {
            written.unwrap();
        } else {
            assert!(matches!(written, Err(CaseError::TooManyPhotos)));
        }
    }
    write(600, Vec::new()).unwrap();
    let seen = cases
        .see(&keys, &taken.number, &taken.secret, Timestamp(NOW))
        .unwrap();
    let photos = seen
        .view
        .timeline
        .iter()
        .filter(|entry| entry.file.is_some());
    assert_eq!(photos.count(), 60);
}

#[test]
fn whoever_may_not_look_gets_the_same_404_whatever_way_they_ask() {
    let server = TestServer::start();
    let headers = [("content-type", "image/jpeg")];
    let path = format!("/v1/attachments/{:032x}", 1);
    server.call("POST", &path, &headers, &jpeg(40, 20), 201);
    let complain = |n: u64, photos: &[String]| {
        let body = json!({"id": format!("{n:032x}"), "text": "look", "photos": photos}).to_string();
        let headers = [("content-type", "application/json")];
        let answer = server.call("POST", "/v1/complaints", &headers, body.as_bytes(), 201);
        let taken: Json = serde_json::from_slice(&answer.body).unwrap();
        let word = |key: &str| taken[key].as_str().unwrap().to_owned();
        (word("number"), word("secret"))
    };
    let (number, secret) = complain(8, &[format!("{:032x}", 1)]);
    let (other, others) = complain(9, &[]);
    let mut answers = Vec::new();
    let photo = |number: &str, n: u64| format!("/v1/cases/{number}/photos/{n:032x}");
    for (path, secret) in [
        (photo(&number, 1), ""),
        (photo(&number, 1), others.as_str()),
        (photo(&other, 1), others.as_str()),
        (photo(&number, 2), secret.as_str()),
        (photo(&other, 2), others.as_str()),
        (photo("QT-0000-0000-0", 1), secret.as_str()),
    ] {
        let bearer = format!("Bearer {secret}");
        for (method, range) in [("GET", None), ("HEAD", None), ("GET", Some("bytes=0-1"))] {
            let mut headers = vec![("authorization", bearer.as_str())];
            headers.extend(range.map(|range| ("range", range)));
            let answer = server.call(method, &path, &headers, b"", 404);
            let said = answer.headers.iter().filter(|(name, _)| name != "date");
            let said: Vec<_> = said.cloned().collect();
            answers.push((
                said,
                if method == "HEAD" {
                    None
                } else {
                    Some(answer.body.clone())
                },
            ));
        }
    }
    let first = &answers[0];
    for answer in &answers {
        assert_eq!(answer.0, first.0);
        assert!(answer.1.is_none() || answer.1 == first.1);
    }
    // The control: whoever may.
    let bearer = format!("Bearer {secret}");
    server.call(
        "GET",
        &photo(&number, 1),
        &[("authorization", &bearer)],
        b"",
        200,
    );
}

#[test]
fn an_end_at_any_moment_leaves_no_words_without_their_photo() {
    let folder = Folder::new().with_survey();
    let sent: Vec<_> = (0..4_u32).map(|n| jpeg(40 + 8 * n, 24)).collect();
    let kept: Vec<_> = sent
        .iter()
        .map(|sent| cleaned(sent).unwrap().jpeg)
        .collect();
    let mut acknowledged: Vec<(u64, String, String)> = Vec::new();
    let (mut next, mut kills, mut cut) = (1_u64, 0, 0);
    for round in 0..12_u64 {
        let mut process = Process::serve(folder.path());
        let address = process.address;
        let begin = next;
        let writing = std::thread::spawn(move || {
            let (mut told, mut n) = (Vec::new(), begin);
            let mut connection = Connection::open(address);
            loop {
                let photo = jpeg(40 + 8 * u32::try_from(n % 4).unwrap(), 24);
                let path = format!("/v1/attachments/{n:032x}");
                let kind = [("content-type", "image/jpeg")];
                let Ok(answer) = connection.call("POST", &path, &kind, &photo) else {
                    return (told, n);
                };
                assert!([200, 201].contains(&answer.status), "{}", answer.text());
                let body = json!({"id": format!("{n:031x}f"), "text": "压坏了", "photos": [format!("{n:032x}")]}).to_string();
                let kind = [("content-type", "application/json")];
                let Ok(answer) = connection.call("POST", "/v1/complaints", &kind, body.as_bytes())
                else {
                    return (told, n + 1);
                };
                assert_eq!(answer.status, 201, "{}", answer.text());
                let taken: Json = serde_json::from_slice(&answer.body).unwrap();
                let word = |key: &str| taken[key].as_str().unwrap().to_owned();
                told.push((n, word("number"), word("secret")));
                n += 1;
            }
        });
        // Between the first writes and well into them.
        std::thread::sleep(Duration::from_millis(40 + round * 23));
        process.kill();
        kills += 1;
        let (told, reached) = writing.join().unwrap();
        cut += usize::from(reached > begin);
        acknowledged.extend(told);
        next = reached + 1;
    }
    assert_eq!(kills, 12);
    assert!(
        acknowledged.len() >= 12 && cut > 6,
        "{} acknowledged",
        acknowledged.len()
    );
    let process = Process::serve(folder.path());
    let mut connection = Connection::open(process.address);
    for (n, number, secret) in &acknowledged {
        let bearer = format!("Bearer {secret}");
        let path = format!("/v1/cases/{number}/photos/{n:032x}");
        let answer = connection.call("GET", &path, &[("authorization", &bearer)], b"");
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "the photo of {number} is lost");
        assert!(
            answer.body == kept[usize::try_from(n % 4).unwrap()],
            "{number}: other bytes"
        );
    }
    drop(process);
    let reader = ReadSqlite::open(folder.path(), BUSY).unwrap();
    let keys = Keys::open(folder.path()).unwrap();
    let verified = Cases::verify(&reader, &keys).unwrap();
    assert!(verified.damaged.is_empty(), "{:?}", verified.damaged);
    assert!(verified.cases >= acknowledged.len());
    // The control: a photo whose bytes did not make it would be named.
    let path = qingting::endpoint::store::database_path(folder.path());
    let database = rusqlite::Connection::open(path).unwrap();
    database
        .execute_batch("UPDATE attachments SET image = zeroblob(0) WHERE rowid = (SELECT min(rowid) FROM attachments WHERE case_id IS NOT NULL)")
        .unwrap();
    assert_eq!(Cases::verify(&reader, &keys).unwrap().damaged.len(), 1);
}
