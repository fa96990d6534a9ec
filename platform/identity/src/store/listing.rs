//! Accounts as an administrator's list shows them, and staff without one. In the order of the kana,
//! by the index `staff_by_name`; for programs in the order of user names.

use chrono::NaiveDate;
use engawa_kernel::{
    context::Ctx,
    db::{Conn, Row, Sql, sql},
    error::Result,
    id::StaffId,
};

use crate::accounts::listing::{Listed, State, Waiting};

/// Which accounts.
pub(crate) struct Wanted<'a> {
    pub state: State,
    /// Typed into the search box.
    pub q: &'a str,
    /// The locked ones, for [`State::Locked`].
    pub locked: &'a [StaffId],
}

/// Which part of them.
pub(crate) enum Part<'a> {
    /// Of the list that people read: (entries, left out before).
    Page(i64, i64),
    /// Of the list that programs read: (entries, the user name before).
    After(i64, &'a str),
}

const FROM: &str = "from staff s join identity_account a on a.staff_id = s.id";
const COLUMNS: &str = "a.staff_id, s.name, s.left_on, a.login, a.must_change, a.disabled_at, a.disabled_reason, a.totp_secret, a.password_set_at, a.last_login_at";

/// As the columns are searched: without blanks, which people type or leave out as they like.
fn pattern(typed: &str) -> String {
    let key: String = crate::rules::login_key(typed)
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(100)
        .flat_map(|c| {
            let mark = matches!(c, '!' | '%' | '_').then_some('!');
            mark.into_iter().chain(std::iter::once(c))
        })
        .collect();
    format!("%{key}%")
}

fn narrowed(q: Sql, ctx: &Ctx, wanted: &Wanted) -> Sql {
    let q = q
        .push("where s.municipality_id = :m")
        .bind("m", ctx.municipality);
    let q = match wanted.state {
        State::Any => q,
        State::Active => q.push("and a.disabled_at is null"),
        State::Disabled => q.push("and a.disabled_at is not null"),
        State::Locked => q
            .push("and a.staff_id in (:locked)")
            .bind_all("locked", wanted.locked.iter().copied()),
    };
    if wanted.q.trim().is_empty() {
        return q;
    }
    q.push(
        "and (a.login like :q escape '!' or lower(replace(replace(s.name, ' ', ''), '　', '')) like :q escape '!'
              or replace(replace(s.kana, ' ', ''), '　', '') like :q escape '!')",
    )
    .bind("q", pattern(wanted.q))
}

fn read(row: &Row) -> Result<Listed> {
    Ok(Listed {
        staff: row.get("staff_id")?,
        name: row.get("name")?,
        left_on: row.opt("left_on")?,
        login: row.get("login")?,
        must_change: row.get("must_change")?,
        closed: row.opt("disabled_at")?,
        closed_because: row.get("disabled_reason")?,
        second_factor: row.opt::<Vec<u8>>("totp_secret")?.is_some(),
        password_set: row.get("password_set_at")?,
        last_login: row.opt("last_login_at")?,
        locked_until: None,
        places: vec![],
    })
}

pub(crate) async fn count(conn: &mut Conn, ctx: &Ctx, wanted: &Wanted<'_>) -> Result<i64> {
    let q = sql("select count(*) as n {from}").slot("{from}", FROM);
    conn.count(narrowed(q, ctx, wanted)).await
}

pub(crate) async fn some(
    conn: &mut Conn,
    ctx: &Ctx,
    wanted: &Wanted<'_>,
    part: Part<'_>,
) -> Result<Vec<Listed>> {
    let q = sql("select {columns} {from}")
        .slot("{columns}", COLUMNS)
        .slot("{from}", FROM);
    let q = narrowed(q, ctx, wanted);
    let q = match part {
        Part::Page(limit, offset) => q
            .push("order by s.kana, s.id limit :limit offset :offset")
            .bind("limit", limit)
            .bind("offset", offset),
        Part::After(limit, login) => q
            .push("and a.municipality_id = :m and a.login > :after order by a.login limit :limit")
            .bind("limit", limit)
            .bind("after", login),
    };
    conn.rows(q).await?.iter().map(read).collect()
}

pub(crate) async fn one(conn: &mut Conn, ctx: &Ctx, staff: StaffId) -> Result<Option<Listed>> {
    conn.row(
        sql("select {columns} {from} where s.id = :staff and s.municipality_id = :m")
            .slot("{columns}", COLUMNS)
            .slot("{from}", FROM)
            .bind("staff", staff)
            .bind("m", ctx.municipality),
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Every account of the municipality, for finding the locked ones among them.
pub(crate) async fn keys(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(StaffId, String)>> {
    conn.rows(
        sql("select staff_id, login from identity_account where municipality_id = :m order by login limit 20000")
            .bind("m", ctx.municipality),
    )
    .await?
    .iter()
    .map(|row| Ok((row.get("staff_id")?, row.get("login")?)))
    .collect()
}

fn read_waiting(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        staff: row.get("id")?,
        name: row.get("name")?,
        kana: row.get("kana")?,
        email: row.get("email")?,
        places: vec![],
    })
}

/// Staff in service without an account, by kana.
pub(crate) async fn without(
    conn: &mut Conn,
    ctx: &Ctx,
    typed: &str,
    limit: i64,
) -> Result<Vec<Waiting>> {
    let q = sql("select s.id, s.name, s.kana, s.email from staff s
                  where s.municipality_id = :m and (s.left_on is null or s.left_on >= :today)
                    and not exists (select 1 from identity_account a where a.staff_id = s.id)")
    .bind("m", ctx.municipality)
    .bind("today", ctx.today());
    let q = if typed.trim().is_empty() {
        q
    } else {
        q.push(
            "and (lower(replace(replace(s.name, ' ', ''), '　', '')) like :q escape '!'
                  or replace(replace(s.kana, ' ', ''), '　', '') like :q escape '!')",
        )
        .bind("q", pattern(typed))
    };
    let q = q
        .push("order by s.kana, s.id limit :limit")
        .bind("limit", limit);
    conn.rows(q).await?.iter().map(read_waiting).collect()
}

/// One person, whether or not there is an account: (the person, last day in service).
pub(crate) async fn person(
    conn: &mut Conn,
    ctx: &Ctx,
    staff: StaffId,
) -> Result<Option<(Waiting, Option<NaiveDate>)>> {
    conn.row(
        sql("select id, name, kana, email, left_on from staff where id = :staff and municipality_id = :m")
            .bind("staff", staff)
            .bind("m", ctx.municipality),
    )
    .await?
    .as_ref()
    .map(|row| Ok((read_waiting(row)?, row.opt("left_on")?)))
    .transpose()
}

/// People with exactly this name, whatever the blanks in it; at most twenty.
pub(crate) async fn named(conn: &mut Conn, ctx: &Ctx, name: &str) -> Result<Vec<Waiting>> {
    let key: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    conn.rows(
        sql("select id, name, kana, email from staff
              where municipality_id = :m and replace(replace(name, ' ', ''), '　', '') = :name
              order by kana, id limit 20")
        .bind("m", ctx.municipality)
        .bind("name", key),
    )
    .await?
    .iter()
    .map(read_waiting)
    .collect()
}
