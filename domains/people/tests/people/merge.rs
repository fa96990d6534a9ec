//! /people/{id}/merge and /people/{id}/unmerge

use engawa_kernel::{
    access::{self, Role},
    context::Ctx,
    db::sql,
    error::Result,
    testing::on_both,
};

use crate::scene::{case, create, flagged, get, hanako, named, page, post, protect};

/// Every row that a merge may touch, as text.
async fn picture(ctx: &Ctx) -> Result<String> {
    let mut conn = ctx.read().await?;
    let mut out = String::new();
    for r in conn
        .rows(sql(
            "select id, label, birth, merged_into, version from people_person order by id",
        ))
        .await?
    {
        let merged: Option<uuid::Uuid> = r.opt("merged_into")?;
        out.push_str(&format!(
            "{} {merged:?} {}\n",
            r.get::<uuid::Uuid>("id")?,
            r.get::<i64>("version")?
        ));
    }
    for r in conn
        .rows(sql(
            "select room_id, person_id, merge_id from room_person order by room_id, person_id",
        ))
        .await?
    {
        let merge: Option<uuid::Uuid> = r.opt("merge_id")?;
        out.push_str(&format!(
            "{} {} {merge:?}\n",
            r.get::<uuid::Uuid>("room_id")?,
            r.get::<uuid::Uuid>("person_id")?
        ));
    }
    for r in conn
        .rows(sql("select person_id, text from people_name order by id"))
        .await?
    {
        out.push_str(&format!(
            "{} {}\n",
            r.get::<uuid::Uuid>("person_id")?,
            r.get::<String>("text")?
        ));
    }
    for r in conn
        .rows(sql(
            "select person_id, text from people_address order by id",
        ))
        .await?
    {
        out.push_str(&format!(
            "{} {}\n",
            r.get::<uuid::Uuid>("person_id")?,
            r.get::<String>("text")?
        ));
    }
    for r in conn
        .rows(sql(
            "select person_id from protected_person order by person_id",
        ))
        .await?
    {
        out.push_str(&format!(
            "protected {}\n",
            r.get::<uuid::Uuid>("person_id")?
        ));
    }
    Ok(out)
}

#[test]
fn two_records_become_one_person_and_two_again_exactly() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let (first, second) = (case(&worker).await?, case(&worker).await?);
        let kept = create(&worker, &first, hanako()).await?;
        let twin = create(&worker, &second, named("例示 花子", "レイジ ハナコ")).await?;
        let before = picture(&worker).await?;
        let at = page(kept, "/merge", first.room());
        get(&worker, &at)
            .await
            .is(200)
            .shows("氏名が同じ")
            .shows("見比べる");
        let compare = format!("{at}&with={twin}");
        get(&worker, &compare)
            .await
            .is(200)
            .shows("東町1-2-3")
            .shows("統合する記録");
        let other = twin.to_string();
        post(&worker, &at, &[("with", other.as_str())])
            .await
            .is(422)
            .shows("理由");
        let fields = [("with", other.as_str()), ("reason", "本人に確認した")];
        post(&worker, &at, &fields).await.is(303);
        // Both rooms are now about the kept record; the other one says where to go.
        get(&worker, &page(kept, "", second.room()))
            .await
            .is(200)
            .shows("統合した記録");
        get(&worker, &page(twin, "", second.room()))
            .await
            .is(200)
            .shows("統合先の記録を開く");
        let edit = page(twin, "/edit", second.room());
        post(&worker, &edit, &[("version", "1"), ("notes", "x")])
            .await
            .is(422)
            .shows("統合先");
        let mut conn = worker.read().await?;
        let cards = engawa_people::of_room(&mut conn, &worker, &second).await?;
        assert_eq!(cards.iter().map(|c| c.id).collect::<Vec<_>>(), [kept]);
        drop(conn);
        let un = page(kept, "/unmerge", first.room());
        let form = get(&worker, &un).await;
        let merge = form.field("merge");
        let fields = [("merge", merge.as_str()), ("reason", "別人だった")];
        post(&worker, &un, &fields).await.is(303);
        assert_eq!(picture(&worker).await?, before);
        get(&worker, &at).await.shows("別人だった");
        post(&worker, &un, &fields).await.is(404);
        Ok(())
    });
}

