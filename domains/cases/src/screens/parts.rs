//! Small views and choices that several of a case's pages share.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::RoomKey,
    audit::{self, Line},
    clock,
    components::{self, TagKind, tag},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    id::{DeskId, PersonId, PostingId},
    protected::Protected,
    text::wareki,
};
use engawa_organisations::PostingRef;
use engawa_people::PersonCard;
use maud::{Markup, html};

use crate::model::{CaseCard, Member, MemberKind, Stage};

/// A day in this user's calendar.
pub fn day(ctx: &Ctx, day: NaiveDate) -> String {
    wareki::format_date(day, ctx.calendar)
}

/// A short day, for tables.
pub fn short(ctx: &Ctx, day: NaiveDate) -> String {
    wareki::format_short(day, ctx.calendar)
}

/// A moment in this user's calendar.
pub fn moment(ctx: &Ctx, at: DateTime<Utc>) -> String {
    wareki::format_date_time(clock::local(at), ctx.calendar)
}

/// Who saved last and when, in words, as the log says; `is` knows the lines that are meant.
pub async fn last_saved(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    is: impl Fn(&Line) -> bool,
) -> Result<(String, String)> {
    let lines = audit::of_room(conn, key, None, 500).await?;
    let Some(line) = lines.iter().find(|l| is(l)) else {
        return Ok(("ほかの職員".into(), "先ほど".into()));
    };
    let staff: Vec<_> = line.staff.into_iter().collect();
    let names = engawa_organisations::staff_names(conn, &staff).await?;
    let who = names.into_values().next();
    Ok((
        who.unwrap_or_else(|| "ほかの職員".into()),
        moment(ctx, line.at),
    ))
}

/// What is known of somebody, 秘匿, or that nothing was written down.
pub fn known(value: &Protected<String>) -> Markup {
    html! { @if value.shown().is_some_and(String::is_empty) { "記録なし" } @else { (value) } }
}

/// A text with its line ends, as a paragraph.
pub fn lines(text: &str) -> Markup {
    html! { p { (components::lines(text)) } }
}

/// 段階
pub fn stage_tag(stage: Stage) -> Markup {
    let kind = match stage {
        Stage::Accepted | Stage::Assessment => TagKind::Waiting,
        Stage::Support | Stage::Alongside => TagKind::Active,
        Stage::Watch => TagKind::Neutral,
        Stage::Closed => TagKind::Done,
    };
    tag(kind, stage.label())
}

/// Stage and marks of a case.
pub fn marks(card: &CaseCard) -> Markup {
    html! {
        (stage_tag(card.stage))
        @if card.compound { " " (tag(TagKind::Waiting, "複合課題")) }
        @if card.gap { " " (tag(TagKind::Waiting, "制度の狭間")) }
        @if card.sealed { " " (tag(TagKind::Alert, "限定記録")) }
    }
}

/// The line above the pages under a case.
pub fn back(card: &CaseCard) -> Markup {
    html! {
        p { a href={ "/cases/" (card.room) } { "← " (card.number) " " (card.label) } " " (marks(card)) }
    }
}

/// Names of people in the room.
pub struct People(Vec<PersonCard>);

