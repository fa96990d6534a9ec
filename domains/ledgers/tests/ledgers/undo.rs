//! Taking an import back as a whole.

use chrono::Duration;
use engawa_kernel::{
    access::{self, RoomKind},
    db::sql,
    id::RoomId,
    testing::on_both,
};

use crate::browser::{Browser, consultations, count, long, people};

#[test]
fn an_import_is_taken_back_as_if_it_had_never_been() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let ledger = long(30);
        let (id, _) = me.checked(&ledger, &[]).await;
        me.run(id).await;
        let asked = me.get(&format!("/ledgers/{id}/undo")).await;
        assert!(asked.has("30件を取り消す"), "{}", asked.text());
        let gone = me.post(&format!("/ledgers/{id}/undo"), &[]).await;
        assert_eq!(gone.status, 303);
        assert!(me.get(&gone.to).await.has("30行の相談を取り消しました"));
        assert_eq!((consultations(&town).await, people(&town).await), (0, 0));
        for rest in [
            sql("select count(*) as n from room"),
            sql("select count(*) as n from event where room_id is not null"),
            sql("select count(*) as n from access_grant"),
            sql("select count(*) as n from search_doc"),
            sql("select count(*) as n from people_name_key"),
        ] {
            assert_eq!(count(&town, rest).await, 0);
        }
        let log = sql("select count(*) as n from audit_entry where action = 'room.unmade'");
        assert_eq!(count(&town, log).await, 30, "the log keeps what happened");
        // And the same file can be taken in again.
        let (id, page) = me.checked(&ledger, &[]).await;
        assert!(page.has("30行を取り込む"), "{}", page.text());
        me.run(id).await;
        assert_eq!(consultations(&town).await, 30);
        Ok(())
    });
}

#[test]
fn what_somebody_worked_on_stays_and_is_listed() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let (id, _) = me.checked(&long(5), &[]).await;
        me.run(id).await;
        town.engine.clock.set(me.ctx.now() + Duration::minutes(3));
        let mut conn = me.ctx.read().await?;
        let rooms = conn
            .rows(sql("select id from room order by number"))
            .await?;
        let rooms: Vec<RoomId> = rooms.iter().map(|r| r.get("id").unwrap()).collect();
        drop(conn);
        // Reading is not working.
        access::open(
            &me.ctx,
            rooms[0],
            RoomKind::Consultation,
            access::Act::Read,
            "test",
        )
        .await?;
        let (tx, _) =
            access::open_for_write(&me.ctx, rooms[1], RoomKind::Consultation, "test").await?;
        tx.commit().await?;
        let asked = me.get(&format!("/ledgers/{id}/undo")).await;
        assert!(asked.has("4件を取り消す") && asked.has("1件は、取り消さずに残します"));
        let gone = me.post(&format!("/ledgers/{id}/undo"), &[]).await;
        let page = me.get(&gone.to).await;
        assert!(
            page.has(&format!("/consultations/{}", rooms[1])),
            "{}",
            page.text()
        );
        assert_eq!((consultations(&town).await, people(&town).await), (1, 1));
        let again = me.post(&format!("/ledgers/{id}/undo"), &[]).await;
        assert_eq!(again.status, 409, "{}", again.text());
        Ok(())
    });
}
