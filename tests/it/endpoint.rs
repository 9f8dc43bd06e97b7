//! What stands around the routes: origins, headers, the survey's page, the bundle's files.

use std::path::Path;

use qingting::api::ProblemCode;
use qingting::endpoint::config::Origin;

use crate::guard::OTHERS;
use crate::support::{Answer, Connection, TestServer, sheet};

const PORTAL: &str = "https://portal.example";

fn with_portal() -> TestServer {
    TestServer::start_with(|config| config.allow_origins = vec![PORTAL.parse().unwrap()])
}

#[test]
fn api_answers_listed_origins_only() {
    let server = with_portal();
    let body = serde_json::to_vec(&sheet(1)).unwrap();
    let routes: [(&str, &str, &[u8]); 4] = [
        ("POST", "/v1/responses", &body),
        ("GET", "/v1/surveys/delivery", b""),
        ("GET", "/healthz", b""),
        ("GET", "/nowhere", b""),
    ];
    for (method, path, body) in routes {
        for origin in OTHERS {
            let answer = server.call(
                method,
                path,
                &[("origin", origin), ("content-type", "application/json")],
                body,
                403,
            );
            assert_eq!(answer.refusal().0, ProblemCode::OriginRefused);
            assert_eq!(
                answer.header("access-control-allow-origin"),
                None,
                "{origin} {path}"
            );
            assert_eq!(answer.header("vary"), Some("origin"));
            let preflight = preflight(&server, path, origin, 403);
            assert_eq!(
                preflight.header("access-control-allow-origin"),
                None,
                "{origin} {path}"
            );
        }
    }
    assert!(
        server.folder.rows().is_empty(),
        "a refused origin stores nothing"
    );
    // The control: the listed one.
    let answer = server.call(
        "POST",
        "/v1/responses",
        &[("origin", PORTAL), ("content-type", "application/json")],
        &body,
        201,
    );
    assert_eq!(answer.header("access-control-allow-origin"), Some(PORTAL));
    assert_eq!(
        answer.header("access-control-expose-headers"),
        Some("retry-after, etag, x-qingting-build")
    );
    assert_eq!(answer.header("vary"), Some("origin"));
}

fn preflight(server: &TestServer, path: &str, origin: &str, status: u16) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    server.call("OPTIONS", path, &headers, b"", status)
}

#[test]
fn preflight_of_a_listed_origin_is_allowed_and_remembered() {
    let server = with_portal();
    let answer = preflight(&server, "/v1/responses", PORTAL, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some(PORTAL));
    assert_eq!(
        answer.header("access-control-allow-methods"),
        Some("GET, POST")
    );
    assert_eq!(
        answer.header("access-control-allow-headers"),
        Some("content-type, authorization")
    );
    assert!(answer.header("access-control-max-age").is_some());
}

#[test]
fn own_origin_is_always_listed() {
    let server = TestServer::start();
    let own = format!("http://{}", server.address);
    let body = serde_json::to_vec(&sheet(1)).unwrap();
    let answer = server.call(
        "POST",
        "/v1/responses",
        &[("origin", &own), ("content-type", "application/json")],
        &body,
        201,
    );
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some(own.as_str())
    );
    // Behind a proxy that keeps the host.
    let headers = [
        ("origin", "https://feedback.example.com"),
        ("host", "feedback.example.com"),
    ];
    server.call("GET", "/v1/surveys/delivery", &headers, b"", 200);
}

#[test]
fn refusals_can_be_read_by_the_listed_page() {
    let server = with_portal();
    let too_large = vec![b' '; 70_000];
    let cases: [(&str, &str, &[u8], u16); 6] = [
        ("POST", "/v1/responses", b"{", 400),
        ("GET", "/nowhere", b"", 404),
        ("GET", "/v1/surveys/none", b"", 404),
        ("DELETE", "/v1/responses", b"", 405),
        ("POST", "/v1/responses", &too_large, 413),
        ("POST", "/v1/responses", b"{}", 422),
    ];
    for (method, path, body, status) in cases {
        let answer = server.call(
            method,
            path,
            &[("origin", PORTAL), ("content-type", "application/json")],
            body,
            status,
        );
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some(PORTAL),
            "{method} {path}"
        );
    }
}

#[test]
fn two_origins_in_one_request_are_refused() {
    let server = with_portal();
    server.call(
        "GET",
        "/healthz",
        &[("origin", PORTAL), ("origin", "https://evil.test")],
        b"",
        403,
    );
}

