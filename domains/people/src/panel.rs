//! The household as the left column of a case page.

use engawa_kernel::{
    access::RoomKey,
    components::{TagKind, card, link_button, protected_mark, tag},
    context::Ctx,
    db::Conn,
    error::Result,
    id::HouseholdId,
};
use maud::{Markup, html};

use crate::{
    model::{ConsentState, HouseholdView, MemberView},
    store, words,
};

/// Members with age, relation, consent and protected marks; each name leads to the person.
///
/// # Errors
/// [`engawa_kernel::error::Error::NotFound`] when the household is not of this room.
pub async fn household_panel(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    household: HouseholdId,
) -> Result<Markup> {
    let view = store::household::household(conn, ctx, key, household).await?;
    let words = words::load(conn, ctx).await?;
    Ok(panel(ctx, key, &view, &words))
}

fn panel(ctx: &Ctx, key: &RoomKey, view: &HouseholdView, words: &words::Words) -> Markup {
    let today = ctx.today();
    let (left, here): (Vec<_>, Vec<_>) = view.members.iter().partition(|m| m.has_left(today));
    card(
        &view.name,
        html! {
            @if !view.types.is_empty() {
                p { @for code in &view.types { (tag(TagKind::Neutral, words.household_type(code))) " " } }
            }
            ul.members { @for m in &here { (member(key, m, words)) } }
            @if here.is_empty() { p.hint { "いまの世帯員は登録されていません。" } }
            @if !left.is_empty() {
                h3 { "以前の世帯員" }
                ul.members { @for m in &left { (member(key, m, words)) } }
            }
            p { (link_button(engawa_kernel::components::ButtonKind::Quiet,
                &format!("/people/households/{}?room={}", view.id, key.room()), "世帯を見る・直す")) }
        },
    )
}

fn member(key: &RoomKey, m: &MemberView, words: &words::Words) -> Markup {
    html! {
        li.member {
            p {
                a href=(format!("/people/{}?room={}", m.card.id, key.room())) { (m.card.shown_name) }
                @if !m.card.kana.is_empty() && m.card.kana != m.card.shown_name { " " span.hint { "（" (m.card.kana) "）" } }
            }
            p.member-facts {
                (words.kinship(&m.relation)) "・" (m.card.age_text)
                @if !m.co_resident { "・別居" }
                " " (consent_tag(m.consent))
                @if m.card.protected { " " (protected_mark()) }
            }
        }
    }
}

/// 同意 as a tag.
pub(crate) fn consent_tag(state: ConsentState) -> Markup {
    let kind = match state {
        ConsentState::Given | ConsentState::ByProxy => TagKind::Done,
        ConsentState::Partial | ConsentState::NotYet => TagKind::Waiting,
        ConsentState::Refused | ConsentState::Withdrawn | ConsentState::Expired => TagKind::Alert,
        ConsentState::NotExplained => TagKind::Neutral,
    };
    tag(kind, &format!("同意: {}", state.label()))
}
