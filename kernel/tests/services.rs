//! Drafts come back, a double click makes one record, numbers restart in April, keys follow owners.

use engawa_kernel::{
    access::{self, Act, NewRoom, Role, RoomKind},
    audit::{Entry, append},
    context::Ctx,
    db::sql,
    drafts,
    error::{Error, Refusal, Result},
    form::{Form, Posted},
    id::PersonId,
    number, once,
    testing::{Town, on_both},
};

async fn case(
    town: &Town,
    ctx: &Ctx,
    sealed: Option<&str>,
) -> Result<engawa_kernel::access::RoomKey> {
    let mut tx = ctx.write().await?;
    let number = number::next(&mut tx, ctx, "ケ", ctx.today()).await?;
    let key = access::found(
        &mut tx,
        ctx,
        NewRoom {
            kind: RoomKind::Case,
            number,
            owner_desk: town.desk,
            owner_posting: Some(ctx.actor.posting()?.id),
            sealed: sealed.map(str::to_owned),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(key)
}

#[test]
fn what_was_typed_comes_back_only_to_its_writer() {
    on_both(|town| async move {
        let writer = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let other = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let typed = Posted::from_pairs([("words", "眠れないと言う")]);
        drafts::keep(&writer, "consultations/new", &typed).await?;
        let form = drafts::restore(&writer, "consultations/new", Form::blank()).await?;
        assert_eq!(form.value("words"), "眠れないと言う");
        assert!(form.draft_saved.is_some());
        let form = drafts::restore(&other, "consultations/new", Form::blank()).await?;
        assert_eq!(form.value("words"), "");
        let mut tx = writer.write().await?;
        drafts::clear(&mut tx, &writer, "consultations/new").await?;
        tx.commit_unaudited().await?;
        let form = drafts::restore(&writer, "consultations/new", Form::blank()).await?;
        assert_eq!(form.value("words"), "");
        Ok(())
    });
}

#[test]
fn a_double_click_leads_to_the_first_record() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let mut tx = ctx.write().await?;
        once::claim(&mut tx, &ctx, "t-1").await?;
        once::lead_to(&mut tx, &ctx, "t-1", "/cases/1").await?;
        append(&mut tx, &ctx, Entry::new("test.made")).await?;
        tx.commit().await?;
        let mut tx = ctx.write().await?;
        match once::claim(&mut tx, &ctx, "t-1").await {
            Err(Error::AlreadyDone(page)) => assert_eq!(page, "/cases/1"),
            other => panic!("{other:?}"),
        }
        Ok(())
    });
}

#[test]
fn what_only_one_can_have_is_refused_as_taken_and_not_as_a_defect() {
    on_both(|town| async move {
        let twice = [
            // A unique index, and a primary key: two codes of SQLite, one of PostgreSQL.
            sql("insert into municipality (id, name, code, training, settings, created_at)
                 select :id, name, code, training, settings, created_at from municipality where id = :m")
                .bind("id", engawa_kernel::id::new_uuid())
                .bind("m", town.municipality),
            sql("insert into municipality (id, name, code, training, settings, created_at)
                 select id, name, '000000', training, settings, created_at from municipality where id = :m")
                .bind("m", town.municipality),
        ];
        for q in twice {
            let mut tx = town.engine.db.write().await?;
            let refused = tx.exec(q).await.unwrap_err();
            assert!(matches!(refused, Error::Taken), "{refused:?}");
            let (code, what, next) = refused.explain();
            assert_eq!(code, 409);
            assert!(what.contains("ほかの人が同じものを先に登録"), "{what}");
            assert!(next.contains("開き直し"), "{next}");
        }
        // Another broken rule of the tables is still a defect.
        let mut tx = town.engine.db.write().await?;
        let q = sql("insert into municipality (id, code) values (:id, '000001')")
            .bind("id", engawa_kernel::id::new_uuid());
        assert!(matches!(tx.exec(q).await, Err(Error::Internal(_))));
        Ok(())
    });
}

#[test]
fn numbers_count_up_and_restart_with_the_fiscal_year() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let day = |m, d| chrono::NaiveDate::from_ymd_opt(2027, m, d).unwrap();
        let mut tx = ctx.write().await?;
        assert_eq!(
            number::next(&mut tx, &ctx, "相", day(3, 31)).await?,
            "相R8-00001"
        );
        assert_eq!(
            number::next(&mut tx, &ctx, "相", day(3, 31)).await?,
            "相R8-00002"
        );
        assert_eq!(
            number::next(&mut tx, &ctx, "相", day(4, 1)).await?,
            "相R9-00001"
        );
        Ok(())
    });
}

