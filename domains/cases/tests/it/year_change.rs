//! 年度更新 (OPS-08): on 1 April the numbers restart, last year's figures stay where they are, and cases
//! simply go on.

use crate::common::{case, contact, get};
use chrono::{DateTime, NaiveDate, Utc};
use engawa_cases::store;
use engawa_kernel::{
    access::{self, Act, Role, RoomKind},
    clock,
    db::sql,
    testing::{Town, on_both},
};

fn at(month: u32, day: u32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(2027, month, day).unwrap();
    clock::from_local(day.and_hms_opt(10, 0, 0).unwrap())
}

/// Events of a kind in a fiscal year.
async fn counted(town: &Town, kind: &str, year: i32) -> i64 {
    let april = |y| NaiveDate::from_ymd_opt(y, 4, 1);
    let q = sql("select count(*) as n from event where kind = :kind and happened_on >= :from and happened_on < :to")
        .bind("kind", kind)
        .bind("from", april(year))
        .bind("to", april(year + 1));
    town.engine.db.read().await.unwrap().count(q).await.unwrap()
}

#[test]
fn numbers_restart_and_cases_go_on() {
    on_both(|town| async move {
        let me = town.staff("架空 相談員", Role::Worker, town.desk).await?;
        town.engine.clock.set(at(3, 31));
        let key = case(&me).await?;
        let mut tx = me.write().await?;
        store::contact::add(&mut tx, &me, &key, contact(&me, "年度末に電話")).await?;
        tx.commit().await?;
        let before = (
            counted(&town, "case.opened", 2026).await,
            counted(&town, "contact.made", 2026).await,
        );
        assert_eq!(before, (1, 1));

        town.engine.clock.set(at(4, 1));
        let old = access::open(&me, key.room(), RoomKind::Case, Act::Read, "test").await?;
        let page = get(&me, &format!("/cases/{}", old.room())).await;
        assert!(
            page.body.contains("ケR8-00001"),
            "the case keeps its number"
        );
        let new = case(&me).await?;
        let page = get(&me, &format!("/cases/{}", new.room())).await;
        assert!(page.body.contains("ケR9-00001"), "a new one begins at one");
        let list = get(&me, "/cases?view=mine").await;
        assert!(list.body.contains("ケR8-00001") && list.body.contains("ケR9-00001"));

        // What is done in April counts in the new year; last year's figures do not move.
        let (mut tx, key) = access::open_for_write(&me, key.room(), RoomKind::Case, "test").await?;
        store::contact::add(&mut tx, &me, &key, contact(&me, "新年度に訪問")).await?;
        tx.commit().await?;
        assert_eq!(counted(&town, "contact.made", 2027).await, 1);
        let after = (
            counted(&town, "case.opened", 2026).await,
            counted(&town, "contact.made", 2026).await,
        );
        assert_eq!(after, before);

        // A slip of March that is keyed in April counts in March.
        let mut late = contact(&me, "3月の分を後から");
        late.at = at(3, 30);
        let mut tx = me.write().await?;
        store::contact::add(&mut tx, &me, &key, late).await?;
        tx.commit().await?;
        assert_eq!(counted(&town, "contact.made", 2026).await, 2);
        Ok(())
    });
}
