//! What `engawa serve` is told of the world outside is checked before anything is opened.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use support::Folder;

#[test]
fn a_wrong_address_stops_the_start_with_a_sentence_and_keeps_the_password() {
    let folder = Folder::empty();
    for (args, says) in [
        (
            &["--public-url", "engawa.example.lg.jp"][..],
            "--public-url",
        ),
        (&["--smtp", "smtp://127.0.0.1:25"], "差出人がありません"),
        (
            &[
                "--smtp",
                "smtp://u:himitsu@mail.example.lg.jp",
                "--mail-from",
                "engawa@example.lg.jp",
            ],
            "パスワードが暗号化されずに流れます",
        ),
        (
            &["--smtp", "smtp://127.0.0.1:25", "--mail-from", "engawa"],
            "メールアドレスの形ではありません",
        ),
    ] {
        let done = folder.engawa(&[&["serve", "--listen", "127.0.0.1:0"], args].concat());
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && said.contains(says), "{said}");
        assert!(!said.contains("himitsu"), "{said}");
    }
    assert!(!folder.file("engawa.sqlite").exists(), "nothing was made");
}