#[test]
fn a_room_opens_to_its_desk_and_to_nobody_else() {
    on_both(|town| async move {
        let owner = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let peer = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let clerk = town.staff("見本 受付", Role::Clerk, town.desk).await?;
        let admin = town.staff("見本 管理", Role::Admin, town.desk).await?;
        let outside = town
            .staff("架空 次郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&town, &owner, None).await?;
        for ctx in [&owner, &peer] {
            assert!(
                access::open(ctx, key.room(), RoomKind::Case, Act::Read, "test")
                    .await?
                    .may_write()
            );
        }
        for ctx in [&clerk, &admin] {
            let refused = access::open(ctx, key.room(), RoomKind::Case, Act::Read, "test").await;
            assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        }
        let refused = access::open(&outside, key.room(), RoomKind::Case, Act::Read, "test").await;
        assert!(
            matches!(refused, Err(Error::Refused(Refusal::Exists { contact, .. })) if contact.contains("くらし相談窓口"))
        );
        Ok(())
    });
}

#[test]
fn a_sealed_room_is_nothing_to_those_without_its_key() {
    on_both(|town| async move {
        let owner = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let peer = town.staff("例示 花子", Role::Supervisor, town.desk).await?;
        let key = case(&town, &owner, Some("dv")).await?;
        assert!(
            access::open(&owner, key.room(), RoomKind::Case, Act::Read, "test")
                .await
                .is_ok()
        );
        let refused = access::open(&peer, key.room(), RoomKind::Case, Act::Read, "test").await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        Ok(())
    });
}

#[test]
fn an_act_prepared_before_the_key_was_taken_back_does_not_execute() {
    on_both(|town| async move {
        let owner = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let peer = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let key = case(&town, &owner, None).await?;
        let mut tx = owner.write().await?;
        access::set_owner(&mut tx, &owner, &key, town.other_desk, None).await?;
        tx.commit().await?;
        let late = access::open_for_write(&peer, key.room(), RoomKind::Case, "test").await;
        assert!(matches!(late, Err(Error::Refused(_))));
        Ok(())
    });
}

#[test]
fn a_declared_conflict_shuts_the_room_even_to_its_owner_and_the_desk_is_told() {
    on_both(|town| async move {
        let owner = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let chief = town.staff("見本 係長", Role::Supervisor, town.desk).await?;
        let key = case(&town, &owner, None).await?;
        let person = PersonId::new();
        let mut tx = owner.write().await?;
        access::link_person(&mut tx, &owner, &key, person).await?;
        access::declare_conflict(&mut tx, &owner, owner.actor.staff, person, "親族").await?;
        tx.commit().await?;
        let refused = access::open(&owner, key.room(), RoomKind::Case, Act::Read, "test").await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Conflict))));
        let told = chief
            .read()
            .await?
            .count(
                engawa_kernel::db::sql("select count(*) as n from notice where staff_id = :s and kind = 'conflict_attempt'")
                    .bind("s", chief.actor.staff),
            )
            .await?;
        assert_eq!(told, 1);
        Ok(())
    });
}

#[test]
fn who_is_too_close_is_not_told_that_there_is_support() {
    on_both(|town| async move {
        let owner = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let husband = town
            .staff("架空 次郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&town, &owner, None).await?;
        let (wife, child) = (PersonId::new(), PersonId::new());
        let mut tx = owner.write().await?;
        access::link_person(&mut tx, &owner, &key, wife).await?;
        access::link_person(&mut tx, &owner, &key, child).await?;
        access::declare_conflict(&mut tx, &owner, husband.actor.staff, wife, "夫").await?;
        tx.commit().await?;
        for person in [wife, child] {
            let told = access::existence(&mut husband.read().await?, &husband, person).await?;
            assert!(told.is_none());
        }
        Ok(())
    });
}

#[test]
fn the_desk_of_a_protected_person_is_not_named() {
    on_both(|town| async move {
        let owner = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let outside = town
            .staff("架空 次郎", Role::Coordinator, town.other_desk)
            .await?;
        let key = case(&town, &owner, None).await?;
        let person = PersonId::new();
        let mut tx = owner.write().await?;
        access::link_person(&mut tx, &owner, &key, person).await?;
        tx.commit().await?;
        assert!(
            access::existence(&mut outside.read().await?, &outside, person)
                .await?
                .is_some()
        );
        let mut tx = owner.write().await?;
        access::set_protected(&mut tx, &owner, person, true).await?;
        tx.commit().await?;
        assert!(
            access::existence(&mut outside.read().await?, &outside, person)
                .await?
                .is_none()
        );
        let refused = access::open(&outside, key.room(), RoomKind::Case, Act::Read, "test").await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        Ok(())
    });
}
