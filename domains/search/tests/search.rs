//! `/search`

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use engawa_kernel::{
    access::{self, NewRoom, Role, RoomKey, RoomKind},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    id::PersonId,
    search::{self, Doc, DocKind},
    testing::{Town, noon, on_both},
};
use tower::ServiceExt as _;

async fn get(ctx: &Ctx, path: &str) -> (StatusCode, String) {
    let app: Router = engawa_search::routes()
        .merge(Router::from(engawa_search::api()))
        .layer(Extension(ctx.clone()))
        .with_state(ctx.engine.clone());
    let request = Request::get(path).body(Body::empty()).unwrap_or_default();
    let response = app.oneshot(request).await.unwrap_or_default();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 10_000_000)
        .await
        .unwrap_or_default();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

fn query(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

async fn look(ctx: &Ctx, text: &str) -> (StatusCode, String) {
    get(ctx, &format!("/search?q={}", query(text))).await
}

async fn case(ctx: &Ctx) -> Result<RoomKey> {
    let posting = ctx.actor.posting()?.clone();
    let mut tx = ctx.write().await?;
    let key = access::found(
        &mut tx,
        ctx,
        NewRoom {
            kind: RoomKind::Case,
            number: "ケR8-00123".into(),
            owner_desk: posting.desk.ok_or(Error::NotFound)?,
            owner_posting: Some(posting.id),
            sealed: None,
        },
    )
    .await?;
    for (kind, text) in [
        (DocKind::Name, "髙橋 見本子"),
        (DocKind::Number, "ケR8-00123"),
        (DocKind::Phone, "00-1234-5678"),
        (DocKind::Contact, "家賃の滞納について相談"),
    ] {
        search::put(
            &mut tx,
            ctx,
            Doc {
                room: key.room(),
                kind,
                source: PersonId::new().0,
                at: noon(),
                shown: text,
                text,
            },
        )
        .await?;
    }
    tx.commit().await?;
    Ok(key)
}

#[test]
fn each_hit_says_why_it_was_found_and_leads_to_its_room() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        for (text, section, why) in [
            ("高橋", "人（1件）", "異体字（高→髙）"),
            ("5678", "人（1件）", "電話番号"),
            ("ケR8-123", "ケース・相談・つなぐシート（1件）", "番号"),
            ("滞納", "支援経過・相談の言葉（1件）", "言葉「滞納」"),
        ] {
            let (status, page) = look(&worker, text).await;
            assert_eq!(status, StatusCode::OK);
            let link = format!("/cases/{}", key.room());
            for part in [section, why, link.as_str(), "令和8年11月21日", "ケR8-00123"] {
                assert!(page.contains(part), "{text}: {part}: {page}");
            }
            assert!(
                page.contains(&format!("value=\"{text}\"")),
                "the box keeps what was typed"
            );
        }
        Ok(())
    });
}

#[test]
fn without_a_key_the_page_is_the_same_as_when_nothing_is_there() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        let other = town
            .staff("例示 職員", Role::Worker, town.other_desk)
            .await?;
        let before = look(&other, "高橋").await;
        case(&worker).await?;
        assert_eq!(look(&other, "高橋").await, before);
        assert!(before.1.contains("見つかりませんでした") && before.1.contains("見つからないとき"));
        let (_, json) = get(&other, &format!("/api/v1/search?q={}", query("高橋"))).await;
        assert_eq!(json, "[]");
        let (_, json) = get(&worker, &format!("/api/v1/search?q={}", query("高橋"))).await;
        assert!(
            json.contains("異体字") && json.contains("\"kind\":\"name\""),
            "{json}"
        );
        Ok(())
    });
}

#[test]
fn a_search_is_one_entry_of_the_log_with_rooms_and_without_words() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        look(&worker, "髙橋 見本子").await;
        look(&worker, "いない人").await;
        let mut conn = worker.read().await?;
        let entries = conn
            .rows(sql(
                "select detail from audit_entry where action = 'search' order by id limit 10",
            ))
            .await?
            .iter()
            .map(|r| r.get::<String>("detail"))
            .collect::<Result<Vec<_>>>()?;
        assert_eq!(entries.len(), 2);
        assert!(
            entries[0].contains(&key.room().to_string()) && entries[0].contains("\"length\":6")
        );
        assert!(entries[1].contains("\"rooms\":[]"));
        for entry in &entries {
            assert!(
                !entry.contains("髙橋") && !entry.contains("いない"),
                "{entry}"
            );
        }
        let hits = conn
            .count(
                sql("select count(*) as n from rooms_search_hit where room_id = :r")
                    .bind("r", key.room()),
            )
            .await?;
        assert_eq!(hits, 1);
        Ok(())
    });
}

#[test]
fn bad_searches_are_answered_and_never_harm() {
    on_both(|town: Town| async move {
        let worker = town.staff("見本 職員", Role::Worker, town.desk).await?;
        case(&worker).await?;
        assert_eq!(get(&worker, "/search").await.0, StatusCode::OK);
        let (status, page) = look(&worker, &"あ".repeat(300)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("200文字まで"));
        for text in [
            "\"><script>alert(1)</script>",
            "' or 1=1 --",
            "* AND NEAR(",
            "\0",
            "%",
            "🏳️‍🌈",
        ] {
            let (status, page) = look(&worker, text).await;
            assert_eq!(status, StatusCode::OK, "{text}");
            assert!(!page.contains("<script>alert"));
        }
        Ok(())
    });
}
