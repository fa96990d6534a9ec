//! 返信票: a code to name the sheet and a secret to prove that one holds the slip. What comes in by
//! it is a message to the sender, who writes it down as an act: no stranger moves a sheet.

use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{RoomId, new_uuid},
    notices,
    tasks::{self, NewTask},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{sheet, turn};
use crate::{
    model::{Act, Answer, Sheet, Side},
    rules::{self, code},
};

/// Days after the reply date until a slip is void.
const GRACE_DAYS: u64 = 30;
/// Wrong secrets after which a slip is void.
const MISSES: i64 = 10;
/// What anybody hears whose code, secret or day is wrong: never which of them.
const VOID: &str = "この返信票は使えません。コードと暗証番号を確かめてください。期限が過ぎているときは、送り手の窓口に電話してください。まだ何も送られていません。";

/// A fresh slip. The secret is shown once and kept as a hash.
#[derive(Debug, Clone)]
pub struct Slip {
    /// Nine signs.
    pub code: String,
    /// Eight signs.
    pub secret: String,
    /// Last day.
    pub expires_on: NaiveDate,
}

/// What the reply form may show: only the question.
#[derive(Debug, Clone)]
pub struct ReplyTarget {
    /// つR8-00012
    pub number: String,
    /// What was asked for, as a kind.
    pub kind: &'static str,
    /// 返事の期日
    pub reply_due_on: NaiveDate,
    /// What can be answered now.
    pub answers: Vec<Answer>,
}

/// A message that came in by a slip.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// What was answered.
    pub answer: Answer,
    /// Who answered, as they wrote it.
    pub by_name: String,
    /// In words.
    pub note: String,
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// Written down as an act.
    pub taken: bool,
}

fn hash(code: &str, secret: &str) -> Vec<u8> {
    Sha256::digest(format!("engawa reply slip\n{code}\n{secret}").as_bytes()).to_vec()
}

/// Makes a slip; older ones of the sheet are void from then on. Logged.
///
/// # Errors
/// The key lets only read, the sheet is not on its way, or there is no randomness.
pub async fn issue(tx: &mut Tx, ctx: &Ctx, key: &RoomKey) -> Result<Slip> {
    key.need_write()?;
    let sheet = sheet::read(tx, key).await?;
    super::act::stands(ctx, &sheet, Side::Sender)?;
    if sheet.sent_at.is_none() || rules::whose_move(sheet.state).is_none() {
        return Err(Error::Invalid(
            "返信票は、送ってから完了するまでの間だけ出せます。先につなぐシートを送ってください。"
                .into(),
        ));
    }
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random)
        .map_err(|e| Error::Internal(format!("no randomness for a reply slip: {e}")))?;
    let (first, second) = random.split_at(8);
    let code = code::code(first.try_into().unwrap_or_default());
    let secret = code::secret(second);
    let expires_on = rules::after(sheet.content.reply_due_on.max(ctx.today()), GRACE_DAYS);
    tx.exec(
        sql("update referrals_slip set misses = :full where room_id = :room")
            .bind("full", MISSES)
            .bind("room", key.room()),
    )
    .await?;
    tx.exec(
        sql("insert into referrals_slip (code, room_id, secret_hash, expires_on, misses, made_at) values (:code, :room, :hash, :expires, 0, :now)")
            .bind("code", code.as_str())
            .bind("room", key.room())
            .bind("hash", hash(&code, &secret))
            .bind("expires", expires_on)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(tx, ctx, Entry::new("referral.slip").room(key.room())).await?;
    Ok(Slip {
        code,
        secret,
        expires_on,
    })
}

