//! 引き継ぎ: seats in the teams follow when rooms change hands without anybody opening them (April,
//! a posting that ends). Nobody reads a case here, so no key is asked for; it runs in the
//! transaction of the hand-over, which has checked who may and has logged it room by room.

use engawa_kernel::{
    access::{self, HandedOver, Source},
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    event::{self, Event},
    id::{PostingId, RoomId},
    notices,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    owner::owner_kind,
    takeover::{self, Change},
};
use crate::model::MemberId;

/// Ends the leaver's seats that day, naming the successor, who gets the owner's seat and one notice
/// for the whole hand-over, and confirms each open case. Counted as `case.owner`.
///
/// # Errors
/// The database refuses.
pub async fn follow(tx: &mut Tx, ctx: &Ctx, what: &HandedOver) -> Result<()> {
    let reason = reason(tx, ctx, what).await?;
    let cases = cases_of(tx, &what.rooms).await?;
    for part in cases.chunks(400) {
        tx.exec(
            sql("update cases_member set until_on = case when from_on > :today then from_on else :today end, end_reason = :reason
                  where room_id in (:rooms) and until_on is null and (is_owner or posting_id = :from)")
                .bind("today", ctx.today())
                .bind("reason", reason.as_str())
                .bind("from", what.from)
                .bind_all("rooms", part.iter().copied()),
        )
        .await?;
    }
    for room in &cases {
        leave_for_owner(tx, ctx, *room, what).await?;
        seat(tx, ctx, *room, what).await?;
    }
    let change = Change {
        from: what.from,
        to: what.to_posting,
    };
    takeover::wait_for(tx, ctx, change, &cases).await?;
    let mut ended = 0;
    if what.ended
        && let Some(from) = what.from
    {
        ended = tx
            .exec(
                sql("update cases_member set until_on = case when from_on > :today then from_on else :today end, end_reason = :reason
                      where posting_id = :from and until_on is null and not is_owner")
                    .bind("today", ctx.today())
                    .bind("reason", reason.as_str())
                    .bind("from", from),
            )
            .await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("team.handed_over").detail(json!({
            "from": what.from, "desk": what.to_desk, "to": what.to_posting,
            "cases": cases.len(), "other_seats": ended
        })),
    )
    .await?;
    tell(tx, ctx, what.to_posting, cases.len()).await
}

/// 「引き継ぎ(後任: …)」
async fn reason(tx: &mut Tx, ctx: &Ctx, what: &HandedOver) -> Result<String> {
    let to: Vec<_> = what.to_posting.into_iter().collect();
    let people = engawa_organisations::postings(tx, ctx, &to).await?;
    let name = match people.into_values().next() {
        Some(p) => p.staff_name,
        None => engawa_organisations::desk_names(tx, &[what.to_desk])
            .await?
            .into_values()
            .next()
            .unwrap_or_else(|| "窓口".into()),
    };
    Ok(format!("引き継ぎ(後任: {name})"))
}

/// Those of the rooms that are cases.
async fn cases_of(tx: &mut Tx, rooms: &[RoomId]) -> Result<Vec<RoomId>> {
    let mut cases = Vec::new();
    for part in rooms.chunks(400) {
        let q = sql("select room_id from cases_case where room_id in (:rooms) order by room_id")
            .bind_all("rooms", part.iter().copied());
        for row in tx.rows(q).await? {
            cases.push(row.get("room_id")?);
        }
    }
    Ok(cases)
}

/// Who was in the team and now leads it has one seat, the owner's, and one key.
async fn leave_for_owner(tx: &mut Tx, ctx: &Ctx, room: RoomId, what: &HandedOver) -> Result<()> {
    let Some(to) = what.to_posting else {
        return Ok(());
    };
    let seats = tx
        .rows(
            sql("select id from cases_member where room_id = :room and posting_id = :to and until_on is null limit 20")
                .bind("room", room)
                .bind("to", to),
        )
        .await?;
    for row in seats {
        let id: Uuid = row.get("id")?;
        tx.exec(
            sql("update cases_member set until_on = :today, end_reason = '主担当になったため' where id = :id")
                .bind("today", ctx.today())
                .bind("id", id),
        )
        .await?;
        access::revoke_source(tx, ctx, room, Source::Team, Some(id)).await?;
    }
    Ok(())
}

async fn seat(tx: &mut Tx, ctx: &Ctx, room: RoomId, what: &HandedOver) -> Result<()> {
    let id = MemberId::new();
    tx.exec(
        sql("insert into cases_member (id, room_id, kind, posting_id, desk_id, name, role, does, is_owner, level, from_on, end_reason, recorded_at)
             values (:id, :room, :kind, :posting, :desk, '', 'lead', '', :yes, 'write', :today, '', :now)")
            .bind("id", id)
            .bind("room", room)
            .bind("kind", owner_kind(what.to_posting))
            .bind("posting", what.to_posting)
            .bind("desk", what.to_desk)
            .bind("yes", true)
            .bind("today", ctx.today())
            .bind("now", ctx.now()),
    )
    .await?;
    event::record(
        tx,
        ctx,
        Event {
            room: Some(room),
            desk: Some(what.to_desk),
            source: Some(id.0),
            ..Event::new("case.owner", ctx.today())
        },
    )
    .await
}

/// One notice for all the cases: 「引き継いだケース n件」.
pub(super) async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    to: Option<PostingId>,
    cases: usize,
) -> Result<()> {
    let (Some(to), true) = (to, cases > 0) else {
        return Ok(());
    };
    let people = engawa_organisations::postings(tx, ctx, &[to]).await?;
    if let Some(successor) = people.get(&to) {
        notices::to_staff(
            tx,
            ctx,
            successor.staff,
            None,
            "cases_handed_over",
            json!({ "cases": cases }),
        )
        .await?;
    }
    Ok(())
}
