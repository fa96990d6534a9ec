//! `identity_token`

use chrono::{DateTime, Utc};
use engawa_kernel::{
    db::{Conn, Tx, sql},
    error::Result,
    id::StaffId,
};

use crate::model::{Token, TokenId};

/// Tokens shown to their owner at most.
const LIMIT: i64 = 100;

pub(crate) async fn insert(
    tx: &mut Tx,
    staff: StaffId,
    token: &Token,
    hash: Vec<u8>,
) -> Result<()> {
    tx.exec(
        sql(
            "insert into identity_token (id, staff_id, name, token_hash, created_at, expires_at)
             values (:id, :staff, :name, :hash, :created, :expires)",
        )
        .bind("id", token.id)
        .bind("staff", staff)
        .bind("name", token.name.clone())
        .bind("hash", hash)
        .bind("created", token.created)
        .bind("expires", token.expires),
    )
    .await?;
    Ok(())
}

pub(crate) async fn used(tx: &mut Tx, token: TokenId, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("update identity_token set last_used_at = :now where id = :id")
            .bind("id", token)
            .bind("now", now),
    )
    .await?;
    Ok(())
}

/// False when there is no such token of this person, or it was revoked before.
pub(crate) async fn revoke(
    tx: &mut Tx,
    staff: StaffId,
    token: TokenId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let ended = tx
        .exec(
            sql("update identity_token set revoked_at = :now where id = :id and staff_id = :staff and revoked_at is null")
                .bind("id", token)
                .bind("staff", staff)
                .bind("now", now),
        )
        .await?;
    Ok(ended == 1)
}

pub(crate) async fn revoke_all(tx: &mut Tx, staff: StaffId, now: DateTime<Utc>) -> Result<u64> {
    tx.exec(
        sql("update identity_token set revoked_at = :now where staff_id = :staff and revoked_at is null")
            .bind("staff", staff)
            .bind("now", now),
    )
    .await
}

/// Tokens in use, newest first.
pub(crate) async fn of_staff(
    conn: &mut Conn,
    staff: StaffId,
    now: DateTime<Utc>,
) -> Result<Vec<Token>> {
    conn.rows(
        sql(
            "select id, name, created_at, expires_at, last_used_at from identity_token
              where staff_id = :staff and revoked_at is null and expires_at > :now
              order by created_at desc, id desc limit :limit",
        )
        .bind("staff", staff)
        .bind("now", now)
        .bind("limit", LIMIT),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Token {
            id: row.get("id")?,
            name: row.get("name")?,
            created: row.get("created_at")?,
            expires: row.get("expires_at")?,
            used: row.opt("last_used_at")?,
        })
    })
    .collect()
}
