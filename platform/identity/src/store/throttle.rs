//! `identity_throttle`: failed attempts and the waits that follow from them.

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    db::{Conn, Tx, sql},
    error::Result,
};

use crate::rules;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    /// As stored.
    pub text: String,
    /// Failures before the first wait.
    pub free: i64,
    /// Hours without a failure after which the count starts again.
    pub forget_hours: i64,
}

/// May an attempt be made?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Yes; it has been counted as a failure until [`forgive`] takes that back.
    Counted,
    /// No, and the log has not heard of it in this wait.
    BlockedNow,
    /// No, and the log knows.
    Blocked,
}

/// Counts an attempt before it is judged, so that a thousand at once are not a thousand guesses.
pub(crate) async fn count(tx: &mut Tx, key: &Key, now: DateTime<Utc>) -> Result<Verdict> {
    // Makes the row, or locks the one that is there, before it is read.
    tx.exec(
        sql("insert into identity_throttle (key, failures, last_failed_at, noted) values (:key, 0, :now, :no)
             on conflict (key) do update set failures = identity_throttle.failures")
            .bind("key", key.text.clone())
            .bind("no", false)
            .bind("now", now),
    )
    .await?;
    let row = tx
        .one(
            sql("select failures, last_failed_at, blocked_until, noted from identity_throttle where key = :key")
                .bind("key", key.text.clone()),
        )
        .await?;
    let until: Option<DateTime<Utc>> = row.opt("blocked_until")?;
    if until.is_some_and(|until| now < until) {
        if row.get::<bool>("noted")? {
            return Ok(Verdict::Blocked);
        }
        tx.exec(
            sql("update identity_throttle set noted = :yes where key = :key")
                .bind("yes", true)
                .bind("key", key.text.clone()),
        )
        .await?;
        return Ok(Verdict::BlockedNow);
    }
    let quiet = now - row.get::<DateTime<Utc>>("last_failed_at")?;
    let before: i64 = if quiet > Duration::hours(key.forget_hours) {
        0
    } else {
        row.get("failures")?
    };
    let failures = before.saturating_add(1);
    tx.exec(
        sql("update identity_throttle set failures = :n, last_failed_at = :now, blocked_until = :until, noted = :no where key = :key")
            .bind("key", key.text.clone())
            .bind("n", failures)
            .bind("now", now)
            .bind("until", rules::wait_after(failures, key.free).map(|d| now + d))
            .bind("no", false),
    )
    .await?;
    Ok(Verdict::Counted)
}

/// The attempt was good: one's own count is gone.
pub(crate) async fn clear(tx: &mut Tx, key: &Key) -> Result<()> {
    tx.exec(sql("delete from identity_throttle where key = :key").bind("key", key.text.clone()))
        .await?;
    Ok(())
}

/// The attempt was good: it does not count. Other people's failures from there still do.
pub(crate) async fn forgive(tx: &mut Tx, key: &Key) -> Result<()> {
    tx.exec(
        sql("update identity_throttle set failures = failures - 1, blocked_until = null where key = :key and failures > 0")
            .bind("key", key.text.clone()),
    )
    .await?;
    Ok(())
}

/// Which of these keys block now, and until when.
pub(crate) async fn blocked(
    conn: &mut Conn,
    keys: &[String],
    now: DateTime<Utc>,
) -> Result<Vec<(String, DateTime<Utc>)>> {
    conn.rows(
        sql("select key, blocked_until from identity_throttle where key in (:keys) and blocked_until > :now")
            .bind_all("keys", keys.iter().map(String::as_str))
            .bind("now", now),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("key")?, row.get("blocked_until")?)))
    .collect()
}

/// Whether anything blocks now, which is rare.
pub(crate) async fn any_blocked(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool> {
    let found = conn
        .row(
            sql("select 1 as n from identity_throttle where blocked_until > :now limit 1")
                .bind("now", now),
        )
        .await?;
    Ok(found.is_some())
}

/// Forgets what no longer counts for anybody.
pub(crate) async fn sweep(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("delete from identity_throttle where last_failed_at < :old")
            .bind("old", now - Duration::days(2)),
    )
    .await?;
    Ok(())
}
