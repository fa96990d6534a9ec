//! `identity_session`

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    db::{Conn, Row, Tx, sql},
    error::Result,
    id::{SessionId, StaffId},
};

use crate::model::{SecondFactor, Session};

/// The columns that [`read`] reads, of the session `i`.
pub(crate) const COLUMNS: &str = "i.id as session_id, i.staff_id as session_staff_id, i.csrf, i.created_at as session_created_at, i.last_seen_at, i.expires_at, i.locked_at, i.revoked_at, i.user_agent, i.second_factor";

/// Sessions shown to their owner at most.
const LIMIT: i64 = 100;

pub(crate) fn read(row: &Row) -> Result<Session> {
    Ok(Session {
        id: row.get("session_id")?,
        staff: row.get("session_staff_id")?,
        csrf: row.get("csrf")?,
        created: row.get("session_created_at")?,
        seen: row.get("last_seen_at")?,
        expires: row.get("expires_at")?,
        locked: row.opt::<DateTime<Utc>>("locked_at")?.is_some(),
        revoked: row.opt::<DateTime<Utc>>("revoked_at")?.is_some(),
        user_agent: row.get("user_agent")?,
        second_factor: row.get("second_factor")?,
    })
}

pub(crate) async fn insert(tx: &mut Tx, session: &Session, token_hash: Vec<u8>) -> Result<()> {
    tx.exec(
        sql("insert into identity_session (id, token_hash, staff_id, csrf, created_at, last_seen_at, expires_at, user_agent, second_factor)
             values (:id, :hash, :staff, :csrf, :created, :created, :expires, :agent, :factor)")
            .bind("id", session.id)
            .bind("hash", token_hash)
            .bind("staff", session.staff)
            .bind("csrf", session.csrf.clone())
            .bind("created", session.created)
            .bind("expires", session.expires)
            .bind("agent", session.user_agent.clone())
            .bind("factor", session.second_factor),
    )
    .await?;
    Ok(())
}

/// The second factor was shown: new cookie, full length. The form secret stays: it never left this
/// browser's pages.
pub(crate) async fn promote(
    tx: &mut Tx,
    session: SessionId,
    token_hash: Vec<u8>,
    (now, expires): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    tx.exec(
        sql("update identity_session set token_hash = :hash, second_factor = 'done', last_seen_at = :now, expires_at = :expires where id = :id")
            .bind("id", session)
            .bind("hash", token_hash)
            .bind("now", now)
            .bind("expires", expires),
    )
    .await?;
    Ok(())
}

pub(crate) async fn seen(tx: &mut Tx, session: SessionId, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("update identity_session set last_seen_at = :now where id = :id and last_seen_at < :now")
            .bind("id", session)
            .bind("now", now),
    )
    .await?;
    Ok(())
}

/// Locks or (with `None`) unlocks the screen. False when it was so already.
pub(crate) async fn set_locked(
    tx: &mut Tx,
    session: SessionId,
    at: Option<DateTime<Utc>>,
) -> Result<bool> {
    let q = if at.is_some() {
        sql("update identity_session set locked_at = :at where id = :id and locked_at is null")
    } else {
        sql("update identity_session set locked_at = :at where id = :id and locked_at is not null")
    };
    Ok(tx.exec(q.bind("id", session).bind("at", at)).await? == 1)
}

/// Ends one session of this person. False when there is none such, or it is over.
pub(crate) async fn revoke(
    tx: &mut Tx,
    staff: StaffId,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let ended = tx
        .exec(
            sql("update identity_session set revoked_at = :now where id = :id and staff_id = :staff and revoked_at is null")
                .bind("id", session)
                .bind("staff", staff)
                .bind("now", now),
        )
        .await?;
    Ok(ended == 1)
}

/// Ends the session of a cookie that is being replaced.
pub(crate) async fn revoke_cookie(
    tx: &mut Tx,
    staff: StaffId,
    token_hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec(
        sql("update identity_session set revoked_at = :now where token_hash = :hash and staff_id = :staff and revoked_at is null")
            .bind("hash", token_hash)
            .bind("staff", staff)
            .bind("now", now),
    )
    .await?;
    Ok(())
}

/// Ends all sessions of a person, but for `keep`. How many they were.
pub(crate) async fn revoke_all(
    tx: &mut Tx,
    staff: StaffId,
    keep: Option<SessionId>,
    now: DateTime<Utc>,
) -> Result<u64> {
    tx.exec(
        sql(
            "update identity_session set revoked_at = :now
              where staff_id = :staff and revoked_at is null and expires_at > :now and id <> :keep",
        )
        .bind("staff", staff)
        .bind("keep", keep.unwrap_or(SessionId(uuid::Uuid::nil())))
        .bind("now", now),
    )
    .await
}

/// Sessions of a person that are not over, the last used first.
pub(crate) async fn of_staff(
    conn: &mut Conn,
    staff: StaffId,
    now: DateTime<Utc>,
) -> Result<Vec<Session>> {
    conn.rows(
        sql("select {columns} from identity_session i
              where i.staff_id = :staff and i.revoked_at is null and i.expires_at > :now
              order by i.last_seen_at desc, i.id desc limit :limit")
        .slot("{columns}", COLUMNS)
        .bind("staff", staff)
        .bind("now", now)
        .bind("limit", LIMIT),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Forgets sessions that ended a month ago; the log keeps what happened in them.
pub(crate) async fn sweep(tx: &mut Tx, staff: StaffId, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("delete from identity_session where staff_id = :staff and expires_at < :old")
            .bind("staff", staff)
            .bind("old", now - Duration::days(30)),
    )
    .await?;
    Ok(())
}

/// A new session with its secrets: (session, cookie).
pub(crate) fn fresh(
    staff: StaffId,
    second_factor: SecondFactor,
    user_agent: String,
    (now, expires): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(Session, String)> {
    let cookie = crate::secret::token()?;
    Ok((
        Session {
            id: SessionId::new(),
            staff,
            csrf: crate::secret::token()?,
            created: now,
            seen: now,
            expires,
            locked: false,
            revoked: false,
            user_agent,
            second_factor,
        },
        cookie,
    ))
}