impl People {
    /// Everybody whom the room is about, in one go.
    pub async fn load(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Self> {
        Ok(Self(engawa_people::of_room(conn, ctx, key).await?))
    }
    /// The shown name.
    pub fn name(&self, person: PersonId) -> &str {
        self.0
            .iter()
            .find(|c| c.id == person)
            .map_or("(統合・移動した人)", |c| c.shown_name.as_str())
    }
    /// Several names.
    pub fn names(&self, people: &[PersonId]) -> String {
        people
            .iter()
            .map(|p| self.name(*p))
            .collect::<Vec<_>>()
            .join("、")
    }
    /// (id, name) for choices.
    pub fn options(&self) -> Vec<(String, String)> {
        self.0
            .iter()
            .map(|c| (c.id.to_string(), c.shown_name.clone()))
            .collect()
    }
    /// The people themselves.
    pub fn cards(&self) -> &[PersonCard] {
        &self.0
    }
}

/// Names of the postings and desks of a team, loaded once.
#[derive(Default)]
pub struct Names {
    /// Postings.
    pub postings: HashMap<PostingId, PostingRef>,
    /// Desks.
    pub desks: HashMap<DeskId, String>,
}

impl Names {
    /// For these members.
    pub async fn load(conn: &mut Conn, ctx: &Ctx, team: &[Member]) -> Result<Self> {
        let postings: Vec<PostingId> = team.iter().filter_map(|m| m.posting).collect();
        let desks: Vec<DeskId> = team.iter().filter_map(|m| m.desk).collect();
        Ok(Self {
            postings: engawa_organisations::postings(conn, ctx, &postings).await?,
            desks: engawa_organisations::desk_names(conn, &desks).await?,
        })
    }
    /// 「氏名(機関 窓口)」
    pub fn posting(&self, id: PostingId) -> String {
        self.postings
            .get(&id)
            .map_or_else(|| "(配置の記録がありません)".into(), posting_name)
    }
    /// As [`Names::posting`]; only the name of somebody at the desk that the reader knows anyway.
    pub fn posting_from(&self, desk: DeskId, id: PostingId) -> String {
        match self.postings.get(&id) {
            Some(p) if p.desk == Some(desk) && p.active => p.staff_name.clone(),
            _ => self.posting(id),
        }
    }
    /// A desk's name.
    pub fn desk(&self, id: DeskId) -> String {
        self.desks
            .get(&id)
            .cloned()
            .unwrap_or_else(|| "(窓口の記録がありません)".into())
    }
    /// What a member is called.
    pub fn member(&self, m: &Member, people: &People) -> String {
        match m.kind {
            MemberKind::Posting => m.posting.map(|p| self.posting(p)).unwrap_or_default(),
            MemberKind::Desk => m.desk.map(|d| self.desk(d)).unwrap_or_default(),
            MemberKind::Body => m.name.clone(),
            MemberKind::Family => m
                .person
                .map(|p| people.name(p).to_owned())
                .unwrap_or_default(),
        }
    }
}

/// 「氏名(機関 窓口)」
pub fn posting_name(p: &PostingRef) -> String {
    let mut name = p.staff_name.clone();
    if !p.place.is_empty() {
        name = format!("{name}({})", p.place);
    }
    if !p.active {
        name.push_str("・配置終了");
    }
    name
}

/// Postings and desks as one list of choices: `posting:…`, `desk:…`.
pub struct Holders {
    postings: Vec<PostingRef>,
    desks: Vec<(DeskId, String)>,
}

impl Holders {
    /// From these.
    pub const fn new(postings: Vec<PostingRef>, desks: Vec<(DeskId, String)>) -> Self {
        Self { postings, desks }
    }
    /// Everybody who works cases today and every open desk.
    pub async fn all(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        let postings = engawa_organisations::working_postings(conn, ctx).await?;
        let desks = engawa_organisations::desks(conn, ctx)
            .await?
            .into_iter()
            .map(|d| (d.id, format!("{} {}", d.body_name, d.name)))
            .collect();
        Ok(Self::new(postings, desks))
    }
    /// (code, label).
    pub fn options(&self) -> Vec<(String, String)> {
        let people = self
            .postings
            .iter()
            .filter(|p| p.desk.is_some())
            .map(|p| (posting_code(p.id), posting_name(p)));
        let desks = self
            .desks
            .iter()
            .map(|(id, name)| (desk_code(*id), format!("窓口: {}", name.trim())));
        people.chain(desks).collect()
    }
    /// The desk and posting behind a code.
    pub fn find(&self, code: &str) -> Result<(DeskId, Option<PostingId>)> {
        let unknown = || {
            Error::Invalid(
                "選んだ職員・窓口が見つかりません。画面を開き直して選び直してください。".into(),
            )
        };
        match code.split_once(':') {
            Some(("posting", _)) => self
                .postings
                .iter()
                .find(|p| posting_code(p.id) == code)
                .and_then(|p| Some((p.desk?, Some(p.id))))
                .ok_or_else(unknown),
            Some(("desk", _)) => self
                .desks
                .iter()
                .find(|(d, _)| desk_code(*d) == code)
                .map(|(d, _)| (*d, None))
                .ok_or_else(unknown),
            _ => Err(unknown()),
        }
    }
}

/// As in forms.
pub fn posting_code(id: PostingId) -> String {
    format!("posting:{id}")
}

/// As in forms.
pub fn desk_code(id: DeskId) -> String {
    format!("desk:{id}")
}
