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
    db::{Conn, Tx},
    error::Result,
    id::{MunicipalityId, StaffId},
};
use serde_json::json;

use crate::{
    edge::Visit,
    hash,
    model::{
        Account, CODE_MINUTES, Ended, Gate, RECOVERY_CODES, SESSION_HOURS, SecondFactor, Session,
    },
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
    /// It fitted: the new cookie, and what comes next.
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
    key(
        "login",
        &format!("{municipality} {login}"),
        rules::FREE_FAILURES,
        24,
    )
}

/// Counts the failures of one account at a later step: `code`, `password`.
fn staff_throttle(step: &str, staff: StaffId) -> Key {
    key(step, &staff.to_string(), rules::FREE_FAILURES, 24)
}

/// Everything that can lock one account out.
pub(crate) fn throttles_of(municipality: MunicipalityId, login: &str, staff: StaffId) -> [Key; 3] {
    [
        login_throttle(municipality, login),
        staff_throttle("code", staff),
        staff_throttle("password", staff),
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

/// Whether the actor must use a second factor. The desks are asked only where it depends on them.
pub(crate) async fn must_have_second_factor(conn: &mut Conn, ctx: &Ctx) -> Result<bool> {
    let rule = |contracted| rules::needs_totp(&ctx.settings, ctx.training, contracted);
    Ok(
        rule(false)
            || (rule(true) && posts::any_contracted(conn, ctx, &ctx.actor.postings).await?),
    )
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
    let needed = must_have_second_factor(&mut conn, &ctx).await?;
    drop(conn);
    let now = ctx.now();
    let barred = people::barred(&sender, &ctx, ctx.today());
    let state = rules::after_password(account.totp.is_some(), needed);
    let ends = if state == SecondFactor::Code {
        now + Duration::minutes(CODE_MINUTES)
    } else {
        now + Duration::hours(SESSION_HOURS)
    };
    let (new, cookie) = session::fresh(account.staff, state, visit.agent.clone(), (now, ends))?;
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
    if let Some(old) = &visit.cookie {
        // The browser forgets its old cookie now; so does the list of sessions.
        session::revoke_cookie(&mut tx, account.staff, secret::digest(old), now).await?;
    }
    session::insert(&mut tx, &new, secret::digest(&cookie)).await?;
    if state != SecondFactor::Code {
        account::signed_in(&mut tx, account.staff, now).await?;
    }
    let detail =
        json!({ "session": new.id, "source": visit.source, "second_factor": state.as_code() });
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
    account::signed_in(&mut tx, account.staff, ctx.now()).await?;
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
async fn spend_code(
    tx: &mut Tx,
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
fn recovery_digest(staff: StaffId, code: &str) -> Vec<u8> {
    secret::digest(&format!("{staff} {code}"))
}

/// A session that showed its second factor gets a new cookie and its full length.
async fn promote(tx: &mut Tx, ctx: &Ctx, session: &Session) -> Result<String> {
    let cookie = secret::token()?;
    let ends: DateTime<Utc> = ctx.now() + Duration::hours(SESSION_HOURS);
    session::promote(tx, session.id, secret::digest(&cookie), (ctx.now(), ends)).await?;
    Ok(cookie)
}

/// A first code proves that the app has the secret: from now on it is the second factor, other
/// sessions end, and new recovery codes are returned, with the new cookie. `None`: it did not fit.
pub(crate) async fn enrol(
    ctx: &Ctx,
    session: &Session,
    account: &Account,
    typed: &str,
) -> Result<Option<(Vec<String>, String)>> {
    let Some(pending) = &account.totp_pending else {
        return Ok(None);
    };
    let code = rules::code_key(typed);
    let Some(step) = totp::step_of(pending, &code, ctx.now())? else {
        return Ok(None);
    };
    let mut tx = ctx.write().await?;
    if !account::enrol_totp(&mut tx, account.staff, pending, step).await? {
        return Ok(None);
    }
    let codes = new_recovery_codes(&mut tx, ctx, account.staff).await?;
    let cookie = promote(&mut tx, ctx, session).await?;
    session::revoke_all(&mut tx, account.staff, Some(session.id), ctx.now()).await?;
    audit::append(&mut tx, ctx, Entry::new("account.totp.enrolled")).await?;
    tx.commit().await?;
    Ok(Some((codes, cookie)))
}

/// Ten new recovery codes in place of all old ones, without their hyphens.
pub(crate) async fn new_recovery_codes(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..RECOVERY_CODES)
        .map(|_| secret::recovery_code())
        .collect::<Result<_>>()?;
    let hashes: Vec<Vec<u8>> = codes.iter().map(|c| recovery_digest(staff, c)).collect();
    recovery::replace(tx, staff, &hashes, ctx.now()).await?;
    Ok(codes)
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
