//! What a card says on screen, and to whom.

use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    db::Conn,
    error::Result,
    id::{DeskId, PostingId},
};
use maud::{Markup, html};

use crate::card::{
    model::{Card, CardState},
    rules, store,
};

/// How the actor may read one card today.
pub struct Read {
    /// The card names the actor, and what lets it do so holds today.
    pub listed: bool,
    /// For each line, whether the holder still agrees (or it is the desk's own).
    pub holds: Vec<bool>,
}

impl Read {
    /// Asks the consents of today.
    pub async fn of(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, card: &Card) -> Result<Self> {
        let postings: Vec<PostingId> = ctx.actor.postings.iter().map(|p| p.id).collect();
        let desks: Vec<DeskId> = ctx.actor.postings.iter().filter_map(|p| p.desk).collect();
        let mut read = Self {
            listed: false,
            holds: Vec::new(),
        };
        for line in &card.lines {
            let holds = store::still(conn, ctx, key, card.person, line).await?;
            read.listed |= holds && rules::lists(line, &postings, &desks);
            read.holds.push(holds);
        }
        Ok(read)
    }

    /// Whether the card says more than the holder agrees to today.
    pub fn is_stale(&self) -> bool {
        self.holds.contains(&false)
    }
}

/// 第2版
pub fn version(card: &Card) -> String {
    format!("第{}版", card.number)
}

/// The lines, whom to call; of those without consent any more only how many.
pub fn lines(card: &Card, read: &Read) -> Markup {
    let held = || card.lines.iter().zip(&read.holds).filter(|(_, h)| **h);
    let gone = card.lines.len() - held().count();
    html! {
        ul.supporters { @for (l, _) in held() { li {
            span { (l.name) @if !l.body.is_empty() { br; span.hint { (l.body) } } }
            strong { (l.phone) }
        } } }
        @if gone > 0 { p.hint { "同意が終わったため表示しない相手: " (gone) "件" } }
    }
}

/// Whether a card may be put on paper again.
pub fn printable(card: &Card, read: &Read) -> bool {
    card.state == CardState::Issued && !read.is_stale()
}
