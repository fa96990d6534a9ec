//! `kill -9` of the server at any moment during writes: nothing that a client was told is saved is
//! lost, no change is half written, and the log still verifies. Fifty times on one data folder.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use support::{Folder, Server};

const KILLS: u64 = 50;
const WRITERS: u64 = 3;

/// A consultation whose subject and two issues must be there whole, or not at all.
fn consultation(mark: &str) -> serde_json::Value {
    serde_json::json!({
        "words": format!("記録 {mark}"),
        "channel": "phone",
        "issues": ["income", "housing"],
        "main_issue": "income",
        "subjects": [{ "label": format!("見本 {mark}") }, { "label": format!("例示 {mark}") }],
    })
}

#[test]
fn a_killed_server_loses_nothing_it_confirmed() {
    let folder = Folder::demo();
    let token = folder.token("worker");
    let saved: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    for round in 0..KILLS {
        let server = Server::start(&folder);
        let stop = Arc::new(AtomicBool::new(false));
        let confirmed_before = saved.lock().unwrap().len();
        let writers: Vec<_> = (0..WRITERS)
            .map(|w| {
                let (url, token, saved, stop) =
                    (server.url(), token.clone(), saved.clone(), stop.clone());
                thread::spawn(move || {
                    let mut n = 0;
                    while !stop.load(Ordering::SeqCst) {
                        let mark = format!("{round}-{w}-{n}");
                        // An error only means that the answer never came: then nothing was promised.
                        if let Ok(body) = support::post(
                            &url,
                            "/api/v1/consultations",
                            &token,
                            &mark,
                            &consultation(&mark),
                        ) {
                            let id = body["id"].as_str().unwrap().to_owned();
                            saved.lock().unwrap().push((id, mark));
                        }
                        n += 1;
                    }
                })
            })
            .collect();
        // The moment of the kill moves through the writes: after 1, 2, 3 … confirmed ones, with the
        // other writers' requests somewhere under way.
        let goal = confirmed_before + 1 + usize::try_from(round % 5).unwrap();
        while saved.lock().unwrap().len() < goal {
            thread::yield_now();
        }
        server.kill();
        stop.store(true, Ordering::SeqCst);
        for w in writers {
            w.join().unwrap();
        }
        let report = folder.verify_log();
        assert!(
            report.contains("監査記録は正しく"),
            "after kill {round}: {report}"
        );
    }
    let server = Server::start(&folder);
    let saved = saved.lock().unwrap();
    assert!(saved.len() as u64 >= KILLS);
    for (id, mark) in saved.iter() {
        let body = support::get(
            &server.url(),
            &format!("/api/v1/consultations/{id}"),
            &token,
        )
        .unwrap();
        assert_eq!(body["words"], format!("記録 {mark}"), "{body}");
        assert_eq!(body["subjects"].as_array().unwrap().len(), 2, "{body}");
        assert_eq!(body["issues"].as_array().unwrap().len(), 2, "{body}");
    }
    // Also those that nobody was told of are whole or absent.
    let mut page = support::get(
        &server.url(),
        "/api/v1/consultations?scope=all&limit=200",
        &token,
    )
    .unwrap();
    loop {
        for item in page["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            let body = support::get(
                &server.url(),
                &format!("/api/v1/consultations/{id}"),
                &token,
            )
            .unwrap();
            if body["words"]
                .as_str()
                .unwrap_or_default()
                .starts_with("記録 ")
            {
                assert_eq!(body["subjects"].as_array().unwrap().len(), 2, "{body}");
                assert_eq!(body["issues"].as_array().unwrap().len(), 2, "{body}");
            }
        }
        match page["next"].as_str() {
            Some(next) => {
                page = support::get(
                    &server.url(),
                    &format!("/api/v1/consultations?scope=all&limit=200&after={next}"),
                    &token,
                )
                .unwrap()
            }
            None => break,
        }
    }
}
