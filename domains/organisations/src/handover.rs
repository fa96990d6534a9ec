//! 引き継ぎ: who leaves, who takes over, from which day. Postings change at once (rights end with
//! them); rooms move on the day itself, now or by [`settle`].

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, Duty},
    audit::{self, Entry},
    context::{Actor, Ctx, Engine, Via},
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{DeskId, PostingId, RoomId, StaffId, new_uuid},
    settings::Settings,
    text::wareki::Calendar,
};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

use crate::registers::postings;

/// Who gets the rooms of somebody who leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Successor {
    /// Someone posted already.
    Posting(PostingId),
    /// Somebody who takes the same seat: a new posting like the old one.
    Newcomer(StaffId),
    /// The desk keeps them until somebody is named.
    Desk,
}

/// One posting that ends.
#[derive(Debug, Clone)]
pub(crate) struct Leaving {
    pub posting: PostingId,
    pub successor: Successor,
    /// Rooms that go to somebody else.
    pub apart: Vec<(RoomId, PostingId)>,
    /// Also leaves the service.
    pub retires: bool,
}

/// A whole hand-over.
#[derive(Debug, Clone)]
pub(crate) struct Handover {
    /// The first day of the new arrangement.
    pub day: NaiveDate,
    pub leaving: Vec<Leaving>,
    /// Rooms that nobody in particular has: from desk to desk.
    pub desks: Vec<(DeskId, DeskId)>,
}

/// Carries a hand-over out. Whoever manages staff ends and makes postings; a supervisor moves rooms
/// of the own desks only. Returns how many rooms have moved now.
pub(crate) async fn carry_out(tx: &mut Tx, ctx: &Ctx, plan: &Handover) -> Result<u64> {
    let manages = ctx.actor.may(Duty::ManageStaff);
    if !manages {
        ctx.need(Duty::Reassign)?;
    }
    let mut moved = 0;
    let later = plan.day > ctx.today();
    for leaving in &plan.leaving {
        if manages && postings::is_last_admin(tx, ctx, leaving.posting).await? {
            return Err(Error::Invalid(postings::LAST_ADMIN.into()));
        }
        let to = match leaving.successor {
            Successor::Posting(p) => Some(p),
            Successor::Desk => None,
            Successor::Newcomer(staff) => {
                ctx.need(Duty::ManageStaff)?;
                if staff == ctx.actor.staff && postings::other_admins(tx, ctx, None).await? > 0 {
                    return Err(Error::Invalid(postings::OWN_RIGHTS.into()));
                }
                Some(same_seat(tx, ctx, leaving.posting, staff, plan.day).await?)
            }
        };
        if manages {
            end(tx, ctx, leaving.posting, plan.day, leaving.retires).await?;
        }
        // One step for each successor: each is told once.
        let mut apart: Vec<(PostingId, Vec<RoomId>)> = Vec::new();
        for (room, posting) in &leaving.apart {
            match apart.iter_mut().find(|(to, _)| to == posting) {
                Some((_, rooms)) => rooms.push(*room),
                None => apart.push((*posting, vec![*room])),
            }
        }
        for (posting, rooms) in apart {
            let step = Step {
                from: leaving.posting,
                to: Some(posting),
                rooms: Some(rooms),
            };
            moved += if later {
                plan_for(tx, ctx, plan.day, &step).await?
            } else {
                step.go(tx, ctx).await?
            };
        }
        // A supervisor's move leaves the posting and its other keys alone.
        let rooms = if manages {
            None
        } else {
            let owned =
                access::owned_rooms(tx, ctx, access::OwnedBy::Posting(leaving.posting)).await?;
            Some(
                owned
                    .into_iter()
                    .map(|r| r.id)
                    .filter(|id| !leaving.apart.iter().any(|(r, _)| r == id))
                    .collect(),
            )
        };
        let step = Step {
            from: leaving.posting,
            to,
            rooms,
        };
        moved += if later {
            plan_for(tx, ctx, plan.day, &step).await?
        } else {
            step.go(tx, ctx).await?
        };
    }
    for (from, to) in &plan.desks {
        moved += access::reassign_desk(tx, ctx, *from, *to).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("organisations.handover")
            .detail(json!({ "day": plan.day, "postings": plan.leaving.len(), "rooms": moved })),
    )
    .await?;
    Ok(moved)
}

