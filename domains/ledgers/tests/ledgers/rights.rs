//! Who may import, and whose imports one sees.

use engawa_kernel::{access::Role, testing::on_both};

use crate::browser::{Browser, long};

#[test]
fn only_supervisors_and_coordinators_import() {
    on_both(|town| async move {
        for role in Role::ALL {
            let ctx = town.staff("架空 職員", role, town.desk).await?;
            let may = matches!(role, Role::Supervisor | Role::Coordinator);
            let browser = Browser::of(&town, &ctx);
            for path in ["/ledgers", "/ledgers/new", "/api/v1/ledgers"] {
                let status = browser.get(path).await.status;
                assert_eq!(status, if may { 200 } else { 403 }, "{role:?} {path}");
            }
        }
        Ok(())
    });
}

#[test]
fn another_desks_import_is_as_if_it_were_not_there() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let (id, _) = me.checked(&long(3), &[]).await;
        let other = town
            .staff("別 係長", Role::Supervisor, town.other_desk)
            .await?;
        let other = Browser::of(&town, &other);
        for path in ["", "/columns", "/repairs", "/errors.xlsx", "/undo"] {
            let answer = other.get(&format!("/ledgers/{id}{path}")).await;
            assert_eq!(answer.status, 404, "{path}");
        }
        assert_eq!(
            other.post(&format!("/ledgers/{id}/run"), &[]).await.status,
            404
        );
        let same_desk = town
            .staff("同じ 窓口", Role::Coordinator, town.desk)
            .await?;
        let same_desk = Browser::of(&town, &same_desk);
        assert_eq!(same_desk.get(&format!("/ledgers/{id}")).await.status, 200);
        let api = me.get(&format!("/api/v1/ledgers/{id}")).await;
        assert!(
            api.has("\"state\":\"checked\"") && api.has("\"ready\":3"),
            "{}",
            api.text()
        );
        Ok(())
    });
}

#[test]
fn what_is_no_ledger_is_told_so() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        for (file, part) in [
            (&b""[..], "選んでください"),
            (&b"\x00\x01"[..], "選んでください"),
            ("受付日,氏名\n".as_bytes(), "ありません"),
        ] {
            let answer = me.upload("a.csv", file).await;
            assert_eq!(answer.status, 422);
            assert!(answer.has(part), "{}", answer.text());
        }
        Ok(())
    });
}
