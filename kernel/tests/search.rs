//! The one search box: found however it is written, by those with a key, and by nobody else.

use engawa_kernel::{
    access::{self, Basis, Level, NewGrant, NewRoom, Role, RoomKey, RoomKind, Source},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    id::PersonId,
    search::{self, Doc, DocKind, Hit},
    testing::{Town, noon, on_both},
};

async fn room(ctx: &Ctx, number: &str, docs: &[(DocKind, &str)]) -> Result<RoomKey> {
    let posting = ctx.actor.posting()?.clone();
    let mut tx = ctx.write().await?;
    let key = access::found(
        &mut tx,
        ctx,
        NewRoom {
            kind: RoomKind::Case,
            number: number.into(),
            owner_desk: posting.desk.ok_or(Error::NotFound)?,
            owner_posting: Some(posting.id),
            sealed: None,
        },
    )
    .await?;
    let docs: Vec<Doc> = docs
        .iter()
        .map(|(kind, text)| Doc {
            room: key.room(),
            kind: *kind,
            source: key.room().0,
            at: noon(),
            shown: text,
            text,
        })
        .collect();
    search::put_many(&mut tx, ctx, &docs).await?;
    tx.commit().await?;
    Ok(key)
}

/// The same before and after the index knows of it.
async fn reasons(ctx: &Ctx, query: &str) -> Result<Vec<(String, String)>> {
    let at_once = found(ctx, query).await?;
    search::turn(&ctx.engine.db).await?;
    assert_eq!(found(ctx, query).await?, at_once, "{query}");
    let left = sql("select count(*) as n from search_doc where stale");
    assert_eq!(ctx.read().await?.count(left).await?, 0);
    Ok(at_once)
}

async fn found(ctx: &Ctx, query: &str) -> Result<Vec<(String, String)>> {
    Ok(search::find(ctx, query, 20)
        .await?
        .into_iter()
        .map(|h: Hit| (h.shown, h.reason))
        .collect())
}

#[test]
fn a_name_is_found_however_it_is_typed_and_says_why() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        room(
            &worker,
            "ケR8-00001",
            &[
                (DocKind::Name, "髙橋 花子"),
                (DocKind::Name, "タカハシ ハナコ"),
            ],
        )
        .await?;
        room(&worker, "ケR8-00002", &[(DocKind::Name, "渡邉 一郎")]).await?;
        room(&worker, "ケR8-00003", &[(DocKind::Name, "齋藤 ガイ")]).await?;
        for (typed, shown, why) in [
            ("ﾀｶﾊｼ", "タカハシ ハナコ", "読みが同じ"),
            ("たかはし", "タカハシ ハナコ", "読みが同じ"),
            ("髙橋", "髙橋 花子", "同じ表記"),
            ("高橋", "髙橋 花子", "異体字"),
            ("高橋花子", "髙橋 花子", "異体字"),
            ("高橋　花子", "髙橋 花子", "異体字"),
            ("たかはしはなこ", "タカハシ ハナコ", "読みが同じ"),
            ("はなこ", "タカハシ ハナコ", "読みが同じ"),
            ("渡邊", "渡邉 一郎", "異体字"),
            ("渡辺", "渡邉 一郎", "異体字"),
            ("斉藤", "齋藤 ガイ", "異体字"),
            ("ｶﾞｲ", "齋藤 ガイ", "読みが同じ"),
            ("渡", "渡邉 一郎", "一部が同じ"),
            ("ガ", "齋藤 ガイ", "一部が同じ"),
        ] {
            let found = reasons(&worker, typed).await?;
            assert!(
                found.iter().any(|(s, r)| s == shown && r.contains(why)),
                "{typed}: {found:?}"
            );
            assert_eq!(found.len(), 1, "{typed}: {found:?}");
        }
        // Dakuten are part of a name: カイ is somebody else.
        assert!(reasons(&worker, "カイ").await?.is_empty());
        Ok(())
    });
}

