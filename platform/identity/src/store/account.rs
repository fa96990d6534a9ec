//! `identity_account`

use chrono::{DateTime, Utc};
use engawa_kernel::{
    db::{Conn, Row, Tx, sql},
    error::Result,
    id::{MunicipalityId, StaffId},
};

use crate::{
    hash::Hashed,
    model::{Account, TotpSecret},
};

/// The columns that [`read`] reads, of the account `a`.
pub(crate) const COLUMNS: &str = "a.staff_id, a.municipality_id, a.login, a.password_hash, a.must_change, a.totp_secret, a.totp_pending, a.disabled_at";

pub(crate) fn read(row: &Row) -> Result<Account> {
    Ok(Account {
        staff: row.get("staff_id")?,
        municipality: row.get("municipality_id")?,
        login: row.get("login")?,
        hashed: Hashed::from_stored(row.get("password_hash")?),
        must_change: row.get("must_change")?,
        totp: row.opt::<Vec<u8>>("totp_secret")?.map(TotpSecret),
        totp_pending: row.opt::<Vec<u8>>("totp_pending")?.map(TotpSecret),
        disabled: row.opt::<DateTime<Utc>>("disabled_at")?.is_some(),
    })
}

pub(crate) async fn by_login(
    conn: &mut Conn,
    municipality: MunicipalityId,
    login: &str,
) -> Result<Option<Account>> {
    conn.row(
        sql("select {columns} from identity_account a where a.municipality_id = :m and a.login = :login")
            .slot("{columns}", COLUMNS)
            .bind("m", municipality)
            .bind("login", login),
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(crate) async fn by_staff(conn: &mut Conn, staff: StaffId) -> Result<Option<Account>> {
    conn.row(
        sql("select {columns} from identity_account a where a.staff_id = :staff")
            .slot("{columns}", COLUMNS)
            .bind("staff", staff),
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// False when the person has an account or the user name is taken.
pub(crate) async fn insert(
    tx: &mut Tx,
    account: (StaffId, MunicipalityId),
    login: &str,
    hashed: &Hashed,
    must_change: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    let made = tx
        .exec(
            sql("insert into identity_account (staff_id, municipality_id, login, password_hash, password_set_at, must_change, created_at)
                 values (:staff, :m, :login, :hash, :now, :must, :now) on conflict do nothing")
                .bind("staff", account.0)
                .bind("m", account.1)
                .bind("login", login)
                .bind("hash", hashed.as_str())
                .bind("must", must_change)
                .bind("now", now),
        )
        .await?;
    Ok(made == 1)
}

pub(crate) async fn set_password(
    tx: &mut Tx,
    staff: StaffId,
    hashed: &Hashed,
    must_change: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    let set = tx
        .exec(
            sql("update identity_account set password_hash = :hash, password_set_at = :now, must_change = :must where staff_id = :staff")
                .bind("staff", staff)
                .bind("hash", hashed.as_str())
                .bind("must", must_change)
                .bind("now", now),
        )
        .await?;
    Ok(set == 1)
}

/// Closes the account at a moment for a reason, or (with `None`) opens it.
pub(crate) async fn set_disabled(
    tx: &mut Tx,
    staff: StaffId,
    closed: Option<(DateTime<Utc>, &str)>,
) -> Result<bool> {
    let set = tx
        .exec(
            sql("update identity_account set disabled_at = :at, disabled_reason = :reason where staff_id = :staff")
                .bind("staff", staff)
                .bind("at", closed.map(|(at, _)| at))
                .bind("reason", closed.map_or("", |(_, reason)| reason)),
        )
        .await?;
    Ok(set == 1)
}

/// The person has got in.
pub(crate) async fn signed_in(tx: &mut Tx, staff: StaffId, now: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("update identity_account set last_login_at = :now where staff_id = :staff")
            .bind("staff", staff)
            .bind("now", now),
    )
    .await?;
    Ok(())
}

/// Shows a secret to be enrolled; one that is shown already stays.
pub(crate) async fn offer_totp(tx: &mut Tx, staff: StaffId, secret: &TotpSecret) -> Result<()> {
    tx.exec(
        sql("update identity_account set totp_pending = :secret
              where staff_id = :staff and totp_pending is null and totp_secret is null")
        .bind("staff", staff)
        .bind("secret", secret.0.clone()),
    )
    .await?;
    Ok(())
}

/// Makes the pending secret the second factor. False when it is no longer the pending one.
pub(crate) async fn enrol_totp(
    tx: &mut Tx,
    staff: StaffId,
    secret: &TotpSecret,
    step: i64,
) -> Result<bool> {
    let set = tx
        .exec(
            sql("update identity_account set totp_secret = totp_pending, totp_pending = null, totp_last_step = :step
                  where staff_id = :staff and totp_pending = :secret")
                .bind("staff", staff)
                .bind("secret", secret.0.clone())
                .bind("step", step),
        )
        .await?;
    Ok(set == 1)
}

pub(crate) async fn drop_totp(tx: &mut Tx, staff: StaffId) -> Result<()> {
    tx.exec(
        sql("update identity_account set totp_secret = null, totp_pending = null, totp_last_step = null where staff_id = :staff")
            .bind("staff", staff),
    )
    .await?;
    Ok(())
}

/// Uses a step of the clock up. False when it, or a later one, was used before.
pub(crate) async fn use_step(tx: &mut Tx, staff: StaffId, step: i64) -> Result<bool> {
    let set = tx
        .exec(
            sql("update identity_account set totp_last_step = :step
                  where staff_id = :staff and (totp_last_step is null or totp_last_step < :step)")
            .bind("staff", staff)
            .bind("step", step),
        )
        .await?;
    Ok(set == 1)
}
