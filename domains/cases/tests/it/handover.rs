//! 引き継ぎ: a posting ends; the seats in the teams follow the rooms, and the successor is told once.

use crate::common::{case, get, join};
use engawa_cases::store::team;
use engawa_kernel::{
    access::{self, Act, Level, Role, RoomKind},
    context::Ctx,
    db::sql,
    error::Result,
    testing::{Town, on_both},
};

/// The town as the application wires it.
fn wired(mut town: Town) -> Town {
    town.engine = town.engine.following(engawa_cases::on_handover);
    town
}

async fn told(ctx: &Ctx) -> Result<Vec<String>> {
    ctx.read()
        .await?
        .rows(
            sql("select detail from notice where staff_id = :me and kind = 'cases_handed_over'")
                .bind("me", ctx.actor.staff),
        )
        .await?
        .iter()
        .map(|r| r.get("detail"))
        .collect()
}

#[test]
fn a_leaver_leaves_the_teams_and_the_successor_leads() {
    on_both(|town| async move {
        let town = wired(town);
        let leaver = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let heir = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let boss = town.staff("架空 係長", Role::Supervisor, town.desk).await?;
        let other = town
            .staff("架空 次郎", Role::Worker, town.other_desk)
            .await?;
        let mine = [case(&leaver).await?, case(&leaver).await?];
        join(&leaver, &mine[0], &heir, Level::Write).await?;
        let elsewhere = case(&other).await?;
        join(&other, &elsewhere, &leaver, Level::Write).await?;
        let mut tx = boss.write().await?;
        let moved = access::reassign_rooms(
            &mut tx,
            &boss,
            leaver.actor.posting()?.id,
            town.desk,
            Some(heir.actor.posting()?.id),
            None,
        )
        .await?;
        tx.commit().await?;
        assert_eq!(moved, 2);
        let today = boss.today();
        for key in &mine {
            let page = get(&heir, &format!("/cases/{}/team", key.room()))
                .await
                .body;
            for part in [
                "例示 花子",
                "主担当",
                "見本 太郎",
                "引き継ぎ(後任: 例示 花子)",
            ] {
                assert!(page.contains(part), "{part} in {page}");
            }
            let now = access::open(&heir, key.room(), RoomKind::Case, Act::Read, "test").await?;
            let seats = team::all(&mut heir.read().await?, &now).await?;
            let today_s: Vec<_> = seats.iter().filter(|m| m.until_on.is_none()).collect();
            assert_eq!(today_s.len(), 1, "one seat for the successor: {seats:?}");
            assert!(today_s[0].is_owner && today_s[0].posting == Some(heir.actor.posting()?.id));
            let left = seats
                .iter()
                .find(|m| m.posting == Some(leaver.actor.postings[0].id))
                .unwrap();
            assert_eq!(left.until_on, Some(today));
        }
        // The seat in a case of others ends that day, too, and says whom to ask.
        let seats = team::all(&mut other.read().await?, &elsewhere).await?;
        let left = seats
            .iter()
            .find(|m| m.posting == Some(leaver.actor.postings[0].id))
            .unwrap();
        assert_eq!(left.until_on, Some(today));
        assert_eq!(left.end_reason, "引き継ぎ(後任: 例示 花子)");
        assert!(seats.iter().any(|m| m.is_owner && m.until_on.is_none()));
        // One notice for both cases.
        assert_eq!(told(&heir).await?, [r#"{"cases":2}"#]);
        assert!(told(&other).await?.is_empty() && told(&leaver).await?.is_empty());
        Ok(())
    });
}

#[test]
fn a_case_of_several_and_a_desk_that_keeps_one() {
    on_both(|town| async move {
        let town = wired(town);
        let leaver = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let heir = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let boss = town.staff("架空 係長", Role::Supervisor, town.desk).await?;
        let (one, kept) = (case(&leaver).await?, case(&leaver).await?);
        let (from, to) = (leaver.actor.posting()?.id, heir.actor.posting()?.id);
        let mut tx = boss.write().await?;
        // Only this case: the leaver's other seats stay.
        let only = [one.room()];
        access::reassign_rooms(&mut tx, &boss, from, town.desk, Some(to), Some(&only)).await?;
        tx.commit().await?;
        assert_eq!(told(&heir).await?, [r#"{"cases":1}"#]);
        let seats = team::all(&mut leaver.read().await?, &kept).await?;
        assert!(seats.iter().all(|m| m.until_on.is_none()));
        let mut tx = boss.write().await?;
        access::reassign_rooms(&mut tx, &boss, from, town.desk, None, None).await?;
        tx.commit().await?;
        let now = access::open(&boss, kept.room(), RoomKind::Case, Act::Read, "test").await?;
        let seats = team::all(&mut boss.read().await?, &now).await?;
        let owner = seats
            .iter()
            .find(|m| m.is_owner && m.until_on.is_none())
            .unwrap();
        assert_eq!((owner.posting, owner.desk), (None, Some(town.desk)));
        assert!(
            seats
                .iter()
                .any(|m| m.posting == Some(from) && m.until_on.is_some())
        );
        Ok(())
    });
}
