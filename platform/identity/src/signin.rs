//! Signing in, step by step: password, second factor, and the password again.
//!
//! Every attempt is counted before it is judged and written into the log afterwards. What a caller
//! learns of a failed one is one of four sentences, none of which depends on whether there is such
//! an account.

use axum::http::StatusCode;
use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    audit::{self, Entry},
    context::{Ctx, Engine, Via},
    error::Result,
    id::{MunicipalityId, StaffId},
};
use serde_json::json;

use crate::{
    edge::Visit,
    hash,
    model::{Account, CODE_MINUTES, Ended, Gate, SESSION_HOURS, SecondFactor, Session},
    people, posts, rules, secret,
    store::{
        account,
        place::{self, Place},
        recovery, session,
        throttle::{self, Key, Verdict},
    },
    totp,
};

/// How an attempt ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It fitted: the new cookie (none when the old one stays), and what comes next.
    In { cookie: String, gate: Gate },
    /// It did not, with the sentence for the page.
    Refused(StatusCode, &'static str),
}

fn wrong(sentence: &'static str) -> Outcome {
    Outcome::Refused(StatusCode::UNPROCESSABLE_ENTITY, sentence)
}
fn wait() -> Outcome {
    Outcome::Refused(StatusCode::TOO_MANY_REQUESTS, rules::WAIT)
}

fn key(kind: &str, what: &str, free: i64, forget_hours: i64) -> Key {
    Key {
        text: format!("{kind}:{}", secret::hex(&secret::digest(what))),
        free,
        forget_hours,
    }
}

/// Counts the failures of one user name, whether or not there is such an account.
fn login_throttle(municipality: MunicipalityId, login: &str) -> Key {
    key("login", &format!("{municipality} {login}"), rules::FREE_FAILURES, 24)
}

/// Counts the failures of one account at a later step: `code`, `password`.
fn staff_throttle(step: &str, staff: StaffId) -> Key {
    key(step, &staff.to_string(), rules::FREE_FAILURES, 24)
}

/// Everything that can lock one account out.
pub(crate) fn throttles_of(account: &Account) -> [Key; 3] {
    [
        login_throttle(account.municipality, &account.login),
        staff_throttle("code", account.staff),
        staff_throttle("password", account.staff),
    ]
}

fn source_throttle(source: &str) -> Key {
    key("source", source, rules::FREE_FAILURES_SOURCE, 1)
}

/// Counts the attempt on every key, or says which one blocks it.
async fn reserve(ctx: &Ctx, keys: &[Key]) -> Result<Verdict> {
    let mut tx = ctx.write().await?;
    for (place, key) in keys.iter().enumerate() {
        let verdict = throttle::count(&mut tx, key, ctx.now()).await?;
        if verdict != Verdict::Counted {
            for counted in keys.iter().take(place) {
                throttle::forgive(&mut tx, counted).await?;
            }
            // A flood of blocked attempts must not fill the log: the first of each wait is in it.
            tx.commit_unaudited().await?;
            return Ok(verdict);
        }
    }
    // The attempt itself is written into the log when its outcome is known.
    tx.commit_unaudited().await?;
    Ok(Verdict::Counted)
}

/// Writes one line about an attempt that failed. No user name: it may be a mistyped password.
async fn note(
    ctx: &Ctx,
    action: &'static str,
    account: Option<StaffId>,
    source: Option<&str>,
) -> Result<()> {
    let mut tx = ctx.write().await?;
    throttle::sweep(&mut tx, ctx.now()).await?;
    let detail = json!({ "account": account, "source": source });
    audit::append(&mut tx, ctx, Entry::new(action).detail(detail)).await?;
    tx.commit().await
}