#[test]
fn phones_numbers_and_words_are_found_by_a_part() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        room(
            &worker,
            "相R8-00123",
            &[
                (DocKind::Number, "相R8-00123"),
                (DocKind::Phone, "０９０−0000−1234"),
                (
                    DocKind::Contact,
                    "病院への付き添い。ガス代の滞納があるとのこと。",
                ),
                (DocKind::Words, "夜も眠れない。酒の量が増えた"),
            ],
        )
        .await?;
        for (typed, why) in [
            ("相R8-00123", "番号"),
            ("相r8-123", "番号"),
            ("１２３", "番号"),
            ("09000001234", "電話番号"),
            ("090 0000 1234", "電話番号"),
            ("+81 90-0000-1234", "電話番号"),
            ("1234", "電話番号"),
            ("病院", "言葉「病院」"),
            ("がす代 滞納", "言葉「がす代」「滞納」"),
            ("酒", "言葉「酒」"),
        ] {
            let found = reasons(&worker, typed).await?;
            assert!(found.iter().any(|(_, r)| r == why), "{typed}: {found:?}");
        }
        // The pieces of 院病 are not its word.
        for none in ["病院 入院", "カス代", "量が減", "も", "！？", ""] {
            assert!(reasons(&worker, none).await?.is_empty(), "{none}");
        }
        Ok(())
    });
}

#[test]
fn a_case_is_found_by_what_it_is_called() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        let numbered = [(DocKind::Number, "ケR8-00023 髙橋 和子さんの世帯")];
        room(&worker, "ケR8-00023", &numbered).await?;
        for (typed, why) in [
            ("高橋", "ケースの名前"),
            ("和子さん", "ケースの名前"),
            ("高橋和子", "ケースの名前"),
            ("ケR8-00023", "番号"),
            ("23", "番号"),
        ] {
            let found = reasons(&worker, typed).await?;
            assert!(found.iter().any(|(_, r)| r == why), "{typed}: {found:?}");
        }
        Ok(())
    });
}

#[test]
fn without_a_key_nothing_is_found() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        let other = town
            .staff("例示 職員", Role::Worker, town.other_desk)
            .await?;
        let admin = town.staff("架空 管理", Role::Admin, town.desk).await?;
        let key = room(
            &worker,
            "ケR8-00009",
            &[
                (DocKind::Name, "見本 太郎"),
                (DocKind::Number, "ケR8-00009"),
                (DocKind::Contact, "訪問した"),
            ],
        )
        .await?;
        for query in ["見本", "00009", "訪問", "見"] {
            assert_eq!(reasons(&worker, query).await?.len(), 1, "{query}");
            for without in [&other, &admin] {
                assert!(reasons(without, query).await?.is_empty(), "{query}");
            }
        }
        // A conflict of interest closes the room to its own owner.
        let person = PersonId::new();
        let mut tx = worker.write().await?;
        access::link_person(&mut tx, &worker, &key, person).await?;
        access::cut(
            &mut tx,
            &worker,
            key.room(),
            NewGrant {
                level: Level::Read,
                basis: Basis::Consent,
                ..NewGrant::duty(other.actor.posting()?.id, Source::Consent)
            },
        )
        .await?;
        access::declare_conflict(&mut tx, &worker, worker.actor.staff, person, "親族").await?;
        tx.commit().await?;
        assert!(reasons(&worker, "見本").await?.is_empty());
        assert_eq!(reasons(&other, "見本").await?.len(), 1);
        Ok(())
    });
}

