//! What an administrator sees of accounts, and of staff without one.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    id::StaffId,
};

use super::manager;
use crate::{
    posts, signin,
    store::{
        listing::{self, Part, Wanted},
        throttle,
    },
};

/// Accounts that one statement asks the lock-outs of.
const CHUNK: usize = 300;
/// Locked accounts that one list shows at most.
const LOCKED_MAX: usize = 1000;

/// Which accounts a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// All of them.
    #[default]
    Any,
    /// 使用中: not closed.
    Active,
    /// 停止
    Disabled,
    /// ロック中: too many failures, for some minutes.
    Locked,
}

impl State {
    /// In the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Any, Self::Active, Self::Locked, Self::Disabled];

    /// In the address.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Locked => "locked",
        }
    }
    /// From the address; anything else is all of them.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|s| s.as_code() == code)
            .unwrap_or_default()
    }
    /// On the tab and in the list.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Any => "すべて",
            Self::Active => "使用中",
            Self::Disabled => "停止",
            Self::Locked => "ロック中",
        }
    }
}

/// One account.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Whose.
    pub staff: StaffId,
    /// 氏名
    pub name: String,
    /// Last day in service.
    pub left_on: Option<NaiveDate>,
    /// User name.
    pub login: String,
    /// Still has the password that somebody else chose.
    pub must_change: bool,
    /// Closed since.
    pub closed: Option<DateTime<Utc>>,
    /// Why, in the administrator's words.
    pub closed_because: String,
    /// Has a second factor.
    pub second_factor: bool,
    /// When the password was set.
    pub password_set: DateTime<Utc>,
    /// When its person last got in.
    pub last_login: Option<DateTime<Utc>>,
    /// Until when nobody may try, after too many failures.
    pub locked_until: Option<DateTime<Utc>>,
    /// Today's postings in words, the main one first; without one nobody gets in.
    pub places: Vec<String>,
}

impl Listed {
    /// The word for where the account stands now.
    #[must_use]
    pub const fn state(&self) -> State {
        if self.closed.is_some() {
            State::Disabled
        } else if self.locked_until.is_some() {
            State::Locked
        } else {
            State::Active
        }
    }
}

/// Somebody of the staff, perhaps without an account.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Who.
    pub staff: StaffId,
    /// 氏名
    pub name: String,
    /// かな
    pub kana: String,
    /// For suggesting a user name.
    pub email: String,
    /// Today's postings in words.
    pub places: Vec<String>,
}

/// What a list was asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Which.
    pub state: State,
    /// Part of a name or user name.
    pub q: String,
}

/// A page of accounts by kana: (accounts, how many there are in all).
pub(crate) async fn page(
    conn: &mut Conn,
    ctx: &Ctx,
    asked: &Asked,
    (limit, offset): (i64, i64),
) -> Result<(Vec<Listed>, i64)> {
    manager(ctx)?;
    let Some(locked) = locked_of(conn, ctx, asked.state).await? else {
        return Ok((vec![], 0));
    };
    let wanted = wanted(asked, &locked);
    let total = listing::count(conn, ctx, &wanted).await?;
    let found = listing::some(conn, ctx, &wanted, Part::Page(limit, offset)).await?;
    Ok((with_rest(conn, ctx, found).await?, total))
}

/// Accounts after a user name, in the order of user names.
pub(crate) async fn after(
    conn: &mut Conn,
    ctx: &Ctx,
    asked: &Asked,
    (limit, login): (i64, &str),
) -> Result<Vec<Listed>> {
    manager(ctx)?;
    let Some(locked) = locked_of(conn, ctx, asked.state).await? else {
        return Ok(vec![]);
    };
    let part = Part::After(limit, login);
    let found = listing::some(conn, ctx, &wanted(asked, &locked), part).await?;
    with_rest(conn, ctx, found).await
}

fn wanted<'a>(asked: &'a Asked, locked: &'a [StaffId]) -> Wanted<'a> {
    Wanted {
        state: asked.state,
        q: &asked.q,
        locked,
    }
}

/// The locked accounts when they are asked for; `None` when there are none.
async fn locked_of(conn: &mut Conn, ctx: &Ctx, state: State) -> Result<Option<Vec<StaffId>>> {
    if state != State::Locked {
        return Ok(Some(vec![]));
    }
    if !throttle::any_blocked(conn, ctx.now()).await? {
        return Ok(None);
    }
    let all = listing::keys(conn, ctx).await?;
    let locked: Vec<StaffId> = locks(conn, ctx, &all).await?.into_keys().collect();
    let kept = locked.into_iter().take(LOCKED_MAX).collect::<Vec<_>>();
    Ok((!kept.is_empty()).then_some(kept))
}

