//! The case itself: opening, its page's head, its stage and marks.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, NewRoom, RoomKey, RoomKind},
    audit::{self, Entry},
    clock,
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{BodyId, DeskId, HouseholdId, PostingId, RoomId},
    number,
};
use serde_json::json;

use super::{index, owner};
use crate::{
    model::{CaseCard, Stage},
    rules,
};

/// A case to open.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// As lists call it; a name at most.
    pub label: String,
    /// The desk that answers for it.
    pub owner_desk: DeskId,
    /// 主担当
    pub owner_posting: Option<PostingId>,
    /// 支援開始日
    pub opened_on: NaiveDate,
    /// 複合課題
    pub compound: bool,
    /// 制度の狭間
    pub gap: bool,
    /// Which gap, in words.
    pub gap_note: String,
    /// Restricted class, as the consultation had it.
    pub sealed: Option<String>,
}

pub(super) const CARD: &str = "c.room_id, r.number, c.label, c.household_id, c.stage, c.compound, c.gap, c.gap_note,
    c.opened_on, c.closed_on, c.last_contact_on, r.owner_posting_id, r.owner_desk_id, r.sealed, c.version";

pub(super) fn card_from(r: &Row) -> Result<CaseCard> {
    Ok(CaseCard {
        room: r.get("room_id")?,
        number: r.get("number")?,
        label: r.get("label")?,
        household: r.opt("household_id")?,
        stage: r.get("stage")?,
        compound: r.get("compound")?,
        gap: r.get("gap")?,
        gap_note: r.get("gap_note")?,
        opened_on: r.get("opened_on")?,
        closed_on: r.opt("closed_on")?,
        last_contact_on: r.get("last_contact_on")?,
        owner_posting: r.opt("owner_posting_id")?,
        owner_desk: r.get("owner_desk_id")?,
        sealed: r.opt::<String>("sealed")?.is_some(),
        version: r.get("version")?,
    })
}

/// An event of this case, in the name of the actor's body and desk.
pub(super) fn happened(ctx: &Ctx, kind: &'static str, on: NaiveDate, key: &RoomKey) -> Event {
    let posting = ctx.actor.postings.first();
    Event {
        room: Some(key.room()),
        body: posting.map(|p| p.body),
        desk: posting.and_then(|p| p.desk),
        ..Event::new(kind, on)
    }
}

