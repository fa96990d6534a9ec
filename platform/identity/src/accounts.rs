//! Accounts for other parts of Engawa: making, closing and mending them, and API tokens.
//!
//! | file | holds |
//! |---|---|
//! | `closing.rs` | closing and opening again, ending sessions |
//! | `listing.rs` | what an administrator sees of accounts, and of staff without one |
//! | `tokens.rs` | API tokens |

mod closing;
pub(crate) mod listing;
mod tokens;

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::{Ctx, Via},
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    id::StaffId,
    notices,
};
use serde_json::json;

use crate::{
    hash::{self, Hashed},
    model::Account,
    rules, secret, signin,
    store::{account, recovery, session, throttle, token},
};

pub use closing::{disable, enable, end_session, end_sessions, end_sessions_of_leavers};
pub use listing::{Asked, Listed, State, Waiting, find_staff};
pub use tokens::{create_token, create_token_for, revoke_token};

/// What a list of staff shows about the way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    /// Whose.
    pub staff: StaffId,
    /// 氏名
    pub name: String,
    /// User name.
    pub login: String,
    /// Closed.
    pub disabled: bool,
    /// Has a second factor.
    pub second_factor: bool,
    /// Still has the password that somebody else chose.
    pub must_change: bool,
}

/// Administrators manage accounts; so do commands on the server itself.
fn manager(ctx: &Ctx) -> Result<()> {
    match ctx.via {
        Via::System => Ok(()),
        Via::Session { .. } | Via::Token => ctx.need(Duty::ManageStaff),
    }
}

/// What an administrator must leave to another one, so that nobody locks the door from outside.
const OWN: &str = "自分のアカウントは、ここでは変えられません。何も変えていません。パスワードと二段階認証は、画面の上の「アカウント」で変更してください。停止するときは、ほかのシステム管理者に頼んでください。";

