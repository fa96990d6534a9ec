//! Whole-caseload hand-over (REF-06): the packet of a colleague who leaves, and a successor who says
//! of each case 「引き継ぎました」.

use crate::common::{case, contact, get, new_case, person, post};
use engawa_cases::{NewCase, store};
use engawa_kernel::{
    access::{self, Role, RoomKey},
    context::Ctx,
    error::Result,
    tasks::{self, NewTask},
    testing::{Town, on_both},
};

fn wired(mut town: Town) -> Town {
    town.engine = town.engine.following(engawa_cases::on_handover);
    town
}

async fn sealed(ctx: &Ctx) -> Result<RoomKey> {
    let mut tx = ctx.write().await?;
    let new = NewCase {
        label: "秘密の世帯".into(),
        sealed: Some("dv".into()),
        ..new_case(ctx)
    };
    let key = store::case::open(&mut tx, ctx, new).await?;
    tx.commit().await?;
    Ok(key)
}

async fn written(ctx: &Ctx, key: &RoomKey, words: &str) -> Result<()> {
    let mut tx = ctx.write().await?;
    store::contact::add(&mut tx, ctx, key, contact(ctx, words)).await?;
    tx.commit().await
}

async fn to_do(ctx: &Ctx, key: &RoomKey, title: &str) -> Result<()> {
    let me = ctx.actor.posting()?;
    let mut tx = ctx.write().await?;
    let new = NewTask {
        room: Some(key.room()),
        kind: "manual",
        title: title.into(),
        posting: Some(me.id),
        desk: me.desk.unwrap(),
        due_on: None,
        source: None,
    };
    tasks::add(&mut tx, ctx, new).await?;
    tx.commit().await
}

async fn hand_over(boss: &Ctx, from: &Ctx, to: Option<&Ctx>) -> Result<u64> {
    let mut tx = boss.write().await?;
    let desk = from.actor.posting()?.desk.unwrap();
    let heir = to.map(|c| c.actor.posting().unwrap().id);
    let moved =
        access::reassign_rooms(&mut tx, boss, from.actor.posting()?.id, desk, heir, None).await?;
    tx.commit().await?;
    Ok(moved)
}

#[test]
fn a_supervisor_prints_the_leavers_caseload_as_far_as_keys_go() {
    on_both(|town| async move {
        let leaver = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let boss = town.staff("架空 係長", Role::Supervisor, town.desk).await?;
        let far = town
            .staff("架空 他課", Role::Supervisor, town.other_desk)
            .await?;
        let colleague = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let open = case(&leaver).await?;
        person(&leaver, &open, "見本 梅").await?;
        written(&leaver, &open, "毎週火曜に電話する約束。").await?;
        let shut = sealed(&leaver).await?;
        person(&leaver, &shut, "演習 さつき").await?;
        let path = format!("/cases/packet.pdf?posting={}", leaver.actor.posting()?.id);
        let paper = get(&boss, &path).await.body;
        for part in ["見本 太郎", "毎週火曜に電話する約束。", "\"hidden\": 1"] {
            assert!(paper.contains(part), "{part} in {paper}");
        }
        for never in ["秘密の世帯", "演習 さつき"] {
            assert!(!paper.contains(never), "{never} in {paper}");
        }
        let lines = engawa_kernel::audit::of_room(&mut boss.read().await?, &open, None, 50).await?;
        assert!(lines.iter().any(|l| l.action == "room.print"));
        // Neither another desk's supervisor nor a colleague.
        for who in [&far, &colleague] {
            let answer = get(who, &path).await;
            assert_ne!(answer.status.as_u16(), 200);
            assert!(!answer.body.contains("毎週火曜"), "{}", answer.body);
        }
        // One's own, by the same address.
        assert!(get(&leaver, &path).await.body.contains("秘密の世帯"));
        Ok(())
    });
}

