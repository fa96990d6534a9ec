//! The card on the case's page: its digital equivalent, for those whom it lists; others see nothing
//! of it. Who may issue cards finds the way there.

use engawa_kernel::{
    access::RoomKey,
    components::{TagKind, card, tag},
    context::Ctx,
    db::Conn,
    error::Result,
};
use maud::{Markup, html};

use super::{
    model::{Card, CardState},
    screens::shown::{self, Read},
    store,
};
use crate::screens::parts::{self, People};

/// What the actor may read of the cards in use, as a box; nothing when there is nothing.
pub async fn panel(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, people: &People) -> Result<Markup> {
    let cards: Vec<Card> = store::all(conn, key)
        .await?
        .into_iter()
        .filter(|c| c.state == CardState::Issued)
        .collect();
    let mut boxes = Vec::new();
    for one in &cards {
        let read = Read::of(conn, ctx, key, one).await?;
        if read.listed {
            boxes.push(html! {
                h3 { (people.name(one.person)) "さん " (tag(TagKind::Neutral, &shown::version(one))) }
                (shown::lines(one, &read))
                p.hint { (parts::short(ctx, one.issued_on)) " 発行" }
            });
        }
    }
    if boxes.is_empty() && !key.may_write() {
        return Ok(html! {});
    }
    Ok(card(
        "連携カード",
        html! {
            @for one in &boxes { (one) }
            @if boxes.is_empty() {
                @if cards.is_empty() { p { "本人が持ち歩く、支援者の連絡先のカードを作れます。" } }
                @else { p { "使用中のカードが" (cards.len()) "枚あります。" } }
            }
            @if key.may_write() {
                p { a href={ "/cases/" (key.room()) "/cards" } { "連携カードを作る・確かめる" } }
            }
        },
    ))
}
