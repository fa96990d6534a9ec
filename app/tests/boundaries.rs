//! What comes from outside cannot break anything: every refusal is 4xx with a Japanese sentence,
//! nothing is a 500, and no page talks to another host.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use support::{Folder, Server, browser::Browser};

fn world() -> (Folder, Server) {
    let folder = Folder::demo();
    let server = Server::start(&folder);
    (folder, server)
}

#[test]
fn an_anonymous_caller_is_sent_to_login_and_comes_back() {
    let (_folder, server) = world();
    let nobody = Browser::anonymous(&server);
    for path in [
        "/",
        "/today",
        "/cases",
        "/consultations/new",
        "/search?q=x",
        "/organisations",
    ] {
        let mut answer = nobody.request(path);
        assert_eq!(answer.status().as_u16(), 303, "{path}");
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(to.starts_with("/login?next="), "{path}: {to}");
        assert!(
            !answer.body_mut().read_to_string().unwrap().contains("見本"),
            "{path}"
        );
    }
    let api = nobody.get("/api/v1/cases");
    assert!([401, 303].contains(&api.0), "{}", api.0);
}

#[test]
fn a_form_without_its_secret_is_refused_and_its_text_kept() {
    let (folder, server) = world();
    let worker = Browser::login(&server, &folder, "worker");
    let (status, page) = worker.form(
        "/consultations/new",
        "words=%E3%81%82&draft_key=consultations%2Fnew",
    );
    assert_eq!(status, 403);
    assert!(page.contains("下書き"), "{page}");
    let (_, page) = worker.get("/consultations/new");
    assert!(page.contains('あ'), "the text came back as a draft");
}

#[test]
fn bad_bodies_get_a_sentence_and_never_a_500() {
    let (folder, server) = world();
    let worker = Browser::login(&server, &folder, "worker");
    let secret = worker.csrf();
    // Invalid UTF-8.
    let mut body = format!("csrf={secret}&words=").into_bytes();
    body.extend(b"%FF%FE%C0");
    let (status, page) = worker.send(
        "/consultations/new",
        "application/x-www-form-urlencoded",
        &body,
    );
    assert_eq!(status, 422, "{page}");
    assert!(page.contains("文字"), "{page}");
    // A 10 MB paste.
    let body = format!("csrf={secret}&words={}", "%E3%81%82".repeat(10_000_000 / 9));
    let (status, page) = worker.form("/consultations/new", &body);
    assert_eq!(status, 413, "{page}");
    assert!(
        page.contains("2MB") || page.contains("1MB"),
        "says the limit: {page}"
    );
    // Longer than the field allows, but not too large to show again.
    let body = format!("csrf={secret}&words={}", "%E3%81%82".repeat(20_001));
    let (status, page) = worker.form("/consultations/new", &body);
    assert_eq!(status, 422);
    assert!(page.contains("20,000文字まで"), "says the limit");
    assert!(
        page.contains(&"あ".repeat(20_001)),
        "what was typed is still in the page"
    );
    // Impossible dates.
    let (status, page) = worker.form(
        "/consultations/new",
        &format!("csrf={secret}&words=a&received_on=R8.2.30"),
    );
    assert_eq!(status, 422, "{page}");
    // Ten thousand household members.
    let mut body = format!("csrf={secret}&words=a");
    for i in 0..9_000 {
        body.push_str(&format!("&subject[{i}].label=a"));
    }
    let (status, page) = worker.form("/consultations/new", &body);
    assert_eq!(status, 422, "{}", &page[..page.len().min(300)]);
    let mut body = format!("csrf={secret}&words=a");
    for i in 0..12_000 {
        body.push_str(&format!("&subject[{i}].label=a"));
    }
    let (status, page) = worker.form("/consultations/new", &body);
    assert_eq!(status, 422, "{}", &page[..page.len().min(300)]);
    // Not a form at all.
    let (status, page) = worker.send("/consultations/new", "application/json", b"{}");
    assert!((400..500).contains(&status), "{status} {page}");
    let (status, _) = worker.send(
        "/organisations/import",
        "multipart/form-data; boundary=x",
        b"--x\r\nbroken",
    );
    assert!((400..500).contains(&status), "{status}");
}

#[test]
fn bad_addresses_are_not_found() {
    let (folder, server) = world();
    let worker = Browser::login(&server, &folder, "worker");
    for path in [
        "/cases/not-an-id",
        "/cases/00000000-0000-0000-0000-000000000000",
        "/consultations/%FF%FE",
        "/people/1",
        "/people/00000000-0000-7000-8000-000000000000",
        "/assets/x/..%2f..%2fCargo.toml",
        "/assets/../../etc/passwd",
        "/rooms/x/log",
        "/nothing/here",
    ] {
        let (status, page) = worker.get(path);
        assert!((400..500).contains(&status), "{path}: {status}");
        assert!(!page.contains("root:"), "{path}");
    }
    for path in [
        "/cases?page=-1",
        "/cases?page=99999999999999999999",
        "/consultations?page=abc",
        "/search?q=%00",
        "/search?q=%25_'%22--",
        "/today?x=1",
    ] {
        let (status, page) = worker.get(path);
        assert!(status < 500, "{path}: {status} {page}");
    }
}

#[test]
fn a_posted_id_of_someone_elses_room_is_refused() {
    let (folder, server) = world();
    let mine = support::get(
        &server.url(),
        "/api/v1/cases?scope=mine",
        &folder.token("worker"),
    )
    .unwrap();
    let room = mine["items"][0]["id"].as_str().unwrap().to_owned();
    let outside = Browser::login(&server, &folder, "outside");
    let secret = outside.csrf();
    for path in [
        format!("/cases/{room}/contacts"),
        format!("/cases/{room}/tasks"),
        format!("/cases/{room}/team"),
    ] {
        let (status, page) =
            outside.form(&path, &format!("csrf={secret}&text=x&kind=phone&title=x"));
        assert!([403, 404, 405].contains(&status), "{path}: {status} {page}");
    }
}

#[test]
fn every_answer_forbids_scripts_and_hosts_from_elsewhere() {
    let (folder, server) = world();
    let worker = Browser::login(&server, &folder, "worker");
    for path in [
        "/today",
        "/cases",
        "/consultations/new",
        "/nothing",
        "/api/v1/openapi.json",
    ] {
        let mut answer = worker.request_by_tls(path);
        assert!(answer.headers().contains_key("strict-transport-security"));
        let csp = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            csp.contains("default-src 'none'")
                && csp.contains("script-src 'self'")
                && !csp.contains("unsafe"),
            "{csp}"
        );
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(
            !text.contains("<script>") && !text.contains(" style=") && !text.contains(" onclick="),
            "{path}"
        );
    }
}

#[test]
fn init_checks_the_municipality_code() {
    let folder = Folder::empty();
    let out = folder.engawa(&["init", "--name", "架空市", "--code", "132196"]);
    assert!(!out.status.success());
    assert!(
        String::from_utf8_lossy(&out.stderr).contains("検査数字"),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let folder = Folder::empty();
    let out = folder.engawa(&["init", "--name", "狛江市", "--code", "132195"]);
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let server = Server::start(&folder);
    let nobody = Browser::anonymous(&server);
    assert_eq!(nobody.get("/login").0, 200);
    let again = folder.engawa(&["init", "--name", "狛江市", "--code", "132195"]);
    assert!(!again.status.success());
}