struct Step {
    from: PostingId,
    to: Option<PostingId>,
    rooms: Option<Vec<RoomId>>,
}

impl Step {
    async fn go(&self, tx: &mut Tx, ctx: &Ctx) -> Result<u64> {
        let desk = desk_of(tx, self.to.unwrap_or(self.from)).await?;
        let Some(desk) = desk else {
            let owns = access::rooms_owned_by(tx, ctx, access::OwnedBy::Posting(self.from)).await?;
            if owns > 0 {
                return Err(Error::Invalid(
                    "後任の配置に窓口がないため、記録を引き継げません。窓口のある配置を選んでください。何も変えていません。".into(),
                ));
            }
            return Ok(0);
        };
        access::reassign_rooms(tx, ctx, self.from, desk, self.to, self.rooms.as_deref()).await
    }
}

async fn desk_of(conn: &mut Conn, posting: PostingId) -> Result<Option<DeskId>> {
    conn.one(sql("select desk_id from posting where id = :id").bind("id", posting))
        .await?
        .opt("desk_id")
}

async fn plan_for(tx: &mut Tx, ctx: &Ctx, day: NaiveDate, step: &Step) -> Result<u64> {
    let desk = desk_of(tx, step.to.unwrap_or(step.from)).await?;
    let Some(desk) = desk else { return Ok(0) };
    tx.exec(
        sql("insert into organisations_handover (id, municipality_id, on_day, from_posting, to_posting, to_desk, rooms, planned_by)
             values (:id, :m, :day, :from, :to, :desk, :rooms, :by)")
            .bind("id", new_uuid())
            .bind("m", ctx.municipality)
            .bind("day", day)
            .bind("from", step.from)
            .bind("to", step.to)
            .bind("desk", desk)
            .bind("rooms", step.rooms.as_ref().map_or_else(|| Ok(String::new()), serde_json::to_string)?)
            .bind("by", ctx.actor.staff),
    )
    .await?;
    Ok(0)
}

/// A posting like the leaver's for somebody else, from the day on.
async fn same_seat(
    tx: &mut Tx,
    ctx: &Ctx,
    old: PostingId,
    staff: StaffId,
    day: NaiveDate,
) -> Result<PostingId> {
    let id = PostingId::new();
    tx.exec_versioned(
        sql("insert into posting (id, staff_id, body_id, desk_id, area_id, role, share, valid_from, version)
             select :id, s.id, p.body_id, p.desk_id, p.area_id, p.role, p.share, :day, 1
               from posting p join staff s on s.id = :staff where p.id = :old and s.municipality_id = :m")
            .bind("id", id)
            .bind("staff", staff)
            .bind("day", day)
            .bind("old", old)
            .bind("m", ctx.municipality),
    )
    .await?;
    tx.exec(
        sql("insert into organisations_posting (posting_id, role_code, tier, funding, note)
             select :id, role_code, tier, funding, '' from organisations_posting where posting_id = :old")
            .bind("id", id)
            .bind("old", old),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("organisations.posting")
            .detail(json!({ "id": id, "new": true, "after": old, "staff": staff })),
    )
    .await?;
    Ok(id)
}

/// The posting's last day is the one before.
async fn end(
    tx: &mut Tx,
    ctx: &Ctx,
    posting: PostingId,
    day: NaiveDate,
    retires: bool,
) -> Result<()> {
    let last = day.pred_opt().unwrap_or(day);
    tx.exec_versioned(
        sql("update posting set valid_to = :last, version = version + 1
              where id = :id and (valid_to is null or valid_to >= :day) and staff_id in (select id from staff where municipality_id = :m)")
            .bind("last", last)
            .bind("day", day)
            .bind("id", posting)
            .bind("m", ctx.municipality),
    )
    .await?;
    if retires {
        tx.exec(
            sql("update staff set left_on = :last, version = version + 1 where id = (select staff_id from posting where id = :id)")
                .bind("last", last)
                .bind("id", posting),
        )
        .await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("organisations.posting_ended")
            .detail(json!({ "id": posting, "last": last, "left": retires })),
    )
    .await
}

/// A hand-over whose day is still to come.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub id: Uuid,
    pub day: NaiveDate,
    pub from: PostingId,
    pub to: Option<PostingId>,
    pub rooms: Option<usize>,
}

/// What is planned, soonest first.
pub(crate) async fn planned(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Planned>> {
    conn.rows(
        sql("select * from organisations_handover where municipality_id = :m and done_at is null order by on_day, id limit 500")
            .bind("m", ctx.municipality),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Planned {
            id: r.get("id")?,
            day: r.get("on_day")?,
            from: r.get("from_posting")?,
            to: r.opt("to_posting")?,
            rooms: rooms_of(&r.get::<String>("rooms")?)?.map(|r| r.len()),
        })
    })
    .collect()
}

fn rooms_of(text: &str) -> Result<Option<Vec<RoomId>>> {
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(text)?))
}