#[test]
fn the_successor_confirms_case_by_case() {
    on_both(|town| async move {
        let town = wired(town);
        let leaver = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let heir = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let boss = town.staff("架空 係長", Role::Supervisor, town.desk).await?;
        let cases = [case(&leaver).await?, case(&leaver).await?];
        to_do(&leaver, &cases[0], "家賃の分納の相談").await?;
        let again = [
            ("code", "housing"),
            ("who", "household"),
            ("note", "保証人がいないため"),
        ];
        post(
            &leaver,
            &format!("/cases/{}/issues", cases[0].room()),
            &again,
        )
        .await;
        assert_eq!(hand_over(&boss, &leaver, Some(&heir)).await?, 2);
        let list = get(&heir, "/cases/takeovers").await.body;
        assert!(
            list.contains("見本 太郎") && list.contains("自分の確認を待つケース"),
            "{list}"
        );
        let watched = get(&boss, "/cases/takeovers").await.body;
        assert!(watched.contains("済んでいないケース（2件）"), "{watched}");
        let at = format!("/cases/{}/takeover", cases[0].room());
        let page = get(&heir, &at).await.body;
        for part in [
            "家賃の分納の相談",
            "引き継ぎ(後任: 例示 花子)",
            "見本 太郎さんから",
            "引き継ぎました",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(
            get(&heir, &format!("/cases/{}", cases[0].room()))
                .await
                .body
                .contains("引き継いだケースです")
        );
        // The packet of what waits.
        let paper = get(&heir, "/cases/packet.pdf?taken=1").await.body;
        assert!(
            paper.contains("見本 太郎") && paper.contains("家賃の分納の相談"),
            "{paper}"
        );
        // Nobody confirms for the successor.
        assert!(
            !get(&boss, &at)
                .await
                .body
                .contains("引き継ぎました」を押して")
        );
        assert_eq!(post(&boss, &at, &[]).await.status.as_u16(), 422);
        assert_eq!(
            post(&heir, &at, &[("note", "分納は4月から")])
                .await
                .status
                .as_u16(),
            303
        );
        assert_eq!(post(&heir, &at, &[]).await.status.as_u16(), 422, "once");
        let watched = get(&boss, "/cases/takeovers").await.body;
        assert!(watched.contains("済んでいないケース（1件）"), "{watched}");
        let json = get(&heir, "/api/v1/cases/takeovers").await.body;
        assert_eq!(json.matches("\"room\"").count(), 1, "{json}");
        Ok(())
    });
}

#[test]
fn what_is_handed_on_or_closed_waits_for_nobody() {
    on_both(|town| async move {
        let town = wired(town);
        let leaver = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let heir = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let third = town.staff("例示 三郎", Role::Worker, town.desk).await?;
        let boss = town.staff("架空 係長", Role::Supervisor, town.desk).await?;
        case(&leaver).await?;
        hand_over(&boss, &leaver, Some(&heir)).await?;
        hand_over(&boss, &heir, Some(&third)).await?;
        assert!(
            get(&heir, "/cases/takeovers")
                .await
                .body
                .contains("確認を待つ引き継ぎはありません")
        );
        assert!(
            get(&third, "/cases/takeovers")
                .await
                .body
                .contains("例示 花子")
        );
        hand_over(&boss, &third, None).await?;
        assert!(
            get(&third, "/cases/takeovers")
                .await
                .body
                .contains("確認を待つ引き継ぎはありません")
        );
        assert!(
            get(&boss, "/cases/takeovers")
                .await
                .body
                .contains("すべて確認されています")
        );
        Ok(())
    });
}

#[test]
fn a_supervisor_without_a_key_sees_a_number_only() {
    on_both(|town| async move {
        let town = wired(town);
        let leaver = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let heir = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let boss = town.staff("架空 係長", Role::Supervisor, town.desk).await?;
        sealed(&leaver).await?;
        hand_over(&boss, &leaver, Some(&heir)).await?;
        let page = get(&boss, "/cases/takeovers").await.body;
        assert!(
            page.contains("閲覧できないケース 1件") && !page.contains("秘密の世帯"),
            "{page}"
        );
        assert!(
            get(&heir, "/cases/takeovers")
                .await
                .body
                .contains("秘密の世帯")
        );
        Ok(())
    });
}

/// A desk is named by its id, a person by the posting.
async fn give(by: &Ctx, key: &RoomKey, to: Option<&Ctx>) -> Result<()> {
    let (mut tx, key) =
        access::open_for_write(by, key.room(), access::RoomKind::Case, "test").await?;
    let posting = to.map(|c| c.actor.posting().unwrap().id);
    store::team::set_owner(&mut tx, by, &key, key.owner_desk(), posting, true).await?;
    tx.commit().await
}

#[test]
fn one_case_given_to_somebody_else_waits_for_them() {
    on_both(|town| async move {
        let former = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let heir = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let third = town.staff("例示 三郎", Role::Worker, town.desk).await?;
        let key = case(&former).await?;
        let options = get(&former, &format!("/cases/{}/owner", key.room())).await;
        assert_eq!(options.status.as_u16(), 200);
        give(&former, &key, Some(&heir)).await?;
        let list = get(&heir, "/cases/takeovers").await.body;
        assert!(list.contains("見本 太郎"), "{list}");
        let at = format!("/cases/{}/takeover", key.room());
        assert!(get(&heir, &at).await.body.contains("見本 太郎さんから"));
        let told = heir
            .read()
            .await?
            .count(
                engawa_kernel::db::sql(
                    "select count(*) as n from notice where staff_id = :me and kind = 'cases_handed_over'",
                )
                .bind("me", heir.actor.staff),
            )
            .await?;
        assert_eq!(told, 1);
        // Given on before it was confirmed: it waits for the next one only.
        give(&heir, &key, Some(&third)).await?;
        assert!(
            get(&heir, "/cases/takeovers")
                .await
                .body
                .contains("確認を待つ引き継ぎはありません")
        );
        assert_eq!(post(&heir, &at, &[]).await.status.as_u16(), 422);
        assert_eq!(post(&third, &at, &[]).await.status.as_u16(), 303);
        assert_eq!(post(&third, &at, &[]).await.status.as_u16(), 422, "once");
        Ok(())
    });
}

#[test]
fn a_desk_and_who_takes_it_for_themselves_confirm_nothing() {
    on_both(|town| async move {
        let town = wired(town);
        let former = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let colleague = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let boss = town.staff("架空 係長", Role::Supervisor, town.desk).await?;
        let none = async |who: &Ctx| {
            let page = get(who, "/cases/takeovers").await.body;
            assert!(page.contains("確認を待つ引き継ぎはありません"), "{page}");
        };
        let key = case(&former).await?;
        give(&former, &key, None).await?;
        none(&former).await;
        give(&colleague, &key, Some(&colleague)).await?;
        none(&colleague).await;
        // The same person under a new posting, also in April.
        let mut again = colleague.actor.clone();
        again.postings = town
            .staff("例示 花子", Role::Worker, town.desk)
            .await?
            .actor
            .postings;
        let mut tx = boss.write().await?;
        tx.exec(
            engawa_kernel::db::sql("update posting set staff_id = :s where id = :p")
                .bind("s", colleague.actor.staff)
                .bind("p", again.postings[0].id),
        )
        .await?;
        tx.commit_unaudited().await?;
        let again = Ctx {
            actor: again,
            ..colleague.clone()
        };
        hand_over(&boss, &colleague, Some(&again)).await?;
        none(&again).await;
        Ok(())
    });
}
