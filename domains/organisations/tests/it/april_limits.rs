//! `/organisations/april`: who may move what, and what never happens on the way.

use engawa_kernel::{
    access::{self, NewRoom, Role, RoomKind},
    db::sql,
    id::PostingId,
    testing::on_both,
};

use crate::{
    april::{opens, posting, scene},
    browser::{admin, browser},
};

#[test]
fn a_supervisor_moves_rooms_of_the_own_desk_only() {
    on_both(|town| async move {
        let s = scene(&town).await?;
        let boss = town.staff("係長 五郎", Role::Supervisor, town.desk).await?;
        let b = browser(&boss);
        b.get("/organisations/april")
            .await
            .is(200)
            .has("見本 太郎")
            .lacks("架空 次郎");
        b.get(&format!(
            "/organisations/april?leave={}",
            posting(&s.outsider)
        ))
        .await
        .is(404);
        let (from, to, foreign) = (
            posting(&s.leaver).to_string(),
            posting(&s.heir).to_string(),
            posting(&s.outsider).to_string(),
        );
        b.post(
            "/organisations/april",
            &[
                ("leave[0].posting", &foreign),
                ("day", "今日"),
                ("leave[0].to", &to),
            ],
        )
        .await
        .is(404);
        b.post(
            "/organisations/april",
            &[
                ("leave[0].posting", &from),
                ("day", "今日"),
                ("leave[0].to", &to),
            ],
        )
        .await
        .is(303);
        assert!(opens(&s.heir, s.plain).await && !opens(&s.leaver, s.plain).await);
        assert!(
            opens(&s.leaver, s.other).await,
            "the posting and its other keys stay"
        );
        let worker = browser(&s.heir);
        worker
            .post(
                "/organisations/april",
                &[("leave[0].posting", &from), ("day", "今日")],
            )
            .await
            .is(403);
        Ok(())
    });
}

#[test]
fn a_posting_with_rooms_does_not_end_without_a_successor() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        crate::browser::small_town(&b).await;
        let at = b
            .post(
                "/organisations/postings/new",
                &[
                    ("staff", "S1"),
                    ("body", "B1"),
                    ("desk", "D1"),
                    ("role", "worker"),
                    ("valid_from", "R8.4.1"),
                ],
            )
            .await
            .saved();
        let id = at.rsplit('/').next().unwrap().to_owned();
        let mut tx = ctx.write().await?;
        let desk = tx
            .one(
                sql("select desk_id from posting where id = :p")
                    .bind("p", id.parse::<PostingId>().unwrap()),
            )
            .await?
            .get("desk_id")?;
        access::found(
            &mut tx,
            &ctx,
            NewRoom {
                kind: RoomKind::Case,
                number: "ケR8-00009".into(),
                owner_desk: desk,
                owner_posting: id.parse().ok(),
                sealed: None,
            },
        )
        .await?;
        tx.commit().await?;
        b.post(
            &format!("{at}/edit"),
            &[
                ("version", "1"),
                ("staff", "S1"),
                ("body", "B1"),
                ("desk", "D1"),
                ("role", "worker"),
                ("valid_from", "R8.4.1"),
                ("valid_to", "R8.11.1"),
            ],
        )
        .await
        .is(422)
        .has("主担当の記録が1件");
        Ok(())
    });
}

#[test]
fn a_contract_that_changes_hands_takes_the_unassigned_rooms_along() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        crate::browser::small_town(&b).await;
        let worker = town
            .staff("見本 太郎", Role::Worker, town.other_desk)
            .await?;
        let mut tx = worker.write().await?;
        let new = NewRoom {
            kind: RoomKind::Consultation,
            number: "相R8-00001".into(),
            owner_desk: town.other_desk,
            owner_posting: None,
            sealed: None,
        };
        let key = access::found(&mut tx, &worker, new).await?;
        tx.commit().await?;
        let from = posting(&worker).to_string();
        let desk = town.other_desk.to_string();
        b.get(&format!("/organisations/april?leave={from}"))
            .await
            .has("担当の決まっていない記録 1件");
        let fields = [
            ("leave[0].posting", from.as_str()),
            ("day", "今日"),
            ("desk[0].from", desk.as_str()),
            ("desk[0].to", "D1"),
        ];
        b.post("/organisations/april", &fields).await.is(303);
        let mut conn = ctx.read().await?;
        let now = conn
            .one(
                sql("select d.code from room r join organisations_desk d on d.id = r.owner_desk_id where r.id = :r")
                    .bind("r", key.room()),
            )
            .await?;
        assert_eq!(now.get::<String>("code")?, "D1");
        let old = conn
            .count(
                sql("select count(*) as n from access_grant where desk_id = :d and revoked_at is null")
                    .bind("d", town.other_desk),
            )
            .await?;
        assert_eq!(old, 0, "the old contractor's desk holds no key");
        Ok(())
    });
}

#[test]
fn an_administrator_is_never_the_last_to_go_and_gives_himself_no_key() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        crate::browser::small_town(&b).await;
        let me = posting(&ctx).to_string();
        let fields = [("leave[0].posting", me.as_str()), ("day", "今日")];
        b.post("/organisations/april", &fields)
            .await
            .is(422)
            .has("一人もいなくなります");
        town.staff("別 管理", Role::Admin, town.desk).await?;
        let staff = ctx.actor.staff.to_string();
        let own = [
            ("staff", staff.as_str()),
            ("body", "B1"),
            ("desk", "D1"),
            ("role", "worker"),
            ("valid_from", "R8.4.1"),
        ];
        b.post("/organisations/postings/new", &own)
            .await
            .is(422)
            .has("自分自身に");
        b.post("/organisations/april", &fields).await.is(303);
        Ok(())
    });
}