/// Takes a plan back before its day; postings stay as entered.
pub(crate) async fn cancel(tx: &mut Tx, ctx: &Ctx, id: Uuid) -> Result<()> {
    let n = tx
        .exec(
            sql("delete from organisations_handover where id = :id and municipality_id = :m and done_at is null")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    if n == 0 {
        return Err(Error::NotFound);
    }
    audit::append(
        tx,
        ctx,
        Entry::new("organisations.handover_cancelled").detail(json!({ "id": id })),
    )
    .await
}

/// Carries out every planned hand-over whose day has come; `serve` calls it every minute. Each is
/// one transaction, in the name of who planned it. Rights do not wait for it: postings ended in time.
///
/// # Errors
/// The database refuses. A plan that cannot be carried out stays, and is shown on the screen.
pub async fn settle(engine: &Engine) -> Result<u64> {
    let mut conn = engine.db.read().await?;
    let due = conn
        .rows(
            sql("select h.*, m.name as town, m.training, s.name as planner from organisations_handover h
                   join municipality m on m.id = h.municipality_id join staff s on s.id = h.planned_by
                  where h.done_at is null and h.on_day <= :today order by h.on_day, h.id limit 500")
                .bind("today", engine.clock.today()),
        )
        .await?;
    drop(conn);
    let mut moved = 0;
    for row in due {
        let ctx = Ctx {
            engine: engine.clone(),
            actor: Actor {
                staff: row.get("planned_by")?,
                name: row.get("planner")?,
                postings: vec![],
            },
            via: Via::System,
            municipality: row.get("municipality_id")?,
            municipality_name: row.get("town")?,
            training: row.get("training")?,
            settings: Arc::new(Settings::default()),
            calendar: Calendar::Japanese,
            unread: 0,
            path: String::new(),
            saved: None,
        };
        let step = Step {
            from: row.get("from_posting")?,
            to: row.opt("to_posting")?,
            rooms: rooms_of(&row.get::<String>("rooms")?)?,
        };
        let id: Uuid = row.get("id")?;
        let mut tx = engine.db.write().await?;
        let fresh = tx
            .exec(
                sql("update organisations_handover set done_at = :now where id = :id and done_at is null")
                    .bind("now", ctx.now())
                    .bind("id", id),
            )
            .await?;
        if fresh == 0 {
            continue;
        }
        match step.go(&mut tx, &ctx).await {
            Ok(n) => {
                audit::append(
                    &mut tx,
                    &ctx,
                    Entry::new("organisations.handover").detail(json!({ "plan": id, "rooms": n })),
                )
                .await?;
                tx.commit().await?;
                moved += n;
            }
            Err(e) => {
                tracing::error!(plan = %id, error = %e, "a planned hand-over was not carried out")
            }
        }
    }
    Ok(moved)
}