#[test]
fn settings_take_origins_as_browsers_send_them_and_nothing_else() {
    for good in [
        "https://portal.example",
        "http://127.0.0.1:8081",
        "http://localhost:3000",
        "https://[::1]:8443",
        "http://intranet",
    ] {
        assert_eq!(good.parse::<Origin>().unwrap().as_str(), good);
    }
    for bad in [
        "*",
        "null",
        "portal.example",
        "https://",
        "https://Portal.example",
        "https://portal.example/",
        "https://portal.example:443",
        "http://a:80",
        "https://a:b",
        "https://a b",
        "ftp://a",
        "https://*.example",
        "https://a.",
        "https://a\r\nx: y",
    ] {
        assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
    }
}

#[test]
fn health_is_answered() {
    let server = TestServer::start();
    assert_eq!(server.get("/healthz", 200).text(), r#"{"status":"ok"}"#);
}

#[test]
fn survey_page_embeds_the_widget_under_a_strict_policy() {
    let server = with_portal();
    let page = server.get("/s/delivery", 200);
    let html = page.text();
    assert!(
        html.contains(r#"<qing-ting survey="delivery" channel="page">"#)
            && html.contains(r#"<script type="module" src="/embed.js">"#)
    );
    assert!(
        html.contains("<title>How did the delivery go?</title>")
            && html.contains("lang=\"en\"")
            && html.contains("lang=\"zh-CN\"")
    );
    let policy = page.header("content-security-policy").unwrap();
    for rule in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors https://portal.example",
    ] {
        assert!(policy.contains(rule), "{policy} lacks {rule}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    assert!(
        !html.contains("<style") && !html.contains(" style="),
        "the policy would stop it"
    );
    let chinese = server.call(
        "GET",
        "/s/delivery",
        &[("accept-language", "zh-CN,zh;q=0.9")],
        b"",
        200,
    );
    assert!(
        chinese
            .text()
            .contains("<title>这次交付，您满意吗？</title>")
            && chinese.text().contains("<html lang=\"zh-CN\">")
    );
    assert!(
        server
            .get("/page.css", 200)
            .header("content-type")
            .unwrap()
            .starts_with("text/css")
    );
    assert!(
        server
            .get("/s/nothing", 404)
            .text()
            .contains("<p lang=\"zh-CN\">")
    );
}

/// A site folder as the bundle makes it.
fn bundle(folder: &Path) {
    std::fs::create_dir_all(folder.join("b/5e1f")).unwrap();
    let files = [
        "embed.js",
        "embed-9a8b.js",
        "b/5e1f/widget.js",
        "b/5e1f/widget.wasm",
        "b/5e1f/widget.css",
        "b/5e1f/zh-CN.json",
    ];
    for file in files {
        for ending in ["", ".br", ".gz"] {
            std::fs::write(
                folder.join(format!("{file}{ending}")),
                format!("{file}{ending} 倾听"),
            )
            .unwrap();
        }
    }
    std::fs::write(folder.join("b/5e1f/plain.js"), "not compressed").unwrap();
    std::fs::write(folder.join("manifest.json"), r#"{"build":"5e1f"}"#).unwrap();
    std::fs::write(folder.join("secret.txt"), "keys").unwrap();
}

fn with_bundle() -> TestServer {
    TestServer::start_with(|config| {
        let site = config.data.join("site");
        bundle(&site);
        config.site = Some(site);
    })
}

#[test]
fn main_part_asked_for_ahead_says_which_build_it_is_of() {
    let server = with_bundle();
    let ahead = server.get("/widget.wasm", 200);
    assert_eq!(ahead.header("content-type"), Some("application/wasm"));
    assert_eq!(ahead.header("x-qingting-build"), Some("5e1f"));
    assert_eq!(
        ahead.header("cache-control"),
        Some("max-age=300, stale-while-revalidate=86400"),
        "the next build comes under the same address"
    );
    assert_eq!(ahead.text(), server.get("/b/5e1f/widget.wasm", 200).text());
    // Without a build that the manifest names there is none to give.
    let folder = server.folder.path().join("site");
    std::fs::write(folder.join("manifest.json"), "{}").unwrap();
    server.get("/widget.wasm", 404);
}

#[test]
fn bundle_is_served_precompressed_with_right_types_to_everybody() {
    let server = with_bundle();
    let types = [
        (
            "/embed.js",
            "text/javascript; charset=utf-8",
            "max-age=300, stale-while-revalidate=86400",
        ),
        (
            "/embed-9a8b.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/b/5e1f/widget.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/b/5e1f/widget.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
        (
            "/b/5e1f/widget.css",
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/b/5e1f/zh-CN.json",
            "application/json",
            "public, max-age=31536000, immutable",
        ),
    ];
    for (path, kind, freshness) in types {
        let codings = [
            ("gzip, deflate, br, zstd", Some("br"), ".br"),
            ("gzip", Some("gzip"), ".gz"),
            ("br;q=0, gzip;q=0.5", Some("gzip"), ".gz"),
            ("identity", None, ""),
        ];
        for (accepted, coding, ending) in codings {
            let headers = [
                ("origin", "https://anybody.example"),
                ("accept-encoding", accepted),
            ];
            let answer = server.call("GET", path, &headers, b"", 200);
            assert_eq!(answer.header("content-type"), Some(kind));
            assert_eq!(answer.header("content-encoding"), coding);
            assert_eq!(answer.header("cache-control"), Some(freshness));
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            assert_eq!(
                answer.header("cross-origin-resource-policy"),
                Some("cross-origin")
            );
            assert_eq!(answer.text(), format!("{}{ending} 倾听", &path[1..]));
            let varies: Vec<_> = answer
                .headers
                .iter()
                .filter(|(name, _)| name == "vary")
                .map(|(_, value)| value.as_str())
                .collect();
            assert!(varies.contains(&"accept-encoding"), "{varies:?}");
            let tag = answer.header("etag").unwrap().to_owned();
            let again = [
                ("if-none-match", tag.as_str()),
                ("accept-encoding", accepted),
            ];
            server.call("GET", path, &again, b"", 304);
        }
    }
    let plain = server.call(
        "GET",
        "/b/5e1f/plain.js",
        &[("accept-encoding", "br")],
        b"",
        200,
    );
    assert_eq!(
        (plain.header("content-encoding"), plain.text()),
        (None, "not compressed")
    );
}

#[test]
fn new_bundle_is_noticed_without_a_restart() {
    let server = with_bundle();
    let path = server.folder.path().join("site/embed.js");
    let before = server.get("/embed.js", 200);
    std::fs::write(path, "a newer loader").unwrap();
    let after = server.get("/embed.js", 200);
    assert_eq!(after.text(), "a newer loader");
    assert_ne!(before.header("etag"), after.header("etag"));
}

#[test]
fn nothing_outside_the_bundle_is_served() {
    let server = with_bundle();
    let tried = [
        "/manifest.json",
        "/secret.txt",
        "/keys",
        "/b/5e1f/../../keys",
        "/b/../../qingting.db",
        "/b/5e1f/..%2f..%2fkeys",
        "/b/%2e%2e/secret.txt",
        "/b/5e1f/%00",
        "/b/..",
        "/b/5e1f/.hidden",
        "/b//widget.js",
        "/b/5e1f/widget.js/",
        "/b/5e1f\\..\\..\\keys",
        "/embed-../../keys.js",
        "/embed-9a8b.js.br",
        "/b/5e1f/missing.wasm",
        "//etc/passwd",
        "/b/5e1f/%e5%80%be.js",
    ];
    for path in tried {
        server.get(path, 404);
    }
}

#[test]
fn without_a_bundle_the_loader_is_not_found() {
    let server = TestServer::start();
    assert_eq!(
        server
            .get("/embed.js", 404)
            .header("access-control-allow-origin"),
        Some("*")
    );
}

#[test]
fn demo_portal_is_another_origin_that_may_use_the_endpoint() {
    let server =
        TestServer::start_with(|config| config.demo = Some("127.0.0.1:0".parse().unwrap()));
    let endpoint = format!("http://{}", server.address);
    let portal = server.demo().to_owned();
    assert_eq!(
        server.get("/", 307).header("location"),
        Some(format!("{portal}/").as_str())
    );
    let page = Connection::open(portal.strip_prefix("http://").unwrap().parse().unwrap())
        .call("GET", "/", &[], b"")
        .unwrap();
    page.check(200, server.folder.path());
    assert!(
        page.text().contains(&format!("{endpoint}/embed.js")),
        "the page names the real address"
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains(&format!("script-src {endpoint} 'wasm-unsafe-eval'"))
            && policy.contains(&format!("connect-src {endpoint}")),
        "{policy}"
    );
    for survey in ["delivery", "relationship"] {
        let answer = server.call(
            "GET",
            &format!("/v1/surveys/{survey}"),
            &[("origin", &portal)],
            b"",
            200,
        );
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some(portal.as_str())
        );
    }
}
