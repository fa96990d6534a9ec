//! The work of each minute: whoever is due gets a mail.

use engawa_kernel::{context::Engine, error::Result, id::StaffId};
use uuid::Uuid;

use crate::{
    letter::Letter,
    mailer::{Mailer, Refusal},
    rules,
    store::{self, Claim, Outcome, Person},
};

/// What one turn did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Turned {
    /// Mails that the server took.
    pub sent: u32,
    /// Mails that it refused and that are tried again.
    pub later: u32,
    /// Mails that are not tried again.
    pub given_up: u32,
    /// The server could not be reached; the others wait.
    pub unreachable: bool,
}

enum Told {
    Sent,
    Later,
    GivenUp,
    Unreachable,
    /// Somebody else did it, or there is nothing to tell any more.
    Nothing,
}

/// Tells everybody whose mail is due, one after the other. May take long when a mail server is slow:
/// run it beside other work, never before it.
///
/// # Errors
/// The database refuses. What has been sent until then is marked.
pub async fn turn(engine: &Engine, mailer: &Mailer) -> Result<Turned> {
    let mut turned = Turned::default();
    if mailer.rests(engine.clock.now()) {
        return Ok(turned);
    }
    let mut after = StaffId(Uuid::nil());
    loop {
        let mut conn = engine.db.read().await?;
        let people = store::people(&mut conn, after, engine.clock.today()).await?;
        drop(conn);
        let last = people.len() < store::PAGE;
        for person in people {
            after = person.staff;
            if mailer.is_stopped() {
                return Ok(turned);
            }
            if !rules::due(&person.waiting, engine.clock.now()) {
                continue;
            }
            match tell(engine, mailer, &person).await? {
                Told::Sent => turned.sent += 1,
                Told::Later => turned.later += 1,
                Told::GivenUp => turned.given_up += 1,
                Told::Nothing => {}
                Told::Unreachable => {
                    turned.unreachable = true;
                    return Ok(turned);
                }
            }
        }
        if last {
            return Ok(turned);
        }
    }
}

async fn tell(engine: &Engine, mailer: &Mailer, person: &Person) -> Result<Told> {
    let staff = person.staff;
    let mut conn = engine.db.read().await?;
    let open = engawa_identity::has_open_account(&mut conn, staff).await?;
    drop(conn);
    if !open {
        return Ok(Told::Nothing);
    }
    let now = engine.clock.now();
    // After the last attempt too: should the program end in it, that one is made again.
    let retry = |attempts| {
        rules::again_after(attempts, now)
            .or_else(|| rules::again_after(rules::ATTEMPTS - 1, now))
            .unwrap_or(now)
    };
    let Some(claim) = store::claim(engine, staff, retry).await? else {
        return Ok(Told::Nothing);
    };
    let letter = Letter {
        unread: claim.unread,
        since: claim.since,
        calendar: person.calendar,
        training: person.training,
    };
    let text = letter.text(engine.public_url.as_deref());
    match mailer.send(&person.address, text, now).await {
        Ok(()) => {
            store::settle(engine, staff, &claim, Outcome::Taken).await?;
            Ok(Told::Sent)
        }
        Err(Refusal::Server(why)) => {
            store::settle(engine, staff, &claim, Outcome::Undone).await?;
            let until = mailer.failed(engine.clock.now());
            tracing::warn!(
                "the mail server cannot be used ({why}); notices wait, tried again after {until}"
            );
            Ok(Told::Unreachable)
        }
        Err(Refusal::Mail(why)) if claim.attempts < rules::ATTEMPTS => {
            tracing::warn!(
                "a mail to staff {staff} was refused, attempt {} of {}: {why}",
                claim.attempts,
                rules::ATTEMPTS
            );
            Ok(Told::Later)
        }
        Err(Refusal::Mail(why)) => give_up(engine, person, &claim, &why).await,
        Err(Refusal::Address) => give_up(engine, person, &claim, "not an address").await,
    }
}

/// The notices stay unread in Engawa; `/account` says that the address does not work.
async fn give_up(engine: &Engine, person: &Person, claim: &Claim, why: &str) -> Result<Told> {
    let staff = person.staff;
    store::settle(engine, staff, claim, Outcome::GivenUp(&person.address)).await?;
    tracing::warn!(
        "mails to staff {staff} are given up after {} attempts, {} notices: {why}",
        claim.attempts,
        claim.notices.len()
    );
    Ok(Told::GivenUp)
}
