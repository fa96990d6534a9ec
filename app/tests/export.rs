//! 全件出力と復元: a demo municipality leaves and comes back; figures and pages are the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::process::{Command, Output};

use support::{Folder, Server, get};

fn restored(from: &std::path::Path, to: &Folder) -> Output {
    Command::new(env!("CARGO_BIN_EXE_engawa"))
        .args(["restore", "--from"])
        .arg(from)
        .arg("--data")
        .arg(to.path())
        .output()
        .unwrap()
}

#[test]
fn a_municipality_leaves_and_comes_back() {
    let demo = Folder::demo();
    let out = tempfile::tempdir().unwrap();
    let zip = out.path().join("全件.zip");
    let done = demo.engawa(&["export", "--out", zip.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    assert!(
        said.contains("秘匿されている住所"),
        "it says plainly what leaves: {said}"
    );
    let back = Folder::empty();
    let done = restored(&zip, &back);
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(
        back.verify_log().contains("書き換えはありません"),
        "{}",
        back.verify_log()
    );
    let again = restored(&zip, &back);
    assert!(!again.status.success(), "nothing is overwritten");
    let token = demo.token(&demo.login("worker").0);
    let token_back = back.token(&demo.login("worker").0);
    let (first, second) = (Server::start(&demo), Server::start(&back));
    for path in [
        "/api/v1/cases?scope=all&limit=200",
        "/api/v1/consultations?scope=all&limit=200",
        "/api/v1/referrals?view=sent",
        "/api/v1/desks",
        "/api/v1/search?q=%E5%AE%B6%E8%B3%83",
    ] {
        let before = get(&first.url(), path, &token).unwrap();
        let after = get(&second.url(), path, &token_back).unwrap();
        assert_eq!(before, after, "{path}");
    }
}
