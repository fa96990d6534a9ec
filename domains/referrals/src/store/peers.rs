//! 相手の自治体: who else runs Engawa, and our own card for them. Every key of theirs was compared by
//! telephone; a new card is a new row, the old one is ended.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    id::{PeerId, StaffId},
};
use serde_json::json;

use crate::{
    border::{
        card::{Card, verifier_of},
        keys::Keys,
    },
    model::To,
};

/// A registered municipality.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Its id.
    pub id: PeerId,
    /// As consents name it.
    pub name: String,
    /// Its public half, with its code.
    pub card: Card,
    /// 協定
    pub agreement: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// For ending what one saw.
    pub version: i64,
}

impl Peer {
    /// Whether files go there and come from there today.
    #[must_use]
    pub fn in_force(&self, today: NaiveDate) -> bool {
        self.ended_at.is_none()
            && self.from_on <= today
            && self.to_on.is_none_or(|last| today <= last)
    }
}

/// One to register.
#[derive(Debug, Clone)]
pub struct NewPeer {
    /// As consents will name it.
    pub name: String,
    /// Compared by telephone.
    pub card: Card,
    /// 協定
    pub agreement: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
}

fn from_row(r: &Row) -> Result<Peer> {
    let name: String = r.get("name")?;
    let damaged = || Error::Internal("a peer's key is damaged".into());
    Ok(Peer {
        id: r.get("id")?,
        card: Card {
            code: r.get("code")?,
            name: name.clone(),
            recipient: r
                .get::<String>("recipient")?
                .parse()
                .map_err(|_| damaged())?,
            verifier: verifier_of(&r.get::<String>("verifier")?).ok_or_else(damaged)?,
        },
        name,
        agreement: r.get("agreement")?,
        from_on: r.get("from_on")?,
        to_on: r.opt("to_on")?,
        ended_at: r.opt("ended_at")?,
        version: r.get("version")?,
    })
}

