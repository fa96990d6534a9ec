//! Telling an overdue move upwards: each layer once, in one transaction with its line of history.

use chrono::NaiveDate;
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::{AreaId, DeskId, RoomId},
    notices,
    tasks::{self, NewTask},
};
use engawa_organisations::DeskCard;
use serde_json::json;

use super::{
    sheet,
    steps::NewStep,
    turn::{self, LAYER_TASK},
};
use crate::{
    model::{Sheet, State},
    rules::layers::{LADDER, Layer},
};

/// Sheets of one run at most; the next run takes the rest.
const BATCH: i64 = 500;
/// Desks of one layer at most.
const DESKS: usize = 20;

/// Sheets whose move is due by today and whose ladder has steps left.
///
/// # Errors
/// The database refuses.
pub async fn due(
    conn: &mut Conn,
    ctx: &Ctx,
) -> Result<Vec<(RoomId, State, Option<NaiveDate>, i64)>> {
    conn.rows(
        sql("select room_id, state, due_on, layer from referrals_sheet
              where municipality_id = :m and due_on <= :today and layer < :top and (state <> 'draft' or layer < 1)
              order by due_on, room_id limit :limit")
            .bind("m", ctx.municipality)
            .bind("today", ctx.today())
            .bind("top", i64::try_from(LADDER.len()).unwrap_or(6))
            .bind("limit", BATCH),
    )
    .await?
    .iter()
    .map(|r| {
        Ok((
            r.get("room_id")?,
            r.get("state")?,
            r.opt("due_on")?,
            r.get("layer")?,
        ))
    })
    .collect()
}

/// Takes the next step of the ladder, unless another node just did.
///
/// # Errors
/// The database refuses.
pub async fn climb(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    layer: i64,
    cards: &[DeskCard],
) -> Result<bool> {
    let n = tx
        .exec(
            sql("update referrals_sheet set layer = layer + 1 where room_id = :room and layer = :layer and due_on is not null")
                .bind("room", room)
                .bind("layer", layer),
        )
        .await?;
    let step = usize::try_from(layer)
        .ok()
        .and_then(|n| LADDER.get(n).copied());
    let (Some(step), 1) = (step, n) else {
        return Ok(false);
    };
    let sheet = sheet::of_room(tx, room).await?;
    let told = tell(tx, ctx, &sheet, step, cards).await?;
    // A layer that this town does not have is passed over in silence.
    if told > 0 {
        let mut line = NewStep::of_calendar("escalate", sheet.state);
        line.note = step.label().into();
        line.detail = json!({ "layer": layer + 1, "told": told });
        turn::record(tx, ctx, &sheet, &line, Some(sheet.turn_desk), sheet.due_on).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("referral.escalated")
            .room(room)
            .detail(json!({ "layer": layer + 1, "told": told })),
    )
    .await?;
    Ok(true)
}

async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    layer: Layer,
    cards: &[DeskCard],
) -> Result<usize> {
    match layer {
        Layer::Desk => staff(tx, ctx, sheet, &[sheet.turn_desk], false, "referral_due").await,
        Layer::Supervisors => {
            let mut desks = vec![sheet.from_desk];
            desks.extend(sheet.to_desk());
            staff(tx, ctx, sheet, &desks, true, "referral_overdue").await
        }
        Layer::Tier(tier) => {
            let desks = above(tx, ctx, sheet, cards, tier).await?;
            ask(tx, ctx, sheet, &desks).await
        }
        Layer::MultiAgency => {
            let desks: Vec<DeskId> = cards
                .iter()
                .filter(|c| c.staffed && c.functions.iter().any(|f| f == "multi_agency"))
                .map(|c| c.id)
                .take(DESKS)
                .collect();
            ask(tx, ctx, sheet, &desks).await
        }
    }
}

/// Desks of the areas of that tier above the desk whose move it is (its own tier counts too), but
/// not the two desks themselves.
async fn above(
    conn: &mut Conn,
    ctx: &Ctx,
    sheet: &Sheet,
    cards: &[DeskCard],
    tier: u8,
) -> Result<Vec<DeskId>> {
    let own: Vec<AreaId> = cards
        .iter()
        .filter(|c| c.id == sheet.turn_desk || Some(c.id) == sheet.to_desk())
        .flat_map(|c| c.areas.iter().map(|a| a.id))
        .collect();
    let tier = tier.to_string();
    let mut areas: Vec<AreaId> = engawa_organisations::areas_above(conn, ctx, &own)
        .await?
        .into_iter()
        .filter(|a| a.tier == tier)
        .map(|a| a.id)
        .collect();
    areas.extend(
        cards
            .iter()
            .flat_map(|c| &c.areas)
            .filter(|a| a.tier == tier && own.contains(&a.id))
            .map(|a| a.id),
    );
    Ok(cards
        .iter()
        .filter(|c| {
            c.staffed
                && c.id != sheet.from_desk
                && c.id != sheet.turn_desk
                && Some(c.id) != sheet.to_desk()
                && c.areas.iter().any(|a| areas.contains(&a.id))
        })
        .map(|c| c.id)
        .take(DESKS)
        .collect())
}

