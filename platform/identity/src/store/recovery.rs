//! `identity_recovery`: codes for when the telephone is lost.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    db::{Conn, Tx, sql},
    error::Result,
    id::StaffId,
};

/// Replaces all codes of a person.
pub(crate) async fn replace(
    tx: &mut Tx,
    staff: StaffId,
    hashes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Result<()> {
    tx.exec(sql("delete from identity_recovery where staff_id = :staff").bind("staff", staff))
        .await?;
    for hash in hashes {
        tx.exec(
            sql("insert into identity_recovery (staff_id, code_hash, created_at) values (:staff, :hash, :now) on conflict do nothing")
                .bind("staff", staff)
                .bind("hash", hash.clone())
                .bind("now", now),
        )
        .await?;
    }
    Ok(())
}

/// Uses a code up. False when there is no such code, or it was used before.
pub(crate) async fn spend(
    tx: &mut Tx,
    staff: StaffId,
    hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let spent = tx
        .exec(
            sql("update identity_recovery set used_at = :now where staff_id = :staff and code_hash = :hash and used_at is null")
                .bind("staff", staff)
                .bind("hash", hash)
                .bind("now", now),
        )
        .await?;
    Ok(spent == 1)
}

/// Codes not used yet.
pub(crate) async fn left(conn: &mut Conn, staff: StaffId) -> Result<i64> {
    conn.count(
        sql("select count(*) as n from identity_recovery where staff_id = :staff and used_at is null")
            .bind("staff", staff),
    )
    .await
}