/// Makes the room, the case and the owner's place in the team. Logged; counted as `case.opened`.
///
/// # Errors
/// A sealed case without a person as owner, or the database refuses.
pub async fn open(tx: &mut Tx, ctx: &Ctx, new: NewCase) -> Result<RoomKey> {
    let sealed = new.sealed.is_some();
    rules::may_own(sealed, new.owner_desk, new.owner_posting)
        .map_err(|r| Error::Invalid(r.sentence()))?;
    let number = number::next(tx, ctx, "ケ", new.opened_on).await?;
    let key = access::found(
        tx,
        ctx,
        NewRoom {
            kind: RoomKind::Case,
            number: number.clone(),
            owner_desk: new.owner_desk,
            owner_posting: new.owner_posting,
            sealed: new.sealed,
        },
    )
    .await?;
    tx.exec(
        sql("insert into cases_case (room_id, label, stage, compound, gap, gap_note, opened_on, last_contact_on, version)
             values (:room, :label, :stage, :compound, :gap, :note, :opened, :opened, 1)")
            .bind("room", key.room())
            .bind("label", new.label.clone())
            .bind("stage", Stage::Accepted)
            .bind("compound", new.compound)
            .bind("gap", new.gap)
            .bind("note", new.gap_note)
            .bind("opened", new.opened_on),
    )
    .await?;
    owner::seat_owner(
        tx,
        ctx,
        &key,
        new.owner_desk,
        new.owner_posting,
        new.opened_on,
    )
    .await?;
    let body = owner_body(tx, new.owner_posting).await?;
    event::record(
        tx,
        ctx,
        Event {
            desk: Some(new.owner_desk),
            body,
            data: json!({ "compound": new.compound, "gap": new.gap }),
            ..happened(ctx, "case.opened", new.opened_on, &key)
        },
    )
    .await?;
    index::case(tx, ctx, key.room(), ctx.now(), &number, &new.label).await?;
    Ok(key)
}

async fn owner_body(tx: &mut Tx, posting: Option<PostingId>) -> Result<Option<BodyId>> {
    let Some(posting) = posting else {
        return Ok(None);
    };
    let row = tx
        .row(sql("select body_id from posting where id = :id").bind("id", posting))
        .await?;
    row.map(|r| r.get("body_id")).transpose()
}

/// Says which household the case is about.
///
/// # Errors
/// The key lets only read, or the database refuses.
pub async fn set_household(tx: &mut Tx, key: &RoomKey, household: HouseholdId) -> Result<()> {
    key.need_write()?;
    tx.exec(
        sql("update cases_case set household_id = :h, version = version + 1 where room_id = :room")
            .bind("h", household)
            .bind("room", key.room()),
    )
    .await?;
    Ok(())
}

/// The head of a case.
///
/// # Errors
/// The room holds no case.
pub async fn card(conn: &mut Conn, key: &RoomKey) -> Result<CaseCard> {
    let row = conn
        .one(
            sql("select {card} from cases_case c join room r on r.id = c.room_id where c.room_id = :room")
                .slot("{card}", CARD)
                .bind("room", key.room()),
        )
        .await?;
    card_from(&row)
}

/// The class of a sealed room, to be handed on to the case that comes out of it.
///
/// # Errors
/// The database refuses.
pub async fn sealed_class(conn: &mut Conn, key: &RoomKey) -> Result<Option<String>> {
    conn.one(sql("select sealed from room where id = :room").bind("room", key.room()))
        .await?
        .opt("sealed")
}

/// What is edited on a case's own form.
#[derive(Debug, Clone)]
pub struct Head {
    /// As lists call it.
    pub label: String,
    /// 段階
    pub stage: Stage,
    /// 複合課題
    pub compound: bool,
    /// 制度の狭間
    pub gap: bool,
    /// Which gap.
    pub gap_note: String,
}

/// Changes the case's name, stage and marks. Logged; a changed stage is counted as `case.stage`.
///
/// # Errors
/// The stage may not follow, or [`Error::Changed`].
pub async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    before: &CaseCard,
    head: &Head,
    version: i64,
) -> Result<()> {
    key.need_write()?;
    let stage = rules::step(before.stage, rules::Act::Move(head.stage))
        .map_err(|r| Error::Invalid(r.sentence()))?;
    tx.exec_versioned(
        sql("update cases_case set label = :label, stage = :stage, compound = :compound, gap = :gap, gap_note = :note, version = version + 1
              where room_id = :room and version = :version")
            .bind("label", head.label.clone())
            .bind("stage", stage)
            .bind("compound", head.compound)
            .bind("gap", head.gap)
            .bind("note", head.gap_note.clone())
            .bind("room", key.room())
            .bind("version", version),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("case.changed")
            .room(key.room())
            .detail(json!({ "stage": stage })),
    )
    .await?;
    if stage != before.stage {
        event::record(
            tx,
            ctx,
            Event {
                data: json!({ "from": before.stage, "to": stage }),
                ..happened(ctx, "case.stage", ctx.today(), key)
            },
        )
        .await?;
    }
    if head.label != before.label {
        let at = clock::start_of_day(before.opened_on);
        index::case(tx, ctx, key.room(), at, &before.number, &head.label).await?;
    }
    Ok(())
}

/// Links a returning household's new case to the one before. Logged.
///
/// # Errors
/// The database refuses.
pub async fn link(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, earlier: RoomId) -> Result<()> {
    key.need_write()?;
    tx.exec(
        sql("insert into cases_link (room_id, earlier_room_id, linked_by, linked_at) values (:room, :earlier, :by, :now)
             on conflict (room_id, earlier_room_id) do nothing")
            .bind("room", key.room())
            .bind("earlier", earlier)
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("case.linked")
            .room(key.room())
            .detail(json!({ "earlier": earlier })),
    )
    .await
}