/// User name and password.
pub(crate) async fn with_password(
    engine: &Engine,
    place: &Place,
    visit: &Visit,
    login: &str,
    password: &str,
) -> Result<Outcome> {
    let system = people::system(engine, place);
    let login = rules::login_key(login);
    let by_login = login_throttle(place.id, &login);
    let by_source = visit.source.as_deref().map(source_throttle);
    let keys: Vec<Key> = std::iter::once(by_login.clone())
        .chain(by_source.clone())
        .collect();
    let source = visit.source.as_deref();
    match reserve(&system, &keys).await? {
        Verdict::Counted => {}
        Verdict::BlockedNow => {
            note(&system, "login.blocked", None, source).await?;
            return Ok(wait());
        }
        Verdict::Blocked => return Ok(wait()),
    }
    let mut conn = engine.db.read().await?;
    let account = account::by_login(&mut conn, place.id, &login).await?;
    drop(conn);
    let good = hash::verify_password(password, account.as_ref().map(|a| &a.hashed)).await?;
    let Some(account) = account.filter(|_| good) else {
        note(&system, "login.refused", None, source).await?;
        return Ok(wrong(rules::WRONG));
    };
    admit(engine, visit, &account, &by_login, by_source.as_ref()).await
}

/// The password fitted: a session, unless the person may not come in today.
async fn admit(
    engine: &Engine,
    visit: &Visit,
    account: &Account,
    by_login: &Key,
    by_source: Option<&Key>,
) -> Result<Outcome> {
    let mut conn = engine.db.read().await?;
    let Some(sender) = place::by_staff(&mut conn, account.staff).await? else {
        return Ok(wrong(rules::WRONG));
    };
    let ctx = people::ctx_of(&mut conn, engine, &sender, Via::System, "/login").await?;
    let needed = rules::needs_totp(&ctx.settings, ctx.training, false)
        || (rules::needs_totp(&ctx.settings, ctx.training, true)
            && posts::any_contracted(&mut conn, &ctx, &ctx.actor.postings).await?);
    drop(conn);
    let now = ctx.now();
    let barred = people::barred(&sender, &ctx, ctx.today());
    let state = rules::after_password(account.totp.is_some(), needed);
    let ends = if state == SecondFactor::Code {
        now + Duration::minutes(CODE_MINUTES)
    } else {
        now + Duration::hours(SESSION_HOURS)
    };
    let (new, cookie) =
        session::fresh(account.staff, state, visit.agent.clone(), (now, ends))?;
    let mut tx = ctx.write().await?;
    throttle::clear(&mut tx, by_login).await?;
    if let Some(key) = by_source {
        throttle::forgive(&mut tx, key).await?;
    }
    if let Some(why) = barred {
        let detail = json!({ "why": why.as_code(), "source": visit.source });
        audit::append(&mut tx, &ctx, Entry::new("login.barred").detail(detail)).await?;
        tx.commit().await?;
        return Ok(Outcome::Refused(StatusCode::FORBIDDEN, why.sentence()));
    }
    session::sweep(&mut tx, account.staff, now).await?;
    session::insert(&mut tx, &new, secret::digest(&cookie)).await?;
    let detail = json!({ "session": new.id, "source": visit.source, "second_factor": state.as_code() });
    audit::append(&mut tx, &ctx, Entry::new("login.password").detail(detail)).await?;
    tx.commit().await?;
    Ok(Outcome::In {
        cookie,
        gate: rules::gate(&new, account),
    })
}

/// The code of the second factor, or a recovery code, after the password.
pub(crate) async fn with_code(
    ctx: &Ctx,
    session: &Session,
    account: &Account,
    visit: &Visit,
    typed: &str,
) -> Result<Outcome> {
    let by_code = staff_throttle("code", account.staff);
    let source = visit.source.as_deref();
    match reserve(ctx, std::slice::from_ref(&by_code)).await? {
        Verdict::Counted => {}
        Verdict::BlockedNow => {
            note(ctx, "login.code.blocked", Some(account.staff), source).await?;
            return Ok(wait());
        }
        Verdict::Blocked => return Ok(wait()),
    }
    let mut tx = ctx.write().await?;
    let Some(with) = spend_code(&mut tx, ctx, account, typed).await? else {
        drop(tx);
        note(ctx, "login.code.refused", Some(account.staff), source).await?;
        return Ok(wrong(rules::WRONG_CODE));
    };
    throttle::clear(&mut tx, &by_code).await?;
    let cookie = promote(&mut tx, ctx, session).await?;
    let detail = json!({ "session": session.id, "with": with, "source": source });
    audit::append(&mut tx, ctx, Entry::new("login.code").detail(detail)).await?;
    tx.commit().await?;
    let done = Session {
        second_factor: SecondFactor::Done,
        ..session.clone()
    };
    Ok(Outcome::In {
        cookie,
        gate: rules::gate(&done, account),
    })
}