/// Notices to those posted at these desks; `leading`: to supervisors and coordinators only.
async fn staff(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    desks: &[DeskId],
    leading: bool,
    kind: &'static str,
) -> Result<usize> {
    let rows = tx
        .rows(
            sql("select distinct p.staff_id from posting p where p.desk_id in (:desks) and p.role in (:roles)
                    and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today) order by p.staff_id limit 100")
                .bind_all("desks", desks.iter().copied())
                .bind_all(
                    "roles",
                    if leading {
                        vec!["coordinator", "supervisor"]
                    } else {
                        vec!["coordinator", "supervisor", "worker"]
                    },
                )
                .bind("today", ctx.today()),
        )
        .await?;
    for row in &rows {
        notices::to_staff(
            tx,
            ctx,
            row.get("staff_id")?,
            Some(sheet.room),
            kind,
            json!({}),
        )
        .await?;
    }
    Ok(rows.len())
}

/// A task and notices for desks that hold no key to the envelope: its number, never a name. Even the
/// name of a desk may cost a life where somebody is protected, so then it is not said either.
async fn ask(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet, desks: &[DeskId]) -> Result<usize> {
    if desks.is_empty() {
        return Ok(0);
    }
    let sealed = tx
        .one(sql("select sealed from room where id = :room").bind("room", sheet.room))
        .await?
        .opt::<String>("sealed")?
        .is_some();
    let silent = sealed || engawa_people::someone_protected(tx, &sheet.content.people).await?;
    let title = if silent {
        format!(
            "期限を過ぎたつなぐシート {} の状況を、管理者に確かめる",
            sheet.number
        )
    } else {
        let names = engawa_organisations::desk_names(tx, &[sheet.turn_desk]).await?;
        let desk = names.get(&sheet.turn_desk).map_or("", String::as_str);
        format!(
            "期限を過ぎたつなぐシート {} の状況を、{desk}に確かめる",
            sheet.number
        )
    };
    for desk in desks {
        let task = NewTask {
            room: None,
            kind: LAYER_TASK,
            title: title.clone(),
            posting: None,
            desk: *desk,
            due_on: Some(ctx.today()),
            source: Some(sheet.room.0),
        };
        tasks::add(tx, ctx, task).await?;
    }
    let told = staff(tx, ctx, sheet, desks, true, "referral_overdue").await?;
    Ok(told + desks.len())
}

/// Sheets whose key to the record has ended since it was cut, and whose history does not say so yet.
///
/// # Errors
/// The database refuses.
pub async fn ended_keys(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<RoomId>> {
    conn.rows(
        sql("select s.room_id from referrals_sheet s
              where s.municipality_id = :m and s.state in ('accepted', 'in_progress', 'on_hold', 'reported')
                and s.kind <> 'transfer' and s.key_level <> 'sheet'
                and exists (select 1 from access_grant g where g.source = 'referral' and g.source_id = s.room_id and g.room_id = s.source_room_id)
                and not exists (select 1 from access_grant g where g.source = 'referral' and g.source_id = s.room_id and g.room_id = s.source_room_id
                       and g.revoked_at is null and (g.valid_until is null or g.valid_until > :now))
                and not exists (select 1 from referrals_step x where x.room_id = s.room_id and x.act = 'key_ended')
              order by s.room_id limit :limit")
            .bind("m", ctx.municipality)
            .bind("now", ctx.now())
            .bind("limit", BATCH),
    )
    .await?
    .iter()
    .map(|r| r.get("room_id"))
    .collect()
}

/// Writes into the history that the key has ended, and tells both sides' supervisors.
///
/// # Errors
/// The database refuses.
pub async fn note_ended_key(tx: &mut Tx, ctx: &Ctx, room: RoomId) -> Result<()> {
    let sheet = sheet::of_room(tx, room).await?;
    let mut line = NewStep::of_calendar("key_ended", sheet.state);
    line.note = "本人の同意が終わったため、もとの記録の閲覧権を取り消しました。届いたシートはこれまでどおり読めます。".into();
    turn::record(tx, ctx, &sheet, &line, Some(sheet.turn_desk), sheet.due_on).await?;
    let mut desks = vec![sheet.from_desk];
    desks.extend(sheet.to_desk());
    staff(tx, ctx, &sheet, &desks, false, "consent_ended").await?;
    audit::append(tx, ctx, Entry::new("referral.key_ended").room(room)).await
}