#[test]
fn a_conflict_of_interest_holds_for_the_merged_person_in_both_rooms() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let cousin = town.staff("相談 二郎", Role::Worker, town.desk).await?;
        let (first, second) = (case(&worker).await?, case(&worker).await?);
        let kept = create(&worker, &first, hanako()).await?;
        let twin = create(&worker, &second, named("例示 花子", "")).await?;
        let mut tx = worker.write().await?;
        access::declare_conflict(&mut tx, &worker, cousin.actor.staff, twin, "いとこ").await?;
        tx.commit().await?;
        get(&cousin, &page(kept, "", first.room())).await.is(200);
        let other = twin.to_string();
        let fields = [("with", other.as_str()), ("reason", "本人に確認した")];
        post(&worker, &page(kept, "/merge", first.room()), &fields)
            .await
            .is(303);
        get(&cousin, &page(kept, "", first.room()))
            .await
            .is(403)
            .hides("花子");
        // A room that she comes into later is closed to the cousin as well.
        let third = case(&worker).await?;
        let mut tx = worker.write().await?;
        engawa_people::add_to_room(&mut tx, &worker, &third, kept).await?;
        tx.commit().await?;
        get(&cousin, &page(kept, "", third.room())).await.is(403);
        Ok(())
    });
}

#[test]
fn merges_are_undone_newest_first() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let mut people = Vec::new();
        for _ in 0..3 {
            let own = case(&worker).await?;
            people.push((create(&worker, &own, hanako()).await?, own));
        }
        let before = picture(&worker).await?;
        let (kept, own) = &people[0];
        let at = page(*kept, "/merge", own.room());
        for (other, _) in &people[1..] {
            let other = other.to_string();
            let fields = [("with", other.as_str()), ("reason", "本人に確認した")];
            post(&worker, &at, &fields).await.is(303);
        }
        let mut merges: Vec<String> = worker
            .read()
            .await?
            .rows(sql("select id from people_merge order by id"))
            .await?
            .iter()
            .map(|r| r.get::<uuid::Uuid>("id").map(|u| u.to_string()))
            .collect::<Result<_>>()?;
        let un = page(*kept, "/unmerge", own.room());
        let undo = |merge: String| [("merge", merge), ("reason", "別人だった".to_owned())];
        let fields = undo(merges[0].clone());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        post(&worker, &un, &fields)
            .await
            .is(422)
            .shows("新しい統合から順に");
        while let Some(newest) = merges.pop() {
            let fields = undo(newest);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
            post(&worker, &un, &fields).await.is(303);
        }
        assert_eq!(picture(&worker).await?, before);
        Ok(())
    });
}

#[test]
fn un_merging_does_not_lift_what_two_people_must() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let (first, second) = (case(&worker).await?, case(&worker).await?);
        let kept = create(&worker, &first, named("例示 花子", "")).await?;
        let twin = create(&worker, &second, hanako()).await?;
        protect(&worker, &second, twin).await;
        let other = twin.to_string();
        let merge = [("with", other.as_str()), ("reason", "本人に確認した")];
        let at = page(kept, "/merge", first.room());
        let un = page(kept, "/unmerge", first.room());
        town.engine
            .clock
            .set(worker.now() + chrono::TimeDelta::hours(1));
        // Nothing written in between: exactly as before.
        post(&worker, &at, &merge).await.is(303);
        assert!(flagged(&worker, kept).await?);
        let id = get(&worker, &un).await.field("merge");
        post(&worker, &un, &[("merge", id.as_str()), ("reason", "別人")])
            .await
            .is(303);
        assert!(!flagged(&worker, kept).await? && flagged(&worker, twin).await?);
        // Her new address was typed into the merged record: it stays withheld.
        post(&worker, &at, &merge).await.is(303);
        let place = [("kind", "temporary"), ("text", "遠町のシェルター")];
        post(&worker, &page(kept, "/addresses", first.room()), &place)
            .await
            .is(303);
        let id = get(&worker, &un).await.field("merge");
        post(&worker, &un, &[("merge", id.as_str()), ("reason", "別人")])
            .await
            .is(303);
        assert!(flagged(&worker, kept).await? && flagged(&worker, twin).await?);
        get(&worker, &page(kept, "", first.room()))
            .await
            .is(200)
            .hides("遠町");
        let shown = get(&worker, &page(kept, "/protection", first.room())).await;
        shown.shows("統合の取り消しに伴い");
        Ok(())
    });
}

#[test]
fn somebody_elses_record_can_be_neither_found_nor_merged() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("包括 次郎", Role::Worker, town.other_desk)
            .await?;
        let (mine, theirs) = (case(&worker).await?, case(&other).await?);
        let kept = create(&worker, &mine, hanako()).await?;
        let twin = create(&other, &theirs, named("例示 花子", "レイジ ハナコ")).await?;
        let at = page(kept, "/merge", mine.room());
        get(&worker, &at).await.is(200).hides("見比べる");
        get(&worker, &format!("{at}&with={twin}")).await.is(404);
        let id = twin.to_string();
        let fields = [("with", id.as_str()), ("reason", "本人に確認した")];
        post(&worker, &at, &fields).await.is(404);
        Ok(())
    });
}
