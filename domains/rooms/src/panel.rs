//! Who holds a key to a room, as other domains' pages show it, and names of key holders.

use std::collections::HashMap;

use engawa_kernel::{
    access::{AccessGrant, RoomKey, grants_of},
    components::card,
    context::Ctx,
    db::Conn,
    error::Result,
    id::{DeskId, PostingId},
};
use engawa_organisations::PostingRef;
use maud::{Markup, html};

/// Names of holders, fetched at once.
pub struct Holders {
    postings: HashMap<PostingId, PostingRef>,
    desks: HashMap<DeskId, String>,
}

impl Holders {
    /// Of these keys.
    pub async fn of(conn: &mut Conn, ctx: &Ctx, keys: &[AccessGrant]) -> Result<Self> {
        let mut postings: Vec<PostingId> = keys.iter().filter_map(|k| k.posting).collect();
        postings.sort_unstable();
        postings.dedup();
        let mut desks: Vec<DeskId> = keys.iter().filter_map(|k| k.desk).collect();
        desks.sort_unstable();
        desks.dedup();
        Ok(Self {
            postings: engawa_organisations::postings(conn, ctx, &postings).await?,
            desks: engawa_organisations::desk_names(conn, &desks).await?,
        })
    }

    /// 「氏名(機関 窓口)」 or 「窓口の全員」
    pub fn name(&self, key: &AccessGrant) -> String {
        if let Some(p) = key.posting.and_then(|id| self.postings.get(&id)) {
            return format!("{}({})", p.staff_name, p.place);
        }
        match key.desk.and_then(|id| self.desks.get(&id)) {
            Some(desk) => format!("{desk}の全員"),
            None => "以前の配置".to_owned(),
        }
    }
}

/// The keys that fit now, short, with links to all of them and to who has seen the room.
///
/// # Errors
/// The database refuses.
pub async fn access_panel(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Markup> {
    let now = ctx.now();
    let keys: Vec<AccessGrant> = grants_of(conn, key.room())
        .await?
        .into_iter()
        .filter(|k| k.revoked_at.is_none() && k.valid_until.is_none_or(|until| until > now))
        .collect();
    let holders = Holders::of(conn, ctx, &keys).await?;
    let mut lines: Vec<(String, &'static str)> = keys
        .iter()
        .map(|k| (holders.name(k), k.source.label()))
        .collect();
    lines.dedup();
    let room = key.room();
    Ok(card(
        "この記録を見られる人",
        html! {
            @if key.is_sealed() { p { strong { "限定記録" } ":窓口の全員ではなく、次の人だけが開けます。" } }
            ul { @for (name, why) in lines.iter().take(8) { li { (name) " — " (why) } } }
            @if lines.len() > 8 { p { "ほか" (lines.len() - 8) "件" } }
            p { a href=(format!("/rooms/{room}/keys")) { "閲覧権の一覧" } " ・ " a href=(format!("/rooms/{room}/log")) { "だれが見たか" } }
        },
    ))
}
