//! Closing accounts and opening them again, and ending sessions.

use chrono::NaiveDate;
use engawa_kernel::{
    access::Role,
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    id::{SessionId, StaffId},
};
use serde_json::json;
use unicode_segmentation::UnicodeSegmentation as _;

use super::{end_all, entry, to_change};
use crate::{
    model::REASON_MAX,
    store::{account, session},
};

const NO_REASON: &str = "停止の理由を200文字までで入力してください。まだ停止していません。";
/// Without an administrator nobody could be let in any more.
const LAST: &str = "この職員は、ログインできる最後のシステム管理者なので、停止できません。何も変えていません。先に「機関・職員」でほかの職員にシステム管理者の配置を登録し、その職員のアカウントを作成してから、もう一度停止してください。";

/// Closes an account: every session and token ends now. The reason is kept with it and in the log.
///
/// # Errors
/// [`Error::NotFound`]: there is no such account here. [`Error::Forbidden`]: the actor may not
/// manage staff. [`Error::Invalid`] with the sentence: no reason, one's own account, or that of the
/// last administrator who can sign in.
pub async fn disable(tx: &mut Tx, ctx: &Ctx, staff: StaffId, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() || reason.graphemes(true).count() > REASON_MAX {
        return Err(Error::Invalid(NO_REASON.into()));
    }
    to_change(tx, ctx, staff).await?;
    // Two administrators who close each other at once wait for each other here.
    tx.exec(sql("update municipality set name = name where id = :m").bind("m", ctx.municipality))
        .await?;
    if administrators(tx, ctx, Some(staff)).await? == 1 && administrators(tx, ctx, None).await? == 1
    {
        return Err(Error::Invalid(LAST.into()));
    }
    account::set_disabled(tx, staff, Some((ctx.now(), reason))).await?;
    end_all(tx, ctx, staff).await?;
    audit::append_with_reason(tx, ctx, entry("account.disabled", staff), reason).await
}

/// Administrators who can sign in today: all, or whether this person is one (1 or 0).
async fn administrators(tx: &mut Tx, ctx: &Ctx, who: Option<StaffId>) -> Result<i64> {
    let q = sql(
        "select count(distinct a.staff_id) as n from identity_account a
                   join staff s on s.id = a.staff_id join posting p on p.staff_id = a.staff_id
                  where a.municipality_id = :m and a.disabled_at is null and p.role = :admin
                    and (s.left_on is null or s.left_on >= :today)
                    and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today)",
    )
    .bind("m", ctx.municipality)
    .bind("admin", Role::Admin)
    .bind("today", ctx.today());
    tx.count(match who {
        Some(staff) => q.push("and a.staff_id = :staff").bind("staff", staff),
        None => q,
    })
    .await
}

/// Opens a closed account again. Sessions and tokens that ended stay ended.
///
/// # Errors
/// As [`disable`].
pub async fn enable(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<()> {
    to_change(tx, ctx, staff).await?;
    account::set_disabled(tx, staff, None).await?;
    audit::append(tx, ctx, entry("account.enabled", staff)).await
}

/// Ends one session of somebody else.
///
/// # Errors
/// [`Error::NotFound`] when the person has no such session, or it is over; otherwise as [`disable`].
pub async fn end_session(tx: &mut Tx, ctx: &Ctx, staff: StaffId, id: SessionId) -> Result<()> {
    to_change(tx, ctx, staff).await?;
    if !session::revoke(tx, staff, id, ctx.now()).await? {
        return Err(Error::NotFound);
    }
    let detail = json!({ "account": staff, "session": id });
    audit::append(tx, ctx, Entry::new("session.revoked").detail(detail)).await
}

/// Ends every session of somebody else. How many they were.
///
/// # Errors
/// As [`disable`].
pub async fn end_sessions(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<u64> {
    to_change(tx, ctx, staff).await?;
    let ended = session::revoke_all(tx, staff, None, ctx.now()).await?;
    let detail = json!({ "account": staff, "ended": ended });
    audit::append(tx, ctx, Entry::new("session.revoked").detail(detail)).await?;
    Ok(ended)
}

/// Ends the sessions of everybody whose last day was before `today`; for the nightly job. A request
/// of such a person is refused in any case.
///
/// # Errors
/// The database refuses.
pub async fn end_sessions_of_leavers(tx: &mut Tx, ctx: &Ctx, today: NaiveDate) -> Result<u64> {
    let ended = tx
        .exec(
            sql("update identity_session set revoked_at = :now where revoked_at is null and expires_at > :now
                  and staff_id in (select s.id from staff s where s.municipality_id = :m and s.left_on < :today)")
                .bind("now", ctx.now())
                .bind("m", ctx.municipality)
                .bind("today", today),
        )
        .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("session.leavers").detail(json!({ "ended": ended })),
    )
    .await?;
    Ok(ended)
}