/// Uses up what was typed: a code of the app or a recovery code. Which of the two it was.
pub(crate) async fn spend_code(
    tx: &mut engawa_kernel::db::Tx,
    ctx: &Ctx,
    account: &Account,
    typed: &str,
) -> Result<Option<&'static str>> {
    let code = rules::code_key(typed);
    if let Some(secret) = &account.totp
        && let Some(step) = totp::step_of(secret, &code, ctx.now())?
    {
        let fresh = account::use_step(tx, account.staff, step).await?;
        return Ok(fresh.then_some("totp"));
    }
    let hash = recovery_digest(account.staff, &code);
    let spent = recovery::spend(tx, account.staff, hash, ctx.now()).await?;
    Ok(spent.then_some("recovery"))
}

/// Bound to its person, so that equal codes of two people do not look equal.
pub(crate) fn recovery_digest(staff: StaffId, code: &str) -> Vec<u8> {
    secret::digest(&format!("{staff} {code}"))
}

/// A session that showed its second factor gets a new cookie and its full length.
pub(crate) async fn promote(
    tx: &mut engawa_kernel::db::Tx,
    ctx: &Ctx,
    session: &Session,
) -> Result<String> {
    let cookie = secret::token()?;
    let ends: DateTime<Utc> = ctx.now() + Duration::hours(SESSION_HOURS);
    session::promote(
        tx,
        session.id,
        secret::digest(&cookie),
        &secret::token()?,
        (ctx.now(), ends),
    )
    .await?;
    Ok(cookie)
}

/// The password again, before something that a passer-by at an open screen must not do. `None`: it
/// fitted.
pub(crate) async fn password_again(
    ctx: &Ctx,
    account: &Account,
    password: &str,
) -> Result<Option<(StatusCode, &'static str)>> {
    let by_staff = staff_throttle("password", account.staff);
    match reserve(ctx, std::slice::from_ref(&by_staff)).await? {
        Verdict::Counted => {}
        Verdict::BlockedNow => {
            note(ctx, "password.blocked", Some(account.staff), None).await?;
            return Ok(Some((StatusCode::TOO_MANY_REQUESTS, rules::WAIT)));
        }
        Verdict::Blocked => return Ok(Some((StatusCode::TOO_MANY_REQUESTS, rules::WAIT))),
    }
    if !hash::verify_password(password, Some(&account.hashed)).await? {
        note(ctx, "password.refused", Some(account.staff), None).await?;
        return Ok(Some((
            StatusCode::UNPROCESSABLE_ENTITY,
            rules::WRONG_PASSWORD,
        )));
    }
    let mut tx = ctx.write().await?;
    throttle::clear(&mut tx, &by_staff).await?;
    tx.commit_unaudited().await?;
    Ok(None)
}

/// Ends the session for a reason that lies in the account, and writes it down once.
pub(crate) async fn end(ctx: &Ctx, session: &Session, why: Ended) -> Result<()> {
    let mut tx = ctx.write().await?;
    if session::revoke(&mut tx, session.staff, session.id, ctx.now()).await? {
        let detail = json!({ "session": session.id, "why": why.as_code() });
        audit::append(&mut tx, ctx, Entry::new("session.ended").detail(detail)).await?;
        tx.commit().await?;
    }
    Ok(())
}
