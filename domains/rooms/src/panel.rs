//! The box on a room's page: who has a key now.

use std::collections::HashMap;

use engawa_kernel::{
    access::{self, AccessGrant, Level, Role, RoomKey, Source},
    clock,
    components::{NoticeKind, TagKind, card, notice, tag},
    context::Ctx,
    db::Conn,
    error::Result,
    id::{DeskId, PostingId},
    text::wareki,
};
use engawa_organisations::{PostingRef, desk_names, postings};
use maud::{Markup, html};

use crate::rules::{SOMEBODY, is_valid, may_name_lay};

/// Keys that the box lists; the page behind it lists all.
const SHOWN: usize = 8;

/// Who holds keys, in words.
pub struct Holders {
    postings: HashMap<PostingId, PostingRef>,
    desks: HashMap<DeskId, String>,
    hidden: Vec<PostingId>,
}

impl Holders {
    /// Looks the holders of these keys up.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn of(conn: &mut Conn, ctx: &Ctx, grants: &[AccessGrant]) -> Result<Self> {
        let ids: Vec<PostingId> = grants.iter().filter_map(|g| g.posting).collect();
        let desks: Vec<DeskId> = grants.iter().filter_map(|g| g.desk).collect();
        let postings = postings(conn, ctx, &ids).await?;
        let hidden = postings
            .values()
            .filter(|p| p.role == Role::Entry && !may_name_lay(&ctx.actor, p.staff))
            .map(|p| p.id)
            .collect();
        Ok(Self {
            postings,
            desks: desk_names(conn, &desks).await?,
            hidden,
        })
    }

    /// 「見本 太郎（社協 くらし相談窓口）」 or 「くらし相談窓口の全員」; a posting that has ended says so,
    /// since its key no longer opens. A lay receiver is named only to those who may know.
    pub fn name(&self, grant: &AccessGrant) -> String {
        if grant.posting.is_some_and(|p| self.hidden.contains(&p)) {
            return SOMEBODY.into();
        }
        if let Some(posting) = grant.posting.and_then(|p| self.postings.get(&p)) {
            let place = if posting.place.is_empty() {
                posting.role_label.clone()
            } else {
                posting.place.clone()
            };
            let ended = if posting.active {
                ""
            } else {
                "・配置終了"
            };
            return format!("{}（{place}{ended}）", posting.staff_name);
        }
        match grant.desk.and_then(|d| self.desks.get(&d)) {
            Some(desk) => format!("{desk}の全員"),
            None => "名称の登録がない窓口・配置".into(),
        }
    }
}

/// Until when, for keys that end.
pub fn until(ctx: &Ctx, grant: &AccessGrant) -> Option<String> {
    grant
        .valid_until
        .map(|at| wareki::format_date_time(clock::local(at), ctx.calendar))
}

/// What the box says of one holder: several keys of one are one line.
struct Held {
    name: String,
    words: Vec<&'static str>,
    writes: bool,
    /// Until when; none: a key without an end among them.
    until: Option<String>,
}

fn held(ctx: &Ctx, holders: &Holders, grants: &[AccessGrant]) -> Vec<Held> {
    let mut found: Vec<(Option<PostingId>, Option<DeskId>, Held)> = Vec::new();
    for grant in grants {
        let word = match (grant.source, grant.desk) {
            (Source::Owner, Some(_)) => "主担当の窓口",
            (source, _) => source.label(),
        };
        let writes = grant.level == Level::Write;
        let known = found
            .iter_mut()
            .find(|(p, d, _)| *p == grant.posting && *d == grant.desk);
        if let Some((.., one)) = known {
            if !one.words.contains(&word) {
                one.words.push(word);
            }
            one.writes |= writes;
            if grant.valid_until.is_none() {
                one.until = None;
            }
        } else {
            let one = Held {
                name: holders.name(grant),
                words: vec![word],
                writes,
                until: until(ctx, grant),
            };
            found.push((grant.posting, grant.desk, one));
        }
    }
    found.into_iter().map(|(.., one)| one).collect()
}

/// That the reader is here by 緊急閲覧 alone, and until when; nothing for everybody else. A page that
/// looks like any other would be forgotten to be one.
///
/// # Errors
/// The database refuses.
pub async fn emergency_notice(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Markup> {
    if key.may_write() {
        return Ok(html! {});
    }
    let mine: Vec<AccessGrant> = access::grants_of(conn, key.room())
        .await?
        .into_iter()
        .filter(|g| is_valid(g, ctx.now()))
        .filter(|g| {
            ctx.actor
                .postings
                .iter()
                .any(|p| g.posting == Some(p.id) || (p.desk.is_some() && g.desk == p.desk))
        })
        .collect();
    let last = mine.iter().filter_map(|g| g.valid_until).max();
    let Some(end) = last.filter(|_| mine.iter().all(|g| g.source == Source::BreakGlass)) else {
        return Ok(html! {});
    };
    let end = wareki::format_time(clock::local(end).time());
    Ok(notice(
        NoticeKind::Warn,
        &format!("緊急閲覧中（{end}まで）"),
        html! { p { "読むことだけができます。開いたことと読んだ時刻は記録されています。" } },
    ))
}

/// Who has keys to this room now, with links to all keys and to who has seen it.
///
/// # Errors
/// The database refuses.
pub async fn access_panel(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Markup> {
    let room = key.room();
    let valid: Vec<AccessGrant> = access::grants_of(conn, room)
        .await?
        .into_iter()
        .filter(|g| is_valid(g, ctx.now()))
        .collect();
    let holders = Holders::of(conn, ctx, &valid).await?;
    let shown = held(ctx, &holders, &valid);
    let body = html! {
        (emergency_notice(conn, ctx, key).await?)
        @if key.is_sealed() { p { (tag(TagKind::Alert, "限定記録")) " 個別に付けた閲覧権だけで開きます。" } }
        ul.plain {
            @for one in shown.iter().take(SHOWN) {
                li {
                    (one.name) " "
                    @for word in &one.words { (tag(TagKind::Neutral, word)) " " }
                    @if !one.writes { "閲覧のみ" }
                    @if let Some(until) = &one.until { " " (until) "まで" }
                }
            }
        }
        @if shown.len() > SHOWN { p { "ほか" (shown.len() - SHOWN) "件" } }
        p {
            a href=(format!("/rooms/{room}/keys")) { "閲覧権の一覧" }
            " "
            a href=(format!("/rooms/{room}/log")) { "だれが見たか" }
        }
    };
    Ok(card("この記録を開ける人", body))
}
