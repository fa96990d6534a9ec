//! What the pages of a person share: the way back to the room, tabs, dates.

use axum::http::StatusCode;
use chrono::NaiveDate;
use engawa_kernel::{
    access::{RoomKey, RoomKind},
    components::{NoticeKind, Tab, notice, protected_mark, tabs},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::Form,
    id::{HouseholdId, PersonId},
    page::{self, Frame},
    text::wareki::{self, DateError},
};
use maud::{Markup, html};

use crate::{door, model::PersonCard, store};

/// Where a page of a person is, seen through this room.
pub(super) fn href(key: &RoomKey, person: PersonId, rest: &str) -> String {
    format!("/people/{person}{rest}?room={}", key.room())
}

/// Where a household is, seen through this room.
pub(super) fn household_href(key: &RoomKey, household: HouseholdId) -> String {
    format!("/people/households/{household}?room={}", key.room())
}

/// The person of a page, and the number of the room that they are seen through.
pub(super) struct This {
    card: PersonCard,
    number: String,
}

impl std::ops::Deref for This {
    type Target = PersonCard;
    fn deref(&self) -> &PersonCard {
        &self.card
    }
}

/// The person that the opened room is about.
pub(super) async fn card(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
) -> Result<This> {
    let card = store::cards::cards(conn, ctx, key, &[person])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    let number = door::number_of(conn, key).await?;
    Ok(This { card, number })
}

/// The way back to the room that a page is seen through, by the number people know it by.
pub(super) fn back(key: &RoomKey, number: &str) -> Markup {
    let kind = match key.kind() {
        RoomKind::Consultation => "相談",
        RoomKind::Case => "ケース",
        RoomKind::Referral => "つなぐシート",
    };
    html! { p { a href=(key.kind().path(key.room())) { "← " (kind) " " (number) } } }
}

/// The frame of a page under a room: the menu marks what the room belongs to.
pub(super) fn frame(ctx: &Ctx, key: &RoomKey) -> Frame {
    let mut frame = ctx.frame();
    let path = key.kind().path(key.room());
    for item in &mut frame.menu {
        item.active = path.starts_with(&format!("{}/", item.href));
    }
    frame
}

/// The tabs of a person; the word is the address' last part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Person,
    Addresses,
    Relationships,
    Consents,
    Protection,
    Merge,
    /// A form below one of them.
    Below,
}

/// A page of a person: who it is, the way back, the tabs.
pub(super) fn page_of(
    ctx: &Ctx,
    key: &RoomKey,
    card: &This,
    place: Place,
    title: &str,
    body: Markup,
) -> Markup {
    let tab = |label: &str, rest: &str, this: Place| Tab {
        href: href(key, card.id, rest),
        label: label.to_owned(),
        count: None,
        active: this == place,
    };
    let all = [
        tab("基本", "", Place::Person),
        tab("住所・居所", "/addresses", Place::Addresses),
        tab("関係", "/relationships", Place::Relationships),
        tab("同意と提供", "/consents", Place::Consents),
        tab("秘匿(支援措置)", "/protection", Place::Protection),
        tab("名寄せ", "/merge", Place::Merge),
    ];
    let content = html! {
        (back(key, &card.number))
        @if card.protected {
            (notice(NoticeKind::Warn, "支援措置などにより所在を秘匿しています", html! {
                p { "住所・電話・学校・勤め先・通院先・担当機関は表示しません。所在がわかることを、メモや支援経過に書かないでください。" }
            }))
        }
        (tabs("この人のページ", &all))
        (body)
    };
    let heading = if title.is_empty() {
        card.shown_name.clone()
    } else {
        format!("{} — {title}", card.shown_name)
    };
    page::page(&frame(ctx, key), &heading, content)
}

/// A form with its errors beside the fields; nothing was saved.
pub(super) fn again(page: Markup) -> Error {
    Error::Page(StatusCode::UNPROCESSABLE_ENTITY, Box::new(page))
}

/// Both texts of a record that somebody else saved first.
pub(super) fn conflict(page: Markup) -> Error {
    Error::Page(StatusCode::CONFLICT, Box::new(page))
}

/// A day as this user reads it.
pub(super) fn day(ctx: &Ctx, day: NaiveDate) -> String {
    wareki::format_date(day, ctx.calendar)
}

/// From–to in words; unknown ends are said.
pub(super) fn period(ctx: &Ctx, from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (None, None) => "始まりは不明".into(),
        (Some(from), None) => format!("{}から", day(ctx, from)),
        (None, Some(to)) => format!("{}まで", day(ctx, to)),
        (Some(from), Some(to)) => format!("{}から{}まで", day(ctx, from), day(ctx, to)),
    }
}

/// A text, 秘匿, or a dash.
pub(super) fn shown(value: &engawa_kernel::protected::Protected<String>) -> Markup {
    match value.shown() {
        None => protected_mark(),
        Some(text) if text.is_empty() => html! { "—" },
        Some(text) => html! { (text) },
    }
}

/// A text or a dash.
pub(super) fn or_dash(text: &str) -> Markup {
    html! { @if text.is_empty() { "—" } @else { (text) } }
}

/// Reads a date field.
pub(super) fn date(
    ctx: &Ctx,
    form: &mut Form,
    name: &str,
    label: &str,
    required: bool,
) -> Option<NaiveDate> {
    let today = ctx.today();
    form.parsed(
        name,
        label,
        required,
        |text| -> Result<NaiveDate, DateError> { wareki::parse_date(text, today) },
    )
}

/// A moment as this user reads it.
pub(super) fn moment(ctx: &Ctx, at: chrono::DateTime<chrono::Utc>) -> String {
    wareki::format_date_time(engawa_kernel::clock::local(at), ctx.calendar)
}