#[test]
fn what_is_removed_or_rolled_back_is_not_found() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        let key = room(
            &worker,
            "ケR8-00001",
            &[
                (DocKind::Name, "旧姓 花子"),
                (DocKind::Contact, "引越しの相談"),
            ],
        )
        .await?;
        let source = key.room().0;
        let mut tx = worker.write().await?;
        search::remove(&mut tx, DocKind::Name, source, Some(key.room())).await?;
        search::put(
            &mut tx,
            &worker,
            Doc {
                room: key.room(),
                kind: DocKind::Name,
                source,
                at: noon(),
                shown: "新姓 花子",
                text: "新姓 花子",
            },
        )
        .await?;
        search::remove(&mut tx, DocKind::Contact, source, None).await?;
        tx.commit_unaudited().await?;
        assert!(reasons(&worker, "旧姓").await?.is_empty());
        assert!(reasons(&worker, "引越し").await?.is_empty());
        assert_eq!(reasons(&worker, "新姓").await?.len(), 1);
        let mut tx = worker.write().await?;
        search::remove(&mut tx, DocKind::Name, source, None).await?;
        drop(tx);
        assert_eq!(reasons(&worker, "新姓").await?.len(), 1);
        Ok(())
    });
}

#[test]
fn a_key_that_is_cut_later_opens_what_the_index_knew_before() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        let other = town
            .staff("例示 職員", Role::Worker, town.other_desk)
            .await?;
        let key = room(
            &worker,
            "ケR8-00004",
            &[(DocKind::Name, "見本 次郎"), (DocKind::Contact, "訪問した")],
        )
        .await?;
        for query in ["見本", "訪問"] {
            assert_eq!(reasons(&worker, query).await?.len(), 1);
            assert!(reasons(&other, query).await?.is_empty());
        }
        let mut tx = worker.write().await?;
        let desk = NewGrant::duty(town.other_desk, Source::Team);
        let grant = access::cut(&mut tx, &worker, key.room(), desk).await?;
        tx.commit().await?;
        for query in ["見本", "訪問"] {
            assert_eq!(reasons(&other, query).await?.len(), 1, "{query}");
            assert_eq!(reasons(&worker, query).await?.len(), 1, "{query}");
        }
        let mut tx = worker.write().await?;
        access::revoke(&mut tx, &worker, key.room(), grant).await?;
        tx.commit().await?;
        for query in ["見本", "訪問"] {
            assert!(reasons(&other, query).await?.is_empty(), "{query}");
        }
        Ok(())
    });
}

#[test]
fn who_only_receives_finds_receptions_and_a_helper_only_their_own() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        let clerk = town.staff("例示 受付", Role::Clerk, town.desk).await?;
        let helper = town.staff("架空 協力", Role::Entry, town.desk).await?;
        room(&worker, "ケR8-00001", &[(DocKind::Contact, "家計簿を見た")]).await?;
        let mut tx = worker.write().await?;
        let key = access::found(
            &mut tx,
            &worker,
            NewRoom {
                kind: RoomKind::Consultation,
                number: "相R8-00001".into(),
                owner_desk: town.desk,
                owner_posting: None,
                sealed: None,
            },
        )
        .await?;
        let words = Doc {
            room: key.room(),
            kind: DocKind::Words,
            source: key.room().0,
            at: noon(),
            shown: "家計簿の相談",
            text: "家計簿の相談",
        };
        search::put(&mut tx, &worker, words).await?;
        tx.commit().await?;
        assert_eq!(reasons(&worker, "家計簿").await?.len(), 2);
        let found = reasons(&clerk, "家計簿").await?;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "家計簿の相談");
        assert!(reasons(&helper, "家計簿").await?.is_empty());
        let own = NewGrant::duty(helper.actor.posting()?.id, Source::Intake);
        let mut tx = worker.write().await?;
        access::cut(&mut tx, &worker, key.room(), own).await?;
        tx.commit().await?;
        assert_eq!(reasons(&helper, "家計簿").await?.len(), 1);
        Ok(())
    });
}

#[test]
fn too_long_a_search_is_refused_with_its_limit() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        for text in ["あ".repeat(201), "あ い う え お か き".into()] {
            let Err(Error::Invalid(why)) = search::find(&worker, &text, 20).await else {
                panic!("{text} was taken");
            };
            assert!(why.contains("まで"), "{why}");
        }
        assert!(
            search::find(&worker, "\"' OR 1=1 -- *:^NEAR(", 20)
                .await?
                .is_empty()
        );
        Ok(())
    });
}
