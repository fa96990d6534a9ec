//! Cutting keys and taking them back.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{DeskId, GrantId, PostingId, RoomId},
    search,
};

crate::code_enum! {
    /// What a key lets do; a writing key also reads.
    pub enum Level {
        /// 閲覧のみ
        Read = "read";
        /// 記入できる
        Write = "write";
    }
}

crate::code_enum! {
    /// Why a key is lawful. Labels and article numbers are configuration; the kinds are code.
    pub enum Basis {
        /// 業務の遂行(担当・窓口としての利用目的内)
        Duty = "duty", "担当業務";
        /// 本人の同意
        Consent = "consent", "本人の同意";
        /// 社会福祉法106条の6 支援会議
        SupportMeeting = "support_meeting", "支援会議(社会福祉法106条の6)";
        /// 生命・身体の危険(個人情報保護法69条、通報の特別法)
        Emergency = "emergency", "緊急(生命・身体の保護)";
        /// 管理監督
        Supervision = "supervision", "管理監督";
    }
}

crate::code_enum! {
    /// What cut a key; taking that away takes the key back.
    pub enum Source {
        /// The desk or person that received the consultation.
        Intake = "intake", "相談の受付";
        /// 主担当とその窓口
        Owner = "owner", "主担当";
        /// 支援チーム
        Team = "team", "支援チーム";
        /// 緊急閲覧
        BreakGlass = "break_glass", "緊急閲覧";
        /// つなぐシート
        Referral = "referral", "つなぐシート";
        /// 会議
        Meeting = "meeting", "会議";
        /// 同意
        Consent = "consent", "同意";
    }
}

/// Who gets a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// One posting.
    Posting(PostingId),
    /// Everybody posted at a desk, today and later.
    Desk(DeskId),
}
impl From<PostingId> for Holder {
    fn from(p: PostingId) -> Self {
        Self::Posting(p)
    }
}
impl From<DeskId> for Holder {
    fn from(d: DeskId) -> Self {
        Self::Desk(d)
    }
}

/// 閲覧権, as the screens of a room list them.
#[derive(Debug, Clone)]
pub struct AccessGrant {
    /// Its id.
    pub id: GrantId,
    /// To one posting …
    pub posting: Option<PostingId>,
    /// … or a desk.
    pub desk: Option<DeskId>,
    /// What it lets do.
    pub level: Level,
    /// Whether it fits sealed rooms.
    pub opens_sealed: bool,
    /// Why lawful.
    pub basis: Basis,
    /// In the words of who cut it.
    pub reason: String,
    /// What cut it.
    pub source: Source,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// Until when.
    pub valid_until: Option<DateTime<Utc>>,
    /// Taken back at.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A key to cut.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// To whom.
    pub holder: Holder,
    /// What it lets do.
    pub level: Level,
    /// Whether it fits sealed rooms.
    pub opens_sealed: bool,
    /// Why lawful.
    pub basis: Basis,
    /// In words; empty when the source says it.
    pub reason: String,
    /// What cuts it.
    pub source: Source,
    /// That thing's id.
    pub source_id: Option<Uuid>,
    /// Until when.
    pub valid_until: Option<DateTime<Utc>>,
}

impl NewGrant {
    /// A lasting writing key for duty's sake.
    #[must_use]
    pub fn duty(holder: impl Into<Holder>, source: Source) -> Self {
        Self {
            holder: holder.into(),
            level: Level::Write,
            opens_sealed: false,
            basis: Basis::Duty,
            reason: String::new(),
            source,
            source_id: None,
            valid_until: None,
        }
    }
    /// Also fits sealed rooms.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.opens_sealed = true;
        self
    }
    /// Reading only.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.level = Level::Read;
        self
    }
    /// What cut it.
    #[must_use]
    pub fn from_source(mut self, id: Uuid) -> Self {
        self.source_id = Some(id);
        self
    }
}

