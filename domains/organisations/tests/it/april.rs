//! `/organisations/april`: rooms change hands, rights end that day, history stays.

use chrono::Duration;
use engawa_kernel::{
    access::{self, Act, NewGrant, NewRoom, Role, RoomKind, Source},
    context::Ctx,
    db::sql,
    error::Result,
    id::{DeskId, PostingId, RoomId},
    tasks::{self, NewTask},
    testing::{Town, on_both},
};

use crate::browser::admin;

pub async fn room(ctx: &Ctx, number: &str, kind: RoomKind, sealed: bool) -> Result<RoomId> {
    let me = ctx.actor.posting()?.clone();
    let mut tx = ctx.write().await?;
    let desk = me.desk.unwrap();
    let key = access::found(
        &mut tx,
        ctx,
        NewRoom {
            kind,
            number: number.into(),
            owner_desk: desk,
            owner_posting: Some(me.id),
            sealed: sealed.then(|| "dv".into()),
        },
    )
    .await?;
    tasks::add(
        &mut tx,
        ctx,
        NewTask {
            room: Some(key.room()),
            kind: "manual",
            title: "電話".into(),
            posting: Some(me.id),
            desk,
            due_on: None,
            source: None,
        },
    )
    .await?;
    tx.commit().await?;
    Ok(key.room())
}

pub fn posting(ctx: &Ctx) -> PostingId {
    ctx.actor.postings[0].id
}

pub async fn opens(ctx: &Ctx, room: RoomId) -> bool {
    access::open(ctx, room, RoomKind::Case, Act::Read, "test")
        .await
        .is_ok()
}

pub struct Scene {
    pub leaver: Ctx,
    pub heir: Ctx,
    pub outsider: Ctx,
    pub plain: RoomId,
    pub sealed: RoomId,
    pub other: RoomId,
}

pub async fn scene(town: &Town) -> Result<Scene> {
    let leaver = town.staff("見本 太郎", Role::Worker, town.desk).await?;
    let heir = town
        .staff("例示 花子", Role::Worker, town.other_desk)
        .await?;
    let outsider = town.staff("架空 次郎", Role::Worker, DeskId::new()).await?;
    let plain = room(&leaver, "ケR8-00001", RoomKind::Case, false).await?;
    let sealed = room(&leaver, "ケR8-00002", RoomKind::Case, true).await?;
    let other = room(&outsider, "ケR8-00003", RoomKind::Case, false).await?;
    let mut tx = outsider.write().await?;
    access::cut(
        &mut tx,
        &outsider,
        other,
        NewGrant::duty(posting(&leaver), Source::Team),
    )
    .await?;
    tx.commit().await?;
    assert!(
        opens(&leaver, plain).await && opens(&leaver, sealed).await && opens(&leaver, other).await
    );
    assert!(!opens(&heir, plain).await && !opens(&heir, sealed).await);
    Ok(Scene {
        leaver,
        heir,
        outsider,
        plain,
        sealed,
        other,
    })
}

