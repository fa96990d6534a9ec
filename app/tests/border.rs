//! A つなぐシート over the municipal border between two real servers: each has its own data folder and
//! its own keys, and nothing goes between them but files that people carry (REF-07).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use engawa_kernel::db::{Db, sql};
use serde_json::{Value, json};
use support::{Folder, Server, browser::Browser};

/// A municipality with its server.
struct Town {
    server: Server,
    admin: Browser,
    worker: Browser,
    token: String,
    desk: String,
    /// Goes when the server has stopped.
    _folder: Folder,
}

impl Town {
    /// The demo municipality, under another name and code if one is given.
    fn new(named: Option<(&'static str, &'static str)>) -> Self {
        let folder = Folder::demo();
        if let Some((name, code)) = named {
            rename(&folder, name, code);
        }
        let token = folder.token(&folder.login("worker").0);
        let server = Server::start(&folder);
        let admin = Browser::login(&server, &folder, "admin");
        let worker = Browser::login(&server, &folder, "worker");
        let (_, page) = worker.get("/referrals/import");
        let desk = chosen(&page, "desk");
        assert_eq!(admin.post("/referrals/peers/keys", &[]).0, 303);
        Self {
            server,
            admin,
            worker,
            token,
            desk,
            _folder: folder,
        }
    }

    /// The public card, and the fingerprint that is read out on the telephone.
    fn card(&self) -> (String, String) {
        let card = self.admin.get("/referrals/peers/card.txt").1;
        let (_, page) = self.admin.get("/referrals/peers");
        let heard = between(&page, "この自治体の指紋", "<strong>", "</strong>").unwrap();
        assert!(!card.contains(&heard));
        (card, heard)
    }

    fn register(&self, code: &str, (card, heard): &(String, String)) -> (u16, String) {
        let fields = [
            ("card", card.as_str()),
            ("code", code),
            ("heard", heard),
            ("agreement", "令和8年4月1日の協定"),
            ("from_on", "R8.4.1"),
        ];
        self.admin.post("/referrals/peers", &fields)
    }

    fn import(&self, file: &[u8]) -> (u16, String) {
        self.worker
            .upload("/referrals/import", &[("desk", &self.desk)], file)
    }

    fn api(&self, path: &str) -> Value {
        support::get(&self.server.url(), path, &self.token).unwrap()
    }

    /// Id of the peer with this code.
    fn peer(&self, code: &str) -> String {
        let peers = self.api("/api/v1/referrals/peers");
        let all = peers["items"].as_array().unwrap();
        let found = all.iter().find(|p| p["code"] == code).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }

    /// Sends a sheet about one of the worker's cases; returns its path.
    fn send(&self, peer: &str, once: &str) -> String {
        let cases = self.api("/api/v1/cases?scope=mine");
        let all = cases["items"].as_array().unwrap();
        let case = all.iter().find(|c| c["sealed"] == false).unwrap();
        let case = case["id"].as_str().unwrap().to_owned();
        let detail = self.api(&format!("/api/v1/cases/{case}"));
        let people: Vec<&Value> = detail["household"]["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| &m["person"])
            .collect();
        let sheet = json!({
            "source": case, "kind": "hand_over", "to_peer": peer, "people": people,
            "asked": "一度訪問してください。\n食料の支援につないでください。",
            "urgency": "normal", "basis": "support_meeting", "basis_reason": "支援会議で決めたため", "text_checked": true,
        });
        let url = self.server.url();
        let made = support::post(&url, "/api/v1/referrals", &self.token, once, &sheet).unwrap();
        made["location"].as_str().unwrap().to_owned()
    }

    fn sheet(&self, path: &str) -> Value {
        self.api(&format!("/api/v1{path}"))
    }

    /// Does something by the form on the sheet's page.
    fn does(&self, path: &str, act: &str, fields: &[(&str, &str)]) {
        let version = self.sheet(path)["version"].to_string();
        let once = format!("{act}-{version}");
        let all = [
            ("act", act),
            ("version", version.as_str()),
            ("once", once.as_str()),
        ];
        let all: Vec<_> = all.into_iter().chain(fields.iter().copied()).collect();
        let (status, page) = self.worker.post(&format!("{path}/act"), &all);
        assert_eq!(status, 303, "{page}");
    }
}

fn rename(folder: &Folder, name: &'static str, code: &'static str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::sqlite(&folder.file("engawa.sqlite")).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let q = sql("update municipality set name = :name, code = :code")
            .bind("name", name)
            .bind("code", code);
        tx.exec(q).await.unwrap();
        tx.commit_unaudited().await.unwrap();
        db.close().await;
    });
}

