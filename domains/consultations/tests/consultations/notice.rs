//! A third-party notice: its author stays hidden.

use engawa_consultations as consultations;
use engawa_kernel::{
    access::{self, NewRoom, Role, RoomKind},
    db::sql,
    number,
    testing::on_both,
};

use crate::browser::{Browser, count};

const AUTHOR: [&str; 4] = ["密告 三郎", "みっこく", "向かいの家の人", "00-9999-0000"];

#[test]
fn who_gave_a_notice_stands_only_in_its_own_page_for_those_who_decide() {
    on_both(|town| async move {
        let me = town.staff("架空 相談員", Role::Worker, town.desk).await?;
        let me = Browser::of(&town, &me);
        let clerk = town.staff("受付 事務", Role::Clerk, town.desk).await?;
        let clerk = Browser::of(&town, &clerk);
        let room = me
            .take_in(&[
                ("words", "新聞がたまっています"),
                ("who", "notice"),
                ("subject[0].name", "見本 太郎"),
                ("consulter_name", AUTHOR[0]),
                ("consulter_kana", AUTHOR[1]),
                ("consulter_relation", AUTHOR[2]),
                ("consulter_contact", AUTHOR[3]),
            ])
            .await;
        let path = format!("/consultations/{room}");
        let page = me.get(&path).await;
        assert!(AUTHOR.iter().all(|a| page.has(a)) && page.has("受付済"));

        let no_author = |what: &str, text: &str| {
            for a in AUTHOR {
                assert!(!text.contains(a), "{what} shows {a}");
            }
        };
        no_author("the clerk's page", &clerk.get(&path).await.text);
        let printed = me.get(&format!("{path}/print")).await;
        assert!(printed.has("新聞がたまっています") && printed.has("取扱注意"));
        no_author("print", &printed.text);
        let disclosed = me.get(&format!("{path}/print?for=disclosure")).await;
        assert!(disclosed.has("伏せた項目") && !disclosed.has("新聞"));
        no_author("disclosure", &disclosed.text);
        no_author("queue", &me.get("/consultations?view=all").await.text);
        no_author(
            "api",
            &me.get(&format!("/api/v1/consultations/{room}")).await.text,
        );
        no_author(
            "api list",
            &me.get("/api/v1/consultations?scope=all").await.text,
        );
        for (table, column) in [
            ("search_doc", "shown"),
            ("audit_entry", "detail"),
            ("event", "data"),
            ("consultations_consultation", "consulter_name"),
            ("consultations_consultation", "consulter_contact"),
            ("consultations_consultation", "notes"),
        ] {
            let q = match (table, column) {
                ("search_doc", _) => sql(
                    "select count(*) as n from search_doc where shown like '%密告%' or shown like '%9999%'",
                ),
                ("audit_entry", _) => sql(
                    "select count(*) as n from audit_entry where detail like '%密告%' or detail like '%9999%'",
                ),
                ("event", _) => sql(
                    "select count(*) as n from event where data like '%密告%' or data like '%9999%'",
                ),
                _ => sql(
                    "select count(*) as n from consultations_consultation where consulter_name <> '' or consulter_contact <> '' or consulter_relation <> ''",
                ),
            };
            assert_eq!(count(&town, q).await, 0, "{table}.{column}");
        }
        assert_eq!(
            count(
                &town,
                sql("select count(*) as n from audit_entry where action = 'room.print'")
            )
            .await,
            2
        );

        // It becomes a case: the case shows the notice, not its author; the author hears "終了".
        let (mut tx, key) =
            access::open_for_write(&me.ctx, room, RoomKind::Consultation, "test").await?;
        let number = number::next(&mut tx, &me.ctx, "ケ", me.ctx.today()).await?;
        let case = access::found(
            &mut tx,
            &me.ctx,
            NewRoom {
                kind: RoomKind::Case,
                number,
                owner_desk: town.desk,
                owner_posting: me.ctx.actor.postings.first().map(|p| p.id),
                sealed: None,
            },
        )
        .await?;
        consultations::became_case(&mut tx, &me.ctx, &key, case.room()).await?;
        tx.commit().await?;
        let mut conn = me.ctx.read().await?;
        let cards = consultations::of_case(&mut conn, &me.ctx, &case).await?;
        assert_eq!(cards.len(), 1);
        assert!(cards[0].consulter.is_none());
        no_author("the case", &format!("{cards:?}"));
        drop(conn);
        let page = me.get(&path).await;
        assert!(page.has("情報提供者に伝えられること: 終了") && page.has("ケースを開く"));
        let again = me
            .post(
                &format!("{path}/decide"),
                &[
                    ("state", "answered"),
                    ("text", "あ"),
                    ("correction_reason", "い"),
                    ("version", "2"),
                ],
            )
            .await;
        assert_eq!(again.status, 422);
        assert!(again.has("ケースになっている"));

        // Those without the notice's key see nothing of it in the case either.
        let outside = town.staff("別 機関", Role::Worker, town.other_desk).await?;
        let mut conn = outside.read().await?;
        assert!(
            consultations::of_case(&mut conn, &outside, &case)
                .await?
                .is_empty()
        );
        Ok(())
    });
}
