//! つなぐシート of stories and of the bulk: agreed to, sent and answered through the domains' own
//! functions, each by somebody at that desk at that time.

pub mod bulk;

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    access::{self, Basis, RoomKind},
    context::{ActivePosting, Actor, Ctx},
    error::{Error, Result},
    id::{DeskId, PersonId, RoomId},
};
use engawa_people::{self as people, ConsentItem, ConsentMethod, ConsentState, NewConsent};
use engawa_referrals::{
    model::{Content, Doing, KeyLevel, ReferralKind, To, Urgency},
    store::{act, send, sheet},
};

use crate::town::{Member, Town};

/// This member of staff at work; the clock stands at that moment from now on.
pub fn acting(base: &Ctx, town: &Town, member: &Member, at: DateTime<Utc>) -> Ctx {
    base.engine.clock.set(at);
    let body = &town.bodies[member.body];
    let desk = member.desk.map(|d| &town.desks[d]);
    Ctx {
        actor: Actor {
            staff: member.seat.staff,
            name: member.name.clone(),
            postings: vec![ActivePosting {
                id: member.seat.posting,
                body: body.id,
                desk: desk.map(|d| d.id),
                role: member.role,
                role_label: member.role.label().into(),
                place: desk.map_or_else(
                    || body.name.clone(),
                    |d| format!("{} {}", body.name, d.name),
                ),
            }],
        },
        ..base.clone()
    }
}

/// These people of a case let everything be passed on to a desk.
///
/// # Errors
/// The case does not open, or the database refuses.
pub async fn agree(ctx: &Ctx, case: RoomId, agreed: &[PersonId], desk: DeskId) -> Result<()> {
    let (mut tx, key) = access::open_for_write(ctx, case, RoomKind::Case, "consent").await?;
    for person in agreed {
        let consent = NewConsent {
            state: ConsentState::Given,
            items: ConsentItem::ALL.to_vec(),
            desks: vec![desk],
            recipients: String::new(),
            purpose: "ほかの窓口と一緒に支えるため".into(),
            method: ConsentMethod::Oral,
            proxy: String::new(),
            valid_from: ctx.today(),
            valid_until: None,
            witness: String::new(),
            capacity_note: String::new(),
            explained_by: ctx.actor.name.clone(),
        };
        people::record_consent(&mut tx, ctx, &key, *person, &consent).await?;
    }
    tx.commit().await
}

/// A sheet that says nothing yet.
pub fn blank(ctx: &Ctx, people: Vec<PersonId>, to: DeskId) -> Content {
    Content {
        kind: ReferralKind::HandOver,
        to: To::Desk(to, None),
        people,
        issues: Vec::new(),
        wishes: String::new(),
        words: String::new(),
        reason: String::new(),
        asked: String::new(),
        urgency: Urgency::Normal,
        reply_due_on: ctx.today() + Duration::days(7),
        key_level: KeyLevel::Read,
        basis: Basis::Consent,
        basis_reason: String::new(),
    }
}

/// Writes a sheet, and sends it unless it stays a draft.
///
/// # Errors
/// It cannot go out like this, or the database refuses.
pub async fn written(ctx: &Ctx, case: RoomId, content: &Content, goes: bool) -> Result<RoomId> {
    let (mut tx, source) = access::open_for_write(ctx, case, RoomKind::Case, "referral").await?;
    let key = sheet::begin(&mut tx, ctx, &source, content, None)
        .await
        .map_err(defect)?;
    if goes {
        send::send(&mut tx, ctx, &key, 1, true)
            .await
            .map_err(defect)?;
    }
    tx.commit().await?;
    Ok(key.room())
}

/// What somebody does on the sheet's page, having looked at it.
///
/// # Errors
/// It cannot be done now, or the database refuses.
pub async fn does(ctx: &Ctx, room: RoomId, doing: &Doing) -> Result<()> {
    let (mut tx, key) = access::open_for_write(ctx, room, RoomKind::Referral, "referral").await?;
    let now = sheet::read(&mut tx, &key).await?;
    if now.opened_at.is_none()
        && now
            .to_desk()
            .is_some_and(|d| ctx.actor.postings.iter().any(|p| p.desk == Some(d)))
    {
        sheet::opened(&mut tx, ctx, &key, ctx.now()).await?;
    }
    act::act(&mut tx, ctx, &key, doing, now.version)
        .await
        .map_err(defect)?;
    tx.commit().await
}

/// A refusal is a mistake of the demo's, not of whoever makes one.
fn defect(e: Error) -> Error {
    match e {
        Error::Invalid(why) | Error::Forbidden(why) => {
            Error::Internal(format!("the demo's sheets: {why}"))
        }
        e => e,
    }
}
