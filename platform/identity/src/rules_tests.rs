use super::*;
use proptest::prelude::*;

#[test]
fn passwords_are_long_and_not_what_everybody_takes() {
    for bad in [
        "short",
        "password1234",
        "PASSWORD!!!!!!2026",
        "qwertyuiop[]12",
        "123456789012",
        "abcdefghijklmn",
        "aaaaaaaaaaaaaaaa",
        "sakurasakura",
        "パスワードパスワード1234",
        "mihon.hanako",
        "Mihon.Hanako2026",
    ] {
        assert!(check_password(bad, "mihon.hanako").is_err(), "{bad}");
    }
    for good in [
        "correct horse battery",
        "むぎちゃとすいかとえんがわ",
        "tR7#kkd0-plum-w2",
    ] {
        assert_eq!(check_password(good, "mihon.hanako"), Ok(()), "{good}");
    }
    assert!(check_password(&"長".repeat(129), "a").is_err());
}

#[test]
fn user_names_are_told_apart_without_case_and_width() {
    assert_eq!(check_login(" Ｍihon.Hanako "), Ok("mihon.hanako".into()));
    assert!(check_login("").is_err());
    assert!(check_login("見本").is_err());
    assert!(check_login(&"a".repeat(65)).is_err());
}

#[test]
fn waits_grow_to_an_hour() {
    let minutes: Vec<Option<i64>> = (4..13)
        .map(|n| wait_after(n, FREE_FAILURES).map(|d| d.num_minutes()))
        .collect();
    assert_eq!(
        minutes,
        [
            None,
            Some(1),
            Some(2),
            Some(4),
            Some(8),
            Some(16),
            Some(32),
            Some(60),
            Some(60)
        ]
    );
    assert!(wait_after(i64::MAX, FREE_FAILURES).is_some());
}

#[test]
fn only_pages_of_this_server_follow_a_login() {
    for good in ["/today", "/cases/1?x=%2F%2Fy#z", "/search?q=%E8%A6%8B"] {
        assert_eq!(safe_next(Some(good)), good);
    }
    for bad in [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "evil.example",
        "/login?next=/login",
        "/logout",
    ] {
        assert_eq!(safe_next(Some(bad)), "/", "{bad:?}");
    }
    assert_eq!(safe_next(None), "/");
}

#[test]
fn contracted_bodies_need_a_second_factor_but_not_in_practice() {
    let settings = Settings::default();
    assert!(needs_totp(&settings, false, true));
    assert!(!needs_totp(&settings, false, false));
    assert!(!needs_totp(&settings, true, true));
    let all = Settings {
        all_need_totp: true,
        ..Settings::default()
    };
    assert!(needs_totp(&all, false, false) && !needs_totp(&all, true, false));
}

#[test]
fn a_locked_screen_keeps_drafts_and_shows_nothing() {
    assert!(passes(Gate::Unlock, "PUT", "/drafts/cases/1/contact"));
    assert!(!passes(Gate::Unlock, "GET", "/drafts/cases/1/contact"));
    assert!(!passes(Gate::Unlock, "GET", "/today"));
    assert!(!passes(Gate::Code, "PUT", "/drafts/x"));
    assert!(!passes(Gate::Enrol, "GET", "/account"));
    assert!(passes(Gate::Enrol, "POST", "/logout"));
}

#[test]
fn codes_are_read_as_people_type_them() {
    assert_eq!(code_key(" １２３ 456"), "123456");
    assert_eq!(code_key("abcd-efgh-jklm"), "ABCDEFGHJKLM");
}

#[test]
fn the_larger_share_is_the_main_posting() {
    let mut shares = ["", "0.5", "1", "x", "0.25"];
    shares.sort_by_key(|s| share_order(s));
    assert_eq!(shares, ["1", "0.5", "0.25", "", "x"]);
}

proptest! {
    #[test]
    fn nothing_typed_breaks_the_rules(text in ".{0,200}", login in ".{0,40}") {
        let _ = check_password(&text, &login);
        let _ = check_login(&login);
        let _ = code_key(&text);
        let next = safe_next(Some(&text));
        prop_assert!(next.starts_with('/') && !next.starts_with("//"));
    }
}