/// Until when these accounts are locked. Failures are counted by hash, so that a user name that
/// does not exist is counted too; hence by computing the hashes, not by a join.
async fn locks(
    conn: &mut Conn,
    ctx: &Ctx,
    accounts: &[(StaffId, String)],
) -> Result<HashMap<StaffId, DateTime<Utc>>> {
    let mut found: HashMap<StaffId, DateTime<Utc>> = HashMap::new();
    for accounts in accounts.chunks(CHUNK) {
        let mut whose: HashMap<String, StaffId> = HashMap::new();
        for (staff, login) in accounts {
            for key in signin::throttles_of(ctx.municipality, login, *staff) {
                whose.insert(key.text, *staff);
            }
        }
        let keys: Vec<String> = whose.keys().cloned().collect();
        for (key, until) in throttle::blocked(conn, &keys, ctx.now()).await? {
            if let Some(staff) = whose.get(&key) {
                let latest = found.entry(*staff).or_insert(until);
                *latest = (*latest).max(until);
            }
        }
    }
    Ok(found)
}

async fn with_rest(conn: &mut Conn, ctx: &Ctx, mut found: Vec<Listed>) -> Result<Vec<Listed>> {
    if found.is_empty() {
        return Ok(found);
    }
    let keys: Vec<(StaffId, String)> = found.iter().map(|a| (a.staff, a.login.clone())).collect();
    let locks = locks(conn, ctx, &keys).await?;
    let ids: Vec<StaffId> = found.iter().map(|a| a.staff).collect();
    let mut places = posts::places(conn, ctx, &ids).await?;
    for account in &mut found {
        account.locked_until = locks.get(&account.staff).copied();
        account.places = places.remove(&account.staff).unwrap_or_default();
    }
    Ok(found)
}

/// One account, when the person has one.
pub(crate) async fn one(conn: &mut Conn, ctx: &Ctx, staff: StaffId) -> Result<Option<Listed>> {
    manager(ctx)?;
    let found = listing::one(conn, ctx, staff).await?.into_iter().collect();
    Ok(with_rest(conn, ctx, found).await?.pop())
}

/// Staff in service without an account, by kana.
pub(crate) async fn without(
    conn: &mut Conn,
    ctx: &Ctx,
    typed: &str,
    limit: i64,
) -> Result<Vec<Waiting>> {
    manager(ctx)?;
    let found = listing::without(conn, ctx, typed, limit).await?;
    with_places(conn, ctx, found).await
}

/// One person in service, who may be given an account.
///
/// # Errors
/// [`Error::NotFound`]: nobody here. [`Error::Invalid`]: left already.
pub(crate) async fn person(conn: &mut Conn, ctx: &Ctx, staff: StaffId) -> Result<Waiting> {
    manager(ctx)?;
    let person = in_service(conn, ctx, staff).await?;
    let mut found = with_places(conn, ctx, vec![person]).await?;
    found.pop().ok_or(Error::NotFound)
}

/// As [`person`], without their postings, for who is allowed already.
pub(super) async fn in_service(conn: &mut Conn, ctx: &Ctx, staff: StaffId) -> Result<Waiting> {
    let (person, left_on) = listing::person(conn, ctx, staff)
        .await?
        .ok_or(Error::NotFound)?;
    if left_on.is_some_and(|last| last < ctx.today()) {
        return Err(Error::Invalid(
            "この職員は退職しているため、アカウントを作成できません。退職日が違うときは、「機関・職員」で直してください。".into(),
        ));
    }
    Ok(person)
}

async fn with_places(conn: &mut Conn, ctx: &Ctx, mut found: Vec<Waiting>) -> Result<Vec<Waiting>> {
    let ids: Vec<StaffId> = found.iter().map(|w| w.staff).collect();
    let mut places = posts::places(conn, ctx, &ids).await?;
    for person in &mut found {
        person.places = places.remove(&person.staff).unwrap_or_default();
    }
    Ok(found)
}

/// Whom a command means by an id or a name; several people may have the same name.
///
/// # Errors
/// The actor may not manage staff; the database refuses.
pub async fn find_staff(conn: &mut Conn, ctx: &Ctx, asked: &str) -> Result<Vec<Waiting>> {
    manager(ctx)?;
    let found = match asked.parse::<StaffId>() {
        Ok(id) => listing::person(conn, ctx, id)
            .await?
            .map(|(person, _)| person)
            .into_iter()
            .collect(),
        Err(_) => listing::named(conn, ctx, asked).await?,
    };
    with_places(conn, ctx, found).await
}