/// The account that a manager is about to change: of somebody else, here.
async fn to_change(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<Account> {
    manager(ctx)?;
    if ctx.actor.staff == staff && !matches!(ctx.via, Via::System) {
        return Err(Error::Invalid(OWN.into()));
    }
    account_here(tx, ctx, staff).await
}

async fn account_here(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<Account> {
    account::by_staff(tx, staff)
        .await?
        .filter(|a| a.municipality == ctx.municipality)
        .ok_or(Error::NotFound)
}

/// Gives a person an account with a first password, to be changed at the first login.
///
/// # Errors
/// [`Error::Invalid`] with the sentence when the user name or the password will not do, the name is
/// taken, or the person has an account. [`Error::Forbidden`] without [`Duty::ManageStaff`].
pub async fn create_account(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    login: &str,
    password: &str,
) -> Result<()> {
    rules::check_password(password, login).map_err(|why| Error::Invalid(why.into()))?;
    let hashed = hash::hash_password(password).await?;
    create_account_with(tx, ctx, staff, login, &hashed, true).await
}

/// As [`create_account`], with a password that is hashed already (demo data: one for many; `init`:
/// hashed before the transaction). `must_change`: it is only good for choosing another.
///
/// # Errors
/// As [`create_account`], but for the rules of passwords.
pub async fn create_account_with(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    login: &str,
    hashed: &Hashed,
    must_change: bool,
) -> Result<()> {
    manager(ctx)?;
    let login = rules::check_login(login).map_err(|why| Error::Invalid(why.into()))?;
    listing::in_service(tx, ctx, staff).await?;
    let key = (staff, ctx.municipality);
    if !account::insert(tx, key, &login, hashed, must_change, ctx.now()).await? {
        return Err(Error::Invalid(
            "このユーザー名は使われているか、この職員にはすでにアカウントがあります。別のユーザー名にしてください。".into(),
        ));
    }
    audit::append(tx, ctx, entry("account.created", staff)).await
}

fn entry(action: &'static str, staff: StaffId) -> Entry {
    Entry::new(action).detail(json!({ "account": staff }))
}

/// Whether this person has an account that is not closed: for those who write to somebody from
/// outside a request. Whether the person is in service and posted today is the caller's to ask.
///
/// # Errors
/// The database refuses.
pub async fn has_open_account(conn: &mut Conn, staff: StaffId) -> Result<bool> {
    Ok(account::by_staff(conn, staff)
        .await?
        .is_some_and(|a| !a.disabled))
}

async fn end_all(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<()> {
    session::revoke_all(tx, staff, None, ctx.now()).await?;
    token::revoke_all(tx, staff, ctx.now()).await?;
    Ok(())
}

/// Gives someone who forgot theirs a first password, to be handed over in person and changed at the
/// next login. Ends every session and token and any lock-out, and takes away the second factor:
/// who lost a telephone often lost the rest. Where one is a must, the next login asks to enrol.
///
/// # Errors
/// As [`disable`]; [`Error::Invalid`] when the password will not do.
pub async fn reset_password(tx: &mut Tx, ctx: &Ctx, staff: StaffId, password: &str) -> Result<()> {
    let account = to_change(tx, ctx, staff).await?;
    rules::check_password(password, &account.login).map_err(|why| Error::Invalid(why.into()))?;
    let hashed = hash::hash_password(password).await?;
    reset_password_with(tx, ctx, staff, &hashed).await
}

/// As [`reset_password`], with one of [`issue`], hashed before the transaction.
///
/// # Errors
/// As [`disable`].
pub(crate) async fn reset_password_with(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    hashed: &Hashed,
) -> Result<()> {
    let account = to_change(tx, ctx, staff).await?;
    account::set_password(tx, staff, hashed, true, ctx.now()).await?;
    account::drop_totp(tx, staff).await?;
    recovery::replace(tx, staff, &[], ctx.now()).await?;
    end_all(tx, ctx, staff).await?;
    clear_throttles(tx, &account).await?;
    // Who resets a password could sign in as its owner: the owner hears of it at the next login, and
    // those who watch the log at once.
    notices::to_staff(tx, ctx, staff, None, "account_reset", json!({})).await?;
    notices::to_auditors(tx, ctx, "account_reset_seen", json!({ "staff": staff })).await?;
    audit::append(tx, ctx, entry("account.password.reset", staff)).await
}

async fn clear_throttles(tx: &mut Tx, account: &Account) -> Result<()> {
    for key in signin::throttles_of(account.municipality, &account.login, account.staff) {
        throttle::clear(tx, &key).await?;
    }
    Ok(())
}

/// A first password: sixteen letters in groups of four, easy to read out.
///
/// # Errors
/// The machine has no randomness.
pub fn new_password() -> Result<String> {
    let code = secret::recovery_code()? + &secret::recovery_code()?;
    Ok(grouped(&code[..16]).to_lowercase())
}

/// A first password and its hash, for the moment at which it is shown.
///
/// # Errors
/// The machine has no randomness.
pub(crate) async fn issue() -> Result<(String, Hashed)> {
    let password = new_password()?;
    let hashed = hash::hash_password(&password).await?;
    Ok((password, hashed))
}

/// `abcd-efgh-…`
pub(crate) fn grouped(code: &str) -> String {
    let groups: Vec<String> = code
        .as_bytes()
        .chunks(4)
        .map(|c| String::from_utf8_lossy(c).into_owned())
        .collect();
    groups.join("-")
}

/// Takes away the second factor of someone who lost telephone and recovery codes. Where one is a
/// must, the next login asks to enrol anew.
///
/// # Errors
/// As [`disable`].
pub async fn reset_second_factor(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<()> {
    to_change(tx, ctx, staff).await?;
    account::drop_totp(tx, staff).await?;
    recovery::replace(tx, staff, &[], ctx.now()).await?;
    session::revoke_all(tx, staff, None, ctx.now()).await?;
    audit::append(tx, ctx, entry("account.totp.reset", staff)).await
}

/// Ends a lock-out at once, after the administrator has made sure who is asking.
///
/// # Errors
/// As [`disable`].
pub async fn end_lock_out(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<()> {
    let account = to_change(tx, ctx, staff).await?;
    clear_throttles(tx, &account).await?;
    audit::append(tx, ctx, entry("account.unlocked", staff)).await
}

/// Whose user name this is.
///
/// # Errors
/// The database refuses.
pub async fn staff_of_login(conn: &mut Conn, ctx: &Ctx, login: &str) -> Result<Option<StaffId>> {
    let found = account::by_login(conn, ctx.municipality, &rules::login_key(login)).await?;
    Ok(found.map(|a| a.staff))
}

/// Sets a password from the server's own command line, in its own transaction; everything else as
/// [`reset_password`].
///
/// # Errors
/// [`Error::NotFound`] when there is no such user name; [`Error::Invalid`] when the password will
/// not do.
pub async fn set_password_by_cli(ctx: &Ctx, login: &str, password: &str) -> Result<()> {
    let mut tx = ctx.write().await?;
    let staff = staff_of_login(&mut tx, ctx, login)
        .await?
        .ok_or(Error::NotFound)?;
    reset_password(&mut tx, ctx, staff, password).await?;
    tx.commit().await
}

/// Accounts of this municipality by user name, for `engawa user list` and the staff screens; up to
/// 20,000.
///
/// # Errors
/// The database refuses.
pub async fn accounts(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<AccountLine>> {
    conn.rows(
        sql(
            "select a.staff_id, s.name, a.login, a.must_change, a.disabled_at, a.totp_secret
               from identity_account a join staff s on s.id = a.staff_id
              where a.municipality_id = :m order by a.login limit 20000",
        )
        .bind("m", ctx.municipality),
    )
    .await?
    .iter()
    .map(read_line)
    .collect()
}

fn read_line(row: &Row) -> Result<AccountLine> {
    Ok(AccountLine {
        staff: row.get("staff_id")?,
        name: row.get("name")?,
        login: row.get("login")?,
        disabled: row.opt::<DateTime<Utc>>("disabled_at")?.is_some(),
        second_factor: row.opt::<Vec<u8>>("totp_secret")?.is_some(),
        must_change: row.get("must_change")?,
    })
}
