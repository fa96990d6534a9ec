//! What the calendar does: tasks, never disclosure.

use chrono::Days;
use engawa_kernel::{access::Role, clock, db::sql, testing::on_both};
use engawa_people::{expire_consents, expire_protections};

use crate::scene::{case, create, flagged, get, hanako, page, post, protect};

#[test]
fn an_ended_protection_raises_one_task_and_opens_nothing() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        protect(&worker, &key, person).await;
        assert_eq!(expire_protections(&town.engine).await?, 0);
        let later = worker.today().checked_add_days(Days::new(400)).unwrap();
        town.engine.clock.set(clock::start_of_day(later));
        assert_eq!(expire_protections(&town.engine).await?, 1);
        assert_eq!(expire_protections(&town.engine).await?, 0);
        assert!(flagged(&worker, person).await?);
        let shown = get(&worker, &page(person, "", key.room())).await;
        shown
            .hides("東町")
            .hides("1234")
            .shows("期間満了（秘匿は続いています）");
        let task = worker
            .read()
            .await?
            .one(sql(
                "select title, desk_id, room_id from task where kind = 'protection_expiry'",
            ))
            .await?;
        assert!(!task.get::<String>("title")?.contains("花子"));
        assert_eq!(task.get::<engawa_kernel::id::DeskId>("desk_id")?, town.desk);
        Ok(())
    });
}

#[test]
fn a_consent_that_ends_soon_raises_a_task() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let fields = [
            ("state", "given"),
            ("items", "basic"),
            ("recipients", "民生委員"),
            ("purpose", "見守り"),
            ("method", "oral"),
            ("from", "今日"),
            ("until", "R8.12.1"),
        ];
        post(&worker, &page(person, "/consents/new", key.room()), &fields)
            .await
            .is(303);
        assert_eq!(expire_consents(&town.engine).await?, 1);
        assert_eq!(expire_consents(&town.engine).await?, 0);
        Ok(())
    });
}