/// Cuts a key. Logged.
///
/// # Errors
/// The database refuses.
pub async fn cut(tx: &mut Tx, ctx: &Ctx, room: RoomId, new: NewGrant) -> Result<GrantId> {
    let id = GrantId::new();
    let (posting, desk) = match new.holder {
        Holder::Posting(p) => (Some(p), None),
        Holder::Desk(d) => (None, Some(d)),
    };
    tx.exec(
        sql("insert into access_grant (id, room_id, posting_id, desk_id, level, opens_sealed, basis, reason, source, source_id, valid_from, valid_until, granted_by)
             values (:id, :room, :posting, :desk, :level, :sealed, :basis, :reason, :source, :source_id, :now, :until, :by)")
            .bind("id", id)
            .bind("room", room)
            .bind("posting", posting)
            .bind("desk", desk)
            .bind("level", new.level)
            .bind("sealed", new.opens_sealed)
            .bind("basis", new.basis)
            .bind("reason", new.reason)
            .bind("source", new.source)
            .bind("source_id", new.source_id)
            .bind("now", ctx.now())
            .bind("until", new.valid_until)
            .bind("by", ctx.actor.staff),
    )
    .await?;
    search::keys_changed(tx, room).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("access.cut").room(room).detail(json!({
            "grant": id, "posting": posting, "desk": desk, "level": new.level, "basis": new.basis, "source": new.source
        })),
    )
    .await?;
    Ok(id)
}

/// Takes one key back, from now on; what was read before stays lawfully read. Logged.
///
/// # Errors
/// There is no such key in this room, or it was taken back before.
pub async fn revoke(tx: &mut Tx, ctx: &Ctx, room: RoomId, grant: GrantId) -> Result<()> {
    let n = tx
        .exec(
            sql("update access_grant set revoked_at = :now, revoked_by = :by where id = :id and room_id = :room and revoked_at is null")
                .bind("now", ctx.now())
                .bind("by", ctx.actor.staff)
                .bind("id", grant)
                .bind("room", room),
        )
        .await?;
    if n == 0 {
        return Err(Error::NotFound);
    }
    audit::append(
        tx,
        ctx,
        Entry::new("access.revoke")
            .room(room)
            .detail(json!({ "grant": grant })),
    )
    .await
}

/// Takes back every key of a room that a source cut (`source_id` none: all of that source). Logged.
///
/// # Errors
/// The database refuses.
pub async fn revoke_source(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    source: Source,
    source_id: Option<Uuid>,
) -> Result<u64> {
    let q = sql("update access_grant set revoked_at = :now, revoked_by = :by where room_id = :room and source = :source and revoked_at is null")
        .bind("now", ctx.now())
        .bind("by", ctx.actor.staff)
        .bind("room", room)
        .bind("source", source);
    let q = match source_id {
        Some(id) => q.push("and source_id = :sid").bind("sid", id),
        None => q,
    };
    let n = tx.exec(q).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("access.revoke")
            .room(room)
            .detail(json!({ "source": source, "source_id": source_id, "keys": n })),
    )
    .await?;
    Ok(n)
}

/// All keys of a room, newest first, past ones too.
///
/// # Errors
/// The database refuses.
pub async fn grants_of(conn: &mut Conn, room: RoomId) -> Result<Vec<AccessGrant>> {
    conn.rows(
        sql("select * from access_grant where room_id = :room order by valid_from desc, id desc limit 500").bind("room", room),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(AccessGrant {
            id: r.get("id")?,
            posting: r.opt("posting_id")?,
            desk: r.opt("desk_id")?,
            level: r.get("level")?,
            opens_sealed: r.get("opens_sealed")?,
            basis: r.get("basis")?,
            reason: r.get("reason")?,
            source: r.get("source")?,
            valid_from: r.get("valid_from")?,
            valid_until: r.opt("valid_until")?,
            revoked_at: r.opt("revoked_at")?,
        })
    })
    .collect()
}