/// What stands between two marks, somewhere after a third.
fn between(page: &str, after: &str, open: &str, close: &str) -> Option<String> {
    let (_, rest) = page.split_once(after)?;
    let (_, rest) = rest.split_once(open)?;
    rest.split_once(close).map(|(found, _)| found.to_owned())
}

/// What is chosen in a list of options.
fn chosen(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\"")).unwrap();
    let (before, _) = rest.split_once(" selected").unwrap();
    let (_, value) = before.rsplit_once("value=\"").unwrap();
    value.split('"').next().unwrap().to_owned()
}

const HERE: &str = "139998";
const THERE: &str = "141003";
/// The demo's neighbour, which has no server.
const NOBODY: &str = "131016";

#[test]
fn two_servers_exchange_a_sheet_and_its_answer_and_refuse_what_was_bent_or_is_not_theirs() {
    let a = Town::new(None);
    let b = Town::new(Some(("みさき村", THERE)));

    // They introduce each other: by card, and by fingerprint on the telephone.
    let (cards_a, cards_b) = (a.card(), b.card());
    let swapped = (cards_b.0.clone(), cards_a.1.clone());
    let (status, page) = a.register(THERE, &swapped);
    assert_eq!(status, 422);
    assert!(page.contains("カードの指紋と合いません"), "{page}");
    assert_eq!(a.register(THERE, &cards_b).0, 303);
    assert_eq!(b.register(HERE, &cards_a).0, 303);

    let here = a.send(&a.peer(THERE), "one");
    let file = a.worker.download(&format!("{here}/file"));

    // Bent on the way, or meant for somebody else: refused in words, and nothing is taken in.
    let mut bent = file.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    let other = a.send(&a.peer(NOBODY), "two");
    let foreign = a.worker.download(&format!("{other}/file"));
    for (bad, why) in [
        (&bent, "途中で壊れています"),
        (&foreign, "この自治体あてではないため開けません"),
    ] {
        let (status, page) = b.import(bad);
        assert_eq!(status, 422);
        assert!(
            page.contains(why) && page.contains("何も取り込んでいません"),
            "{page}"
        );
    }

    let (status, page) = b.import(&file);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("つなぐシートを受け取りました"), "{page}");
    let there = between(
        &page,
        "つなぐシートを受け取りました",
        "href=\"/referrals/",
        "\"",
    )
    .unwrap();
    let there = format!("/referrals/{there}");
    let (_, page) = b.worker.get(&there);
    assert!(
        page.contains("縁側市") && page.contains("一度訪問してください。"),
        "{page}"
    );
    assert!(b.import(&file).1.contains("すでに取り込んであります"));

    // Taken on in part; the answer goes back.
    b.does(
        &there,
        "accept",
        &[
            ("part", "part"),
            ("taken", "0"),
            ("left_reason", "村内に配達がありません。"),
        ],
    );
    let answer = b.worker.download(&format!("{there}/file"));
    let mut bent = answer.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    assert_eq!(a.import(&bent).0, 422);
    assert_eq!(
        a.sheet(&here)["state"],
        "sent",
        "a bent answer says nothing"
    );
    assert_eq!(
        b.import(&answer).0,
        422,
        "one's own answer is not for oneself"
    );
    let (status, page) = a.import(&answer);
    assert_eq!(status, 200, "{page}");
    let sheet = a.sheet(&here);
    assert_eq!(sheet["state"], "accepted");
    let history = sheet["history"].as_array().unwrap();
    assert!(
        history
            .iter()
            .any(|s| s["act"] == "accept" && s["channel"] == "file")
    );
    let (_, page) = a.worker.get(&here);
    for part in [
        "引き受けること: 一度訪問してください。",
        "引き受けないこと: 食料の支援につないでください。",
        "村内に配達がありません。",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}