/// All, those that ended last.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Peer>> {
    conn.rows(
        sql("select * from referrals_peer where municipality_id = :m
              order by case when ended_at is null then 0 else 1 end, code, created_at limit 500")
        .bind("m", ctx.municipality),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// Those that a sheet can go to today.
///
/// # Errors
/// The database refuses.
pub async fn in_force(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Peer>> {
    let mut peers = all(conn, ctx).await?;
    peers.retain(|p| p.in_force(ctx.today()));
    Ok(peers)
}

/// The one with this id, while files go there.
///
/// # Errors
/// It is not registered, or has ended: a sentence.
pub async fn open(conn: &mut Conn, ctx: &Ctx, id: PeerId) -> Result<Peer> {
    let row = conn
        .row(
            sql("select * from referrals_peer where id = :id and municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?
        .ok_or(Error::NotFound)?;
    let peer = from_row(&row)?;
    if peer.in_force(ctx.today()) {
        return Ok(peer);
    }
    // Registered anew since (another key): that one is meant.
    match by_code(conn, ctx, &peer.card.code).await? {
        Some(p) if p.in_force(ctx.today()) => Ok(p),
        _ => Err(Error::Invalid(ended(&peer.name))),
    }
}

/// As the receiver of a sheet.
///
/// # Errors
/// As [`open`].
pub async fn receiver(conn: &mut Conn, ctx: &Ctx, id: PeerId) -> Result<To> {
    let peer = open(conn, ctx, id).await?;
    Ok(To::Outside {
        name: peer.name,
        contact: String::new(),
        peer: Some(peer.id),
    })
}

/// What is said of a peer whose agreement is over or has not begun.
#[must_use]
pub fn ended(name: &str) -> String {
    format!(
        "{name}との協定の期間ではないため（終了したか、まだ始まっていません）、ファイルのやりとりはできません。何も変えていません。紙か電話でやりとりし、続けるときはシステム管理者に「相手の自治体」の登録を頼んでください。"
    )
}

/// The one with this code: in force if there is one, else the newest that was.
pub(super) async fn by_code(conn: &mut Conn, ctx: &Ctx, code: &str) -> Result<Option<Peer>> {
    conn.row(
        sql(
            "select * from referrals_peer where municipality_id = :m and code = :code
              order by case when ended_at is null then 0 else 1 end, created_at desc limit 1",
        )
        .bind("m", ctx.municipality)
        .bind("code", code),
    )
    .await?
    .as_ref()
    .map(from_row)
    .transpose()
}

/// Registers one. Logged.
///
/// # Errors
/// The actor may not, or its code or its name is in use: a sentence.
pub async fn register(tx: &mut Tx, ctx: &Ctx, new: &NewPeer) -> Result<PeerId> {
    ctx.need(Duty::Configure)?;
    if municipality_code(tx, ctx).await? == new.card.code {
        return Err(Error::Invalid(
            "これは自分の自治体の公開カードです。相手から受け取ったカードを貼り付けてください。まだ登録していません。".into(),
        ));
    }
    let taken = tx
        .count(
            sql("select count(*) as n from referrals_peer where municipality_id = :m and ended_at is null and (code = :code or name = :name)")
                .bind("m", ctx.municipality)
                .bind("code", new.card.code.as_str())
                .bind("name", new.name.as_str()),
        )
        .await?;
    if taken > 0 {
        return Err(Error::Invalid(
            "同じ番号か同じ名前の自治体が、すでに登録されています。鍵が新しくなったときは、先に今の登録を終了してください。まだ登録していません。".into(),
        ));
    }
    let id = PeerId::new();
    tx.exec(
        sql("insert into referrals_peer (id, municipality_id, name, code, recipient, verifier, agreement, from_on, to_on, created_at, version)
             values (:id, :m, :name, :code, :recipient, :verifier, :agreement, :from, :to, :now, 1)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("name", new.name.as_str())
            .bind("code", new.card.code.as_str())
            .bind("recipient", new.card.recipient.to_string())
            .bind("verifier", new.card.verifier_text())
            .bind("agreement", new.agreement.as_str())
            .bind("from", new.from_on)
            .bind("to", new.to_on)
            .bind("now", ctx.now()),
    )
    .await?;
    let detail =
        json!({ "peer": id, "code": new.card.code, "fingerprint": new.card.fingerprint() });
    audit::append(tx, ctx, Entry::new("referral.peer").detail(detail)).await?;
    Ok(id)
}

/// Ends one; it stays in the list. Logged.
///
/// # Errors
/// The actor may not, or it was ended in between.
pub async fn end(tx: &mut Tx, ctx: &Ctx, id: PeerId, version: i64) -> Result<()> {
    ctx.need(Duty::Configure)?;
    tx.exec_versioned(
        sql(
            "update referrals_peer set ended_at = :now, version = version + 1
              where id = :id and municipality_id = :m and version = :version and ended_at is null",
        )
        .bind("now", ctx.now())
        .bind("id", id)
        .bind("m", ctx.municipality)
        .bind("version", version),
    )
    .await?;
    let detail = json!({ "peer": id });
    audit::append(tx, ctx, Entry::new("referral.peer_ended").detail(detail)).await
}

/// Our own keys, as far as they are here.
pub enum Own {
    /// Ready.
    Ready(Box<Keys>, Box<Card>),
    /// Never made.
    Never,
    /// Made once, and not in this server's data folder.
    Missing,
}

async fn municipality_code(conn: &mut Conn, ctx: &Ctx) -> Result<String> {
    conn.one(sql("select code from municipality where id = :m").bind("m", ctx.municipality))
        .await?
        .get("code")
}

/// Looks for our keys.
///
/// # Errors
/// The file cannot be read, or the database refuses.
pub async fn own(conn: &mut Conn, ctx: &Ctx) -> Result<Own> {
    let row = conn
        .row(
            sql("select recipient, verifier from referrals_own_card where municipality_id = :m")
                .bind("m", ctx.municipality),
        )
        .await?;
    let Some(row) = row else {
        return Ok(Own::Never);
    };
    let Some(keys) = Keys::load(&ctx.engine.data, ctx.municipality)? else {
        return Ok(Own::Missing);
    };
    let card = keys.card(&municipality_code(conn, ctx).await?, &ctx.municipality_name);
    let known = (
        row.get::<String>("recipient")?,
        row.get::<String>("verifier")?,
    );
    Ok(
        if known == (card.recipient.to_string(), card.verifier_text()) {
            Own::Ready(Box::new(keys), Box::new(card))
        } else {
            Own::Missing
        },
    )
}

/// Our keys, or what to do about them.
///
/// # Errors
/// They are not here: a sentence.
pub(super) async fn keys(conn: &mut Conn, ctx: &Ctx) -> Result<(Box<Keys>, Card)> {
    match own(conn, ctx).await? {
        Own::Ready(keys, card) => Ok((keys, *card)),
        Own::Never => Err(Error::Invalid(
            "この自治体の鍵がまだ作られていないため、ファイルのやりとりはできません。システム管理者に、「相手の自治体」の画面で鍵を作るよう頼んでください。何も変えていません。".into(),
        )),
        Own::Missing => Err(Error::Invalid(
            "この自治体の鍵のファイルがサーバーに見つからないため、ファイルのやりとりはできません。システム管理者に連絡してください。何も変えていません。".into(),
        )),
    }
}

/// Makes our keys, or new ones after the old file was lost. Logged. Returns whether it did: keys that
/// are here stay.
///
/// # Errors
/// The actor may not, or a file of other keys is in the way: the operator decides which is right.
pub async fn make_keys(tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
    ctx.need(Duty::Configure)?;
    if matches!(own(tx, ctx).await?, Own::Ready(..)) {
        return Ok(false);
    }
    let known = tx
        .row(
            sql("select 1 as n from referrals_own_card where municipality_id = :m")
                .bind("m", ctx.municipality),
        )
        .await?
        .is_some();
    if known && Keys::load(&ctx.engine.data, ctx.municipality)?.is_some() {
        return Err(Error::Invalid(
            "サーバーのデータフォルダに、登録と違う鍵のファイル（border.*.key）があります。上書きはしません。バックアップの正しいファイルを戻すか、使わないファイルを別の場所に移してから、もう一度操作してください。".into(),
        ));
    }
    let keys = Keys::make(&ctx.engine.data, ctx.municipality)?;
    let card = keys.card("", "");
    tx.exec(
        sql("insert into referrals_own_card (municipality_id, recipient, verifier, made_at) values (:m, :recipient, :verifier, :now)
             on conflict (municipality_id) do update set recipient = :recipient, verifier = :verifier, made_at = :now")
            .bind("m", ctx.municipality)
            .bind("recipient", card.recipient.to_string())
            .bind("verifier", card.verifier_text())
            .bind("now", ctx.now()),
    )
    .await?;
    let detail = json!({ "anew": known });
    audit::append(tx, ctx, Entry::new("referral.border_keys").detail(detail)).await?;
    Ok(true)
}

/// A file that went out or came in.
#[derive(Debug, Clone)]
pub struct Crossing {
    /// It came in.
    pub came_in: bool,
    /// `sheet`, `answer` or `notice`
    pub kind: String,
    /// When, here.
    pub at: DateTime<Utc>,
    /// By whom, here.
    pub staff: StaffId,
}

/// The files of a sheet, newest first.
///
/// # Errors
/// The database refuses.
pub async fn crossings(
    conn: &mut Conn,
    key: &engawa_kernel::access::RoomKey,
) -> Result<Vec<Crossing>> {
    conn.rows(
        sql("select way, kind, at, staff_id from referrals_file where room_id = :room and way <> 'thread' order by at desc, package_id limit 50")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Crossing {
            came_in: r.get::<String>("way")? == "in",
            kind: r.get("kind")?,
            at: r.get("at")?,
            staff: r.get("staff_id")?,
        })
    })
    .collect()
}