/// The code and last day of the slip that can be answered by now, for printing it again; the secret
/// is nowhere.
///
/// # Errors
/// The database refuses.
pub async fn current(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
) -> Result<Option<(String, NaiveDate)>> {
    conn.row(
        sql("select code, expires_on from referrals_slip
              where room_id = :room and misses < :full and expires_on >= :today order by made_at desc limit 1")
            .bind("room", key.room())
            .bind("full", MISSES)
            .bind("today", ctx.today()),
    )
    .await?
    .map(|r| Ok((r.get("code")?, r.get("expires_on")?)))
    .transpose()
}

/// What a slip asks for, for who holds its code and its secret. Shows nothing but the question.
///
/// # Errors
/// No such slip, it is void, or the secret is wrong (counted); always the same sentence.
pub async fn reply_target(ctx: &Ctx, typed: &str, secret: &str) -> Result<ReplyTarget> {
    let (_, sheet) = admitted(ctx, typed, secret).await?;
    Ok(ReplyTarget {
        number: sheet.number.clone(),
        kind: sheet.content.kind.label(),
        reply_due_on: sheet.content.reply_due_on,
        answers: answers(&sheet),
    })
}

/// The sheet of a slip and the transaction to answer in.
async fn admitted(ctx: &Ctx, typed: &str, secret: &str) -> Result<(Tx, Sheet)> {
    let mut tx = ctx.write().await?;
    let (room, stored) = live(&mut tx, ctx, typed).await?;
    let code = code::read(typed).unwrap_or_default();
    let given = hash(&code, &code::signs(secret));
    if !bool::from(given.ct_eq(&stored)) {
        tx.exec(
            sql("update referrals_slip set misses = misses + 1 where code = :code")
                .bind("code", code),
        )
        .await?;
        audit::append(&mut tx, ctx, Entry::new("referral.slip_missed").room(room)).await?;
        tx.commit().await?;
        return Err(Error::Invalid(VOID.into()));
    }
    let sheet = sheet::of_room(&mut tx, room).await?;
    Ok((tx, sheet))
}

fn answers(sheet: &Sheet) -> Vec<Answer> {
    let may = |act| rules::next(sheet.state, act, sheet.content.kind).is_ok();
    Answer::ALL
        .iter()
        .copied()
        .filter(|a| {
            may(match a {
                Answer::Accept => Act::Accept,
                Answer::Return => Act::Return,
                Answer::AdviseOnly => Act::AdviseOnly,
                Answer::Report => Act::Report,
            })
        })
        .collect()
}

async fn live(conn: &mut Conn, ctx: &Ctx, typed: &str) -> Result<(RoomId, Vec<u8>)> {
    let void = || Error::Invalid(VOID.into());
    let code = code::read(typed).ok_or_else(void)?;
    let row = conn
        .row(
            sql("select x.room_id, x.secret_hash from referrals_slip x join referrals_sheet s on s.room_id = x.room_id
                  where x.code = :code and x.misses < :full and x.expires_on >= :today and s.municipality_id = :m and s.due_on is not null")
                .bind("code", code)
                .bind("full", MISSES)
                .bind("today", ctx.today())
                .bind("m", ctx.municipality),
        )
        .await?
        .ok_or_else(void)?;
    Ok((row.get("room_id")?, row.get("secret_hash")?))
}

/// Takes an answer in: a message, a task and a notice for the sender's desk. `ctx` is the system's
/// ([`Ctx::system`]), since nobody is signed in.
///
/// # Errors
/// The slip is void or the secret wrong (counted, and the slip closes after ten), or nothing was
/// written.
pub async fn reply(
    ctx: &Ctx,
    typed: &str,
    secret: &str,
    answer: Answer,
    by_name: &str,
    note: &str,
) -> Result<()> {
    let (mut tx, sheet) = admitted(ctx, typed, secret).await?;
    let room = sheet.room;
    if !answers(&sheet).contains(&answer) {
        return Err(Error::Invalid(
            "このつなぐシートは、その返事を受け取る段階ではありません。送り手の窓口に電話してください。まだ何も送られていません。".into(),
        ));
    }
    if by_name.trim().is_empty() || note.trim().is_empty() {
        return Err(Error::Invalid(
            "お名前と内容を書いてください。まだ送られていません。".into(),
        ));
    }
    tx.exec(
        sql("insert into referrals_reply (id, room_id, answer, by_name, note, at) values (:id, :room, :answer, :by, :note, :now)")
            .bind("id", new_uuid())
            .bind("room", room)
            .bind("answer", answer)
            .bind("by", engawa_kernel::text::truncate_graphemes(by_name.trim(), 100))
            .bind("note", engawa_kernel::text::truncate_graphemes(note.trim(), 4000))
            .bind("now", ctx.now()),
    )
    .await?;
    let task = NewTask {
        room: Some(room),
        kind: turn::TASK,
        title: "外の機関から届いた返信を確かめて、記録する".into(),
        posting: None,
        desk: sheet.from_desk,
        due_on: Some(rules::after(ctx.today(), 1)),
        source: Some(room.0),
    };
    tasks::add(&mut tx, ctx, task).await?;
    notices::to_owner(&mut tx, ctx, room, "referral_reply", json!({})).await?;
    audit::append(&mut tx, ctx, Entry::new("referral.replied").room(room)).await?;
    tx.commit().await
}

/// Messages that came in, newest first.
///
/// # Errors
/// The database refuses.
pub async fn messages(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Message>> {
    conn.rows(
        sql("select * from referrals_reply where room_id = :room order by at desc, id desc limit 50").bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Message {
            id: r.get("id")?,
            answer: r.get("answer")?,
            by_name: r.get("by_name")?,
            note: r.get("note")?,
            at: r.get("at")?,
            taken: r.opt::<chrono::DateTime<chrono::Utc>>("taken_at")?.is_some(),
        })
    })
    .collect()
}

/// What came in has been written down as an act.
///
/// # Errors
/// The database refuses.
pub async fn taken(tx: &mut Tx, ctx: &Ctx, key: &RoomKey) -> Result<()> {
    key.need_write()?;
    tx.exec(
        sql(
            "update referrals_reply set taken_at = :now where room_id = :room and taken_at is null",
        )
        .bind("now", ctx.now())
        .bind("room", key.room()),
    )
    .await?;
    Ok(())
}
