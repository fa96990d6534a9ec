//! `/rooms/{id}/log`

use crate::support::{case, cast, get};
use axum::http::StatusCode;
use engawa_kernel::{
    access::{self, Act, NewRoom, Role, RoomKind},
    audit::{self, Entry},
    testing::{Town, on_both},
};

#[test]
fn the_log_says_who_saw_printed_exported_found_and_was_refused() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let room = key.room();
        for act in [Act::Read, Act::Print, Act::Export] {
            access::open(&c.supervisor, room, RoomKind::Case, act, "test").await?;
        }
        assert!(
            access::open(&c.other, room, RoomKind::Case, Act::Read, "test")
                .await
                .is_err()
        );
        let mut tx = c.supervisor.write().await?;
        engawa_rooms::note_search_hits(&mut tx, &c.supervisor, &[room]).await?;
        audit::append(&mut tx, &c.supervisor, Entry::new("search")).await?;
        tx.commit().await?;
        let log = format!("/rooms/{room}/log");
        let all = get(&c.owner, &log).await;
        assert_eq!(all.status, StatusCode::OK);
        for part in [
            "見本 係長",
            "例示 相談員",
            "閲覧した",
            "印刷した",
            "ファイルに出力した",
            "閲覧権がなく開けなかった",
            "検索結果に表示された",
            "記録を作成した",
        ] {
            assert!(all.text.contains(part), "{part}");
        }
        for (group, there, not_there) in [
            ("read", "閲覧した", "印刷した"),
            ("paper", "印刷した", "開けなかった"),
            ("refused", "閲覧権がなく開けなかった", "閲覧した"),
            ("search", "検索結果に表示された", "印刷した"),
            ("keys", "閲覧権を付けた", "閲覧した"),
            ("write", "記録を作成した", "閲覧した"),
        ] {
            let page = get(&c.owner, &format!("{log}?group={group}")).await;
            let table = page.text.split("<tbody>").nth(1).unwrap_or_default();
            assert!(
                table.contains(there) && !table.contains(not_there),
                "{group}: {table}"
            );
        }
        Ok(())
    });
}

#[test]
fn no_key_no_log() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let (sealed, _) = case(&c.owner, "ケR8-00002", Some("dv")).await?;
        for page in ["log", "keys"] {
            let shut = get(&c.other, &format!("/rooms/{}/{page}", key.room())).await;
            assert_eq!(shut.status, StatusCode::FORBIDDEN);
            assert!(
                shut.text.contains("支援中の機関があります") && !shut.text.contains("ケR8-00001")
            );
            assert!(
                shut.text
                    .contains(&format!("/rooms/{}/break-glass", key.room()))
            );
            for (who, room) in [
                (&c.other, sealed.room()),
                (&c.supervisor, sealed.room()),
                (&c.auditor, key.room()),
                (&c.clerk, key.room()),
            ] {
                let nothing = get(who, &format!("/rooms/{room}/{page}")).await;
                assert_eq!(nothing.status, StatusCode::NOT_FOUND);
                let api = get(who, &format!("/api/v1/rooms/{room}/{page}")).await;
                assert_eq!(api.status, StatusCode::NOT_FOUND);
            }
            let api = get(&c.owner, &format!("/api/v1/rooms/{}/{page}", key.room())).await;
            assert_eq!(api.status, StatusCode::OK, "{}", api.text);
        }
        Ok(())
    });
}

#[test]
fn a_long_log_is_read_a_page_at_a_time() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        for _ in 0..120 {
            access::open(&c.supervisor, key.room(), RoomKind::Case, Act::Read, "test").await?;
        }
        let first = get(&c.owner, &format!("/rooms/{}/log?group=read", key.room())).await;
        // What she did again and again is one line, with how often and where she works.
        assert!(first.text.contains("閲覧した 99回"), "{}", first.text);
        assert!(first.text.contains("見本 係長（"), "which office looked");
        assert_eq!(first.text.matches("<tr>").count(), 1 + 2);
        let next = first
            .text
            .split("href=\"")
            .find(|p| p.contains("before="))
            .unwrap_or_default();
        let next = next
            .split('"')
            .next()
            .unwrap_or_default()
            .replace("&amp;", "&");
        let second = get(&c.owner, &next).await;
        // 120 by the supervisor, two by the owner for these very pages.
        assert!(second.text.contains("閲覧した 21回"), "{}", second.text);
        assert!(!second.text.contains("before="));
        Ok(())
    });
}

#[test]
fn a_lay_receiver_is_named_only_to_those_who_decide() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let lay = town.staff("民生 委員子", Role::Entry, town.desk).await?;
        let clerk = town.staff("例示 窓口", Role::Clerk, town.desk).await?;
        let mut tx = lay.write().await?;
        let key = access::found(
            &mut tx,
            &lay,
            NewRoom {
                kind: RoomKind::Consultation,
                number: "相R8-00001".into(),
                owner_desk: town.desk,
                owner_posting: None,
                sealed: None,
            },
        )
        .await?;
        tx.commit().await?;
        let room = key.room();
        for page in ["log", "keys"] {
            let path = format!("/rooms/{room}/{page}");
            for knows in [&c.owner, &c.supervisor, &lay] {
                let shown = get(knows, &path).await;
                assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
                assert!(shown.text.contains("民生 委員子"), "{page}: {}", shown.text);
            }
            let shown = get(&clerk, &path).await;
            assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
            assert!(
                !shown.text.contains("民生 委員子") && shown.text.contains("（窓口の職員）"),
                "{page}: {}",
                shown.text
            );
            assert!(page == "keys" || shown.text.contains("例示 窓口"));
            let api = get(&clerk, &format!("/api/v1{path}")).await;
            assert_eq!(api.status, StatusCode::OK, "{}", api.text);
            let id = lay.actor.staff.to_string();
            assert!(!api.text.contains("民生 委員子") && !api.text.contains(&id));
        }
        Ok(())
    });
}
