//! From a sender to the `Ctx` of a request.

use std::sync::Arc;

use chrono::NaiveDate;
use engawa_kernel::{
    context::{Actor, Ctx, Engine, Via},
    db::Conn,
    error::Result,
    id::StaffId,
    settings::Settings,
    text::wareki::Calendar,
};

use crate::{
    model::Ended,
    posts,
    store::place::{Place, Sender},
};

/// Nobody in particular: attempts to sign in, commands.
fn nobody() -> StaffId {
    StaffId(uuid::Uuid::nil())
}

/// A context for what the system itself does in a municipality.
pub(crate) fn system(engine: &Engine, place: &Place) -> Ctx {
    Ctx {
        engine: engine.clone(),
        actor: Actor {
            staff: nobody(),
            name: "システム".into(),
            postings: vec![],
        },
        via: Via::System,
        municipality: place.id,
        municipality_name: place.name.clone(),
        training: place.training,
        settings: Arc::new(place.settings.clone()),
        calendar: Calendar::Japanese,
        unread: 0,
        path: String::new(),
        saved: None,
    }
}

/// The context of a request, with today's postings.
pub(crate) async fn ctx_of(
    conn: &mut Conn,
    engine: &Engine,
    sender: &Sender,
    via: Via,
    path: &str,
) -> Result<Ctx> {
    let mut ctx = Ctx {
        engine: engine.clone(),
        actor: Actor {
            staff: sender.account.staff,
            name: sender.name.clone(),
            postings: vec![],
        },
        via,
        municipality: sender.place.id,
        municipality_name: sender.place.name.clone(),
        training: sender.place.training,
        settings: Arc::<Settings>::new(sender.place.settings.clone()),
        calendar: sender.calendar,
        unread: sender.unread,
        path: path.to_owned(),
        saved: None,
    };
    ctx.actor.postings = posts::today(conn, &ctx).await?;
    Ok(ctx)
}

/// Whether this person may be signed in at all today.
pub(crate) fn barred(sender: &Sender, ctx: &Ctx, today: NaiveDate) -> Option<Ended> {
    if sender.account.disabled {
        Some(Ended::Disabled)
    } else if sender.left_on.is_some_and(|last| last < today) {
        Some(Ended::Left)
    } else if ctx.actor.postings.is_empty() {
        Some(Ended::NoPosting)
    } else {
        None
    }
}
