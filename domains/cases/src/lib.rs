//! ケース・支援: a household's support over time, from reception to closing and back.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | cases, 支援経過, 課題, the team, closings |
//! | [`rules`] | stages as one `match`; closing, owning, leaving; no I/O |
//! | [`store`] | every SQL statement, with the room's key |
//! | `screens` | one file per URL under `/cases` |
//! | [`card`] | 連携カード: whom one person can call |
//! | `api` | the same as JSON |

mod api;
pub mod card;
pub mod figures;
pub mod model;
pub mod packet;
pub mod rules;
mod screens;
pub mod store;

use axum::Router;
use engawa_kernel::{
    access::{Following, HandedOver, RoomKey},
    context::{Ctx, Engine},
    db::{Conn, Tx},
    error::Result,
    id::{PersonId, RoomId},
};

pub use model::{CaseCard, NewContact, Stage, Work};
pub use store::{
    case::NewCase,
    index::catch_up,
    list::{RoomLabel, labels},
    takeover::{Takeover, mine as takeovers_mine, of_desks as takeovers_of_desks},
};

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes().merge(card::screens::routes())
}

/// The JSON API.
pub fn api() -> utoipa_axum::router::OpenApiRouter<Engine> {
    api::routes()
}

/// The cases' part of a hand-over of rooms: the seats in the teams follow. The application registers
/// it with [`Engine::following`].
pub fn on_handover<'a>(tx: &'a mut Tx, ctx: &'a Ctx, what: &'a HandedOver) -> Following<'a> {
    Box::pin(store::handover::follow(tx, ctx, what))
}

/// The head of a case.
///
/// # Errors
/// The room holds no case.
pub async fn card(conn: &mut Conn, _ctx: &Ctx, key: &RoomKey) -> Result<CaseCard> {
    store::case::card(conn, key).await
}

/// My open cases (主担当), newest first, at most a page.
///
/// # Errors
/// The database refuses.
pub async fn mine(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<CaseCard>> {
    Ok(
        store::list::page(conn, ctx, store::list::View::Mine, false, 1)
            .await?
            .0,
    )
}

/// A few of my desks' open cases without contact for `settings.silent_days`, longest first.
///
/// # Errors
/// The database refuses.
pub async fn silent(conn: &mut Conn, ctx: &Ctx, few: i64) -> Result<Vec<CaseCard>> {
    store::list::longest_silent(conn, ctx, few).await
}

/// Cases about any of these people that the actor may see.
///
/// # Errors
/// The database refuses.
pub async fn about(conn: &mut Conn, ctx: &Ctx, people: &[PersonId]) -> Result<Vec<CaseCard>> {
    store::list::about(conn, ctx, people).await
}

/// Opens a case without its people yet: room, owner, number.
///
/// # Errors
/// A sealed case without a person as owner.
pub async fn open(tx: &mut Tx, ctx: &Ctx, new: NewCase) -> Result<RoomKey> {
    store::case::open(tx, ctx, new).await
}

/// A case to open from a consultation, with the household that was proposed.
#[derive(Debug, Clone)]
pub struct OpenCase {
    /// Room, owner, marks. `sealed` is taken from the consultation.
    pub case: NewCase,
    /// Who belongs to the household; people of the consultation.
    pub members: Vec<engawa_people::NewMember>,
}

/// Makes a case out of a consultation: the people, a household, the issues. Both rooms stay.
///
/// # Errors
/// The consultation's key lets only read, or a person is not of that consultation.
pub async fn open_from(
    tx: &mut Tx,
    ctx: &Ctx,
    consultation: &RoomKey,
    mut new: OpenCase,
) -> Result<RoomKey> {
    consultation.need_write()?;
    new.case.sealed = store::case::sealed_class(tx, consultation).await?;
    let opened_on = new.case.opened_on;
    let mut name = Some(new.case.label.clone());
    let case = store::case::open(tx, ctx, new.case).await?;
    let people = take_in(tx, ctx, consultation, &case).await?;
    // A household called after its first person goes on being called after them, whatever name they
    // get later.
    let first = people.get(..1).unwrap_or_default();
    if let Some(first) = engawa_people::cards(tx, ctx, &case, first).await?.first() {
        name = name.filter(|n| *n != engawa_people::named_after(&first.shown_name));
    }
    if !new.members.is_empty() {
        let household = engawa_people::NewHousehold {
            name,
            types: Vec::new(),
            members: new.members,
        };
        let household = engawa_people::create_household(tx, ctx, &case, household).await?;
        store::case::set_household(tx, &case, household).await?;
    }
    let card = engawa_consultations::card(tx, ctx, consultation).await?;
    for issue in card.issues {
        let mut of: Vec<Option<PersonId>> = issue
            .subjects
            .iter()
            .filter_map(|n| people.get(usize::try_from(n - 1).ok()?).copied())
            .map(Some)
            .collect();
        if of.is_empty() {
            of.push(None);
        }
        for person in of {
            let issue = store::issue::NewIssue {
                person,
                code: issue.code.clone(),
                note: String::new(),
                opened_on,
            };
            store::issue::add(tx, ctx, &case, issue).await?;
        }
    }
    Ok(case)
}

/// Takes a consultation into a case that is already there: its people, and the link.
///
/// # Errors
/// Either key lets only read.
pub async fn take_in(
    tx: &mut Tx,
    ctx: &Ctx,
    consultation: &RoomKey,
    case: &RoomKey,
) -> Result<Vec<PersonId>> {
    consultation.need_write()?;
    case.need_write()?;
    let people = engawa_consultations::subjects(tx, ctx, consultation).await?;
    for person in &people {
        engawa_people::add_to_room(tx, ctx, case, *person).await?;
    }
    engawa_consultations::became_case(tx, ctx, consultation, case.room()).await?;
    Ok(people)
}

/// Writes a 支援経過.
///
/// # Errors
/// The key lets only read.
pub async fn add_contact(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    new: NewContact,
) -> Result<model::ContactId> {
    store::contact::add(tx, ctx, key, new).await
}

/// The room behind an address.
#[must_use]
pub fn path(room: RoomId) -> String {
    format!("/cases/{room}")
}
