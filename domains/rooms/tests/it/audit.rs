//! `/rooms/audit`

use crate::support::{case, cast, get, post};
use axum::http::StatusCode;
use engawa_kernel::{
    access::{self, Act, RoomKind},
    testing::{Town, on_both},
};

#[test]
fn auditors_see_who_did_what_but_no_content() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let reason = "倒れているようだと近所から電話があった";
        let path = format!("/rooms/{}/break-glass", key.room());
        let fields = [("kind", "life"), ("reason", reason)];
        assert_eq!(
            post(&c.other, &path, &fields).await.status,
            StatusCode::SEE_OTHER
        );
        for _ in 0..70 {
            access::open(&c.other, key.room(), RoomKind::Case, Act::Read, "test").await?;
        }
        for who in [&c.owner, &c.supervisor, &c.other, &c.clerk] {
            assert_eq!(get(who, "/rooms/audit").await.status, StatusCode::FORBIDDEN);
        }
        let page = get(&c.auditor, "/rooms/audit").await;
        assert_eq!(page.status, StatusCode::OK);
        for part in [
            "例示 相談員　1回",
            "1件の記録",
            "70回（1時間の最多）",
            "ケR8-00001",
            "緊急閲覧で開いた",
        ] {
            assert!(page.text.contains(part), "{part}");
        }
        assert!(!page.text.contains(reason));
        // The list leads on, and looking is written down.
        let next = page
            .text
            .split("href=\"")
            .find(|p| p.contains("before="))
            .unwrap_or_default();
        let next = get(&c.auditor, next.split('"').next().unwrap_or_default()).await;
        assert!(next.status == StatusCode::OK || !page.text.contains("before="));
        assert!(
            get(&c.auditor, "/rooms/audit")
                .await
                .text
                .contains("監査記録を見た")
        );
        // The auditor reads the log, not the room.
        assert_eq!(
            get(&c.auditor, &format!("/rooms/{}/log", key.room()))
                .await
                .status,
            StatusCode::NOT_FOUND
        );
        Ok(())
    });
}