#[test]
fn on_the_day_the_successor_has_everything_and_the_leaver_nothing() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        let s = scene(&town).await?;
        let from = posting(&s.leaver);
        b.get("/organisations/april")
            .await
            .is(200)
            .has("見本 太郎")
            .has("2件")
            .lacks("ケR8-00001");
        let page = b.get(&format!("/organisations/april?leave={from}")).await;
        page.is(200)
            .has("ケース2件、相談受付0件")
            .has("ケR8-00001")
            .has("例示 花子")
            // No day is filled in that would end somebody's rights with one press.
            .lacks("value=\"R8.11.21\"")
            .has("実行したその時から");
        let (from_text, to_text) = (from.to_string(), posting(&s.heir).to_string());
        let base = [("leave[0].posting", from_text.as_str()), ("day", "今日")];
        b.post("/organisations/april", &base)
            .await
            .is(422)
            .has("後任を選んでください");
        b.post(
            "/organisations/april",
            &[base[0], ("day", "R5.4.1"), ("leave[0].to", &to_text)],
        )
        .await
        .is(422)
        .has("1か月前から");
        b.post(
            "/organisations/april",
            &[base[0], base[1], ("leave[0].to", &from_text)],
        )
        .await
        .is(422)
        .has("離れる人自身は選べません");
        b.post(
            "/organisations/april",
            &[base[0], base[1], ("leave[0].to", "desk")],
        )
        .await
        .is(422)
        .has("限定記録");
        assert!(opens(&s.leaver, s.plain).await, "a refusal changes nothing");
        let once = page.hidden("once");
        let fields = [
            base[0],
            base[1],
            ("once", once.as_str()),
            ("leave[0].to", to_text.as_str()),
            ("leave[0].retires", "1"),
        ];
        b.post("/organisations/april", &fields).await.is(303);
        b.post("/organisations/april", &fields).await.is(303);
        for room in [s.plain, s.sealed, s.other] {
            assert!(!opens(&s.leaver, room).await);
        }
        assert!(opens(&s.heir, s.plain).await && opens(&s.heir, s.sealed).await);
        assert!(
            !opens(&s.heir, s.other).await,
            "a seat in another's team is not inherited"
        );
        assert!(
            !opens(&s.outsider, s.sealed).await,
            "a sealed room opens to the successor alone"
        );
        let mut conn = ctx.read().await?;
        let left = conn.count(sql("select count(*) as n from access_grant where posting_id = :p and revoked_at is null").bind("p", from)).await?;
        assert_eq!(left, 0);
        let tasks = conn
            .count(
                sql("select count(*) as n from task where posting_id = :p and desk_id = :d")
                    .bind("p", posting(&s.heir))
                    .bind("d", town.other_desk),
            )
            .await?;
        assert_eq!(tasks, 2);
        let logged = conn.count(sql("select count(*) as n from audit_entry where action = 'room.owner' and room_id is not null")).await?;
        assert_eq!(logged, 2);
        // History keeps the old name, and the last day is written down.
        let old = engawa_organisations::postings(&mut conn, &ctx, &[from]).await?;
        assert_eq!(
            (old[&from].staff_name.as_str(), old[&from].active),
            ("見本 太郎", false)
        );
        let last: chrono::NaiveDate = conn
            .one(sql("select left_on from staff where name = '見本 太郎'"))
            .await?
            .get("left_on")?;
        assert_eq!(last, ctx.today() - Duration::days(1));
        Ok(())
    });
}

#[test]
fn rooms_can_go_to_different_people_and_a_newcomer_takes_the_seat() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        let s = scene(&town).await?;
        let near = town.staff("近く 三郎", Role::Worker, town.desk).await?;
        b.post(
            "/organisations/staff/new",
            &[("code", "N1"), ("name", "新任 四郎")],
        )
        .await
        .is(303);
        let (from, near_p) = (posting(&s.leaver).to_string(), posting(&near).to_string());
        let apart = format!("leave[0].room.{}", s.sealed);
        let fields = [
            ("leave[0].posting", from.as_str()),
            ("day", "今日"),
            ("leave[0].staff", "N1"),
            (apart.as_str(), near_p.as_str()),
        ];
        b.post("/organisations/april", &fields).await.is(303);
        assert!(opens(&near, s.sealed).await);
        let mut conn = ctx.read().await?;
        let owner = conn
            .one(sql("select s.name, p.desk_id, p.role from room r join posting p on p.id = r.owner_posting_id join staff s on s.id = p.staff_id where r.id = :r").bind("r", s.plain))
            .await?;
        assert_eq!(owner.get::<String>("name")?, "新任 四郎");
        assert_eq!(owner.get::<Role>("role")?, Role::Worker);
        Ok(())
    });
}

#[test]
fn a_day_to_come_moves_rooms_on_that_day() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        let s = scene(&town).await?;
        let (from, to) = (posting(&s.leaver).to_string(), posting(&s.heir).to_string());
        let day = (ctx.today() + Duration::days(10)).to_string();
        let fields = [
            ("leave[0].posting", from.as_str()),
            ("day", day.as_str()),
            ("leave[0].to", to.as_str()),
        ];
        b.post("/organisations/april", &fields).await.is(303);
        assert!(opens(&s.leaver, s.plain).await && !opens(&s.heir, s.plain).await);
        b.get("/organisations/april")
            .await
            .has("予定されている引き継ぎ");
        town.engine.clock.set(ctx.now() + Duration::days(9));
        assert_eq!(engawa_organisations::settle(&town.engine).await?, 0);
        assert!(
            opens(&s.leaver, s.plain).await,
            "the last day is still a day"
        );
        town.engine.clock.set(ctx.now() + Duration::days(1));
        assert!(
            !opens(&s.leaver, s.plain).await,
            "rights end even before anything runs"
        );
        assert_eq!(engawa_organisations::settle(&town.engine).await?, 2);
        assert_eq!(engawa_organisations::settle(&town.engine).await?, 0);
        assert!(opens(&s.heir, s.plain).await && opens(&s.heir, s.sealed).await);
        Ok(())
    });
}
