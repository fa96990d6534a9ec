//! /cases/packet.pdf: 引継書, one page a case, for whoever takes them over: of one's own cases, of those
//! that one has taken over and not confirmed yet (`taken=1`), or of a colleague who leaves
//! (`posting=…`) for who orders the hand-over. Each case is opened as any print is: with its key, and
//! with its line in the log; a case without a key is counted and nothing more.

use axum::{extract::Query, response::Response};
use engawa_kernel::{
    access::{self, Act, OwnedBy, RoomKey, RoomKind},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    http::id,
    id::{PostingId, RoomId, StaffId},
    paper::{Document, Imprint},
    protected::Protected,
    tasks,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use engawa_people::PersonCard;
use serde::Deserialize;

use super::{
    parts::{self, Names, People},
    reasons,
};
use crate::{
    model::CaseCard,
    packet::{CasePacket, CasePage, Contact, Due},
    store::{
        self,
        list::{self, PAGE, View},
        takeover,
    },
};

/// Cases in one packet; a longer caseload says how many are left.
const CASES: usize = 200;
/// Entries of the timeline on a page.
const LAST: usize = 3;

/// Whose cases.
#[derive(Deserialize)]
pub struct Wish {
    posting: Option<String>,
    taken: Option<String>,
}

/// What goes into the packet, before anything is opened.
struct Load {
    cards: Vec<CaseCard>,
    hidden: usize,
    from: String,
    to: String,
}

pub async fn get(ctx: Ctx, Query(wish): Query<Wish>) -> Result<Response> {
    let mut conn = ctx.read().await?;
    let load = match wish.posting.as_deref().filter(|p| !p.is_empty()) {
        Some(posting) => leaver(&mut conn, &ctx, id(posting)?).await?,
        None if wish.taken.as_deref() == Some("1") => taken(&mut conn, &ctx).await?,
        None => own(&mut conn, &ctx).await?,
    };
    let labels = codes::load(
        &mut conn,
        &ctx,
        &[
            CodeList::ContactKind,
            CodeList::TeamRole,
            reasons::LISTS[0],
            reasons::LISTS[1],
        ],
    )
    .await?;
    let mut cases = Vec::new();
    for card in load.cards.iter().take(CASES) {
        let key = access::open(
            &ctx,
            card.room,
            RoomKind::Case,
            Act::Print,
            "handover packet",
        )
        .await?;
        cases.push(one(&mut conn, &ctx, &key, card, &labels).await?);
    }
    drop(conn);
    let packet = CasePacket {
        from: load.from,
        to: load.to,
        cases,
        hidden: load.hidden,
        more: load.cards.len().saturating_sub(CASES),
        ..CasePacket::default()
    };
    Document::new("引継書", Imprint::of(&ctx))
        .with(&packet)?
        .show(&ctx, "hikitsugi.pdf")
        .await
}

fn myself(ctx: &Ctx) -> Result<String> {
    Ok(format!(
        "{}　{}",
        ctx.actor.posting()?.place,
        ctx.actor.name
    ))
}

/// The cases whose 主担当 one is.
async fn own(conn: &mut Conn, ctx: &Ctx) -> Result<Load> {
    let mut cards = Vec::new();
    for page in 1_u32.. {
        let (more, _) = list::page(conn, ctx, View::Mine, false, page).await?;
        let last = more.len() < PAGE as usize;
        cards.extend(more);
        if last {
            break;
        }
    }
    if cards.is_empty() {
        return Err(Error::Invalid(
            "主担当のケースがないため、引継書はありません。".into(),
        ));
    }
    Ok(Load {
        cards,
        hidden: 0,
        from: myself(ctx)?,
        to: String::new(),
    })
}

/// Those that one has taken over and not confirmed yet.
async fn taken(conn: &mut Conn, ctx: &Ctx) -> Result<Load> {
    let waiting = takeover::mine(conn, ctx).await?;
    let rooms: Vec<RoomId> = waiting.iter().map(|t| t.room).collect();
    let cards = list::of_rooms(conn, ctx, &rooms).await?;
    if cards.is_empty() {
        return Err(Error::Invalid(
            "確認を待つ引き継ぎがないため、引継書はありません。".into(),
        ));
    }
    let mut from: Vec<PostingId> = waiting.iter().filter_map(|t| t.from).collect();
    from.sort_unstable();
    from.dedup();
    let names = engawa_organisations::postings(conn, ctx, &from).await?;
    Ok(Load {
        cards,
        hidden: 0,
        from: from
            .iter()
            .filter_map(|p| names.get(p))
            .map(|p| format!("{}　{}", p.place, p.staff_name))
            .collect::<Vec<_>>()
            .join("、"),
        to: myself(ctx)?,
    })
}

/// A colleague's whole caseload, for who may hand it over: what the printer has a key to, and how
/// many more there are.
async fn leaver(conn: &mut Conn, ctx: &Ctx, posting: PostingId) -> Result<Load> {
    if ctx.actor.postings.iter().any(|p| p.id == posting) {
        return own(conn, ctx).await;
    }
    // Checks the duty, and keeps a supervisor to the own desks.
    let owned = access::owned_rooms(conn, ctx, OwnedBy::Posting(posting)).await?;
    let rooms: Vec<RoomId> = owned
        .into_iter()
        .filter(|r| r.kind == RoomKind::Case)
        .map(|r| r.id)
        .collect();
    if rooms.is_empty() {
        return Err(Error::Invalid(
            "この職員が主担当のケースがないか、あなたの窓口の職員ではないため、引継書はありません。".into(),
        ));
    }
    let cards = list::of_rooms(conn, ctx, &rooms).await?;
    let known = engawa_organisations::postings(conn, ctx, &[posting]).await?;
    let from = known.get(&posting).ok_or(Error::NotFound)?;
    Ok(Load {
        hidden: rooms.len() - cards.len(),
        cards,
        from: format!("{}　{}", from.place, from.staff_name),
        to: String::new(),
    })
}

async fn one(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    card: &CaseCard,
    labels: &Labels,
) -> Result<CasePage> {
    let people = People::load(conn, ctx, key).await?;
    let team = store::team::all(conn, key).await?;
    let names = Names::load(conn, ctx, &team).await?;
    let (entries, _) = store::contact::timeline(conn, key, None, LAST).await?;
    let issues = store::issue::all(conn, key).await?;
    let first = people.cards().first();
    let staff: Vec<StaffId> = entries.iter().map(|c| c.staff).collect();
    let writers = engawa_organisations::staff_names(conn, &staff).await?;
    let mut situation: Vec<String> = issues
        .iter()
        .filter(|i| i.end_state.is_none())
        .map(|i| labels.label(CodeList::Issue, &i.code).to_owned())
        .collect();
    if !situation.is_empty() {
        situation = vec![format!("課題: {}", situation.join("、"))];
    }
    situation.extend(entries.iter().filter(|c| c.deleted.is_none()).map(|c| {
        format!(
            "{} {} {}\n{}",
            parts::moment(ctx, c.at),
            labels.label(CodeList::ContactKind, &c.kind),
            writers.get(&c.staff).map_or("", String::as_str),
            c.body
        )
    }));
    let said = (team.as_slice(), &names, &people);
    let reasons = reasons::all(conn, ctx, key, card, said, labels).await?;
    Ok(CasePage {
        reasons: reasons.join("\n"),
        number: card.number.clone(),
        name: card.label.clone(),
        kana: first.map_or_else(String::new, |p| p.kana.clone()),
        about: first.map_or_else(String::new, |p| format!("{} {}", p.age_text, p.sex.label())),
        household: people
            .cards()
            .iter()
            .map(|p| format!("{}（{}）", p.shown_name, p.age_text))
            .collect::<Vec<_>>()
            .join("、"),
        contact: first.map_or_else(String::new, reach),
        care: if card.sealed {
            "限定記録です。個別に付けた閲覧権だけで開きます。".into()
        } else {
            String::new()
        },
        situation: situation.join("\n"),
        contacts: team
            .iter()
            .filter(|m| m.until_on.is_none() && !m.is_owner)
            .map(|m| Contact {
                body: names.member(m, &people),
                part: format!("{} {}", labels.label(CodeList::TeamRole, &m.role), m.does)
                    .trim()
                    .to_owned(),
                ..Contact::default()
            })
            .collect(),
        dues: tasks::open_in_room(conn, key)
            .await?
            .into_iter()
            .map(|t| Due {
                on: t.due_on.map_or_else(String::new, |d| parts::day(ctx, d)),
                what: t.title,
            })
            .collect(),
        last_contact: parts::day(ctx, card.last_contact_on),
        ..CasePage::default()
    })
}

/// Address and telephone; what is withheld stays 秘匿 on paper too.
fn reach(person: &PersonCard) -> String {
    [("住所・居所", &person.address), ("電話", &person.phones)]
        .map(|(label, value)| format!("{label} {}", said(value)))
        .join("\n")
}

fn said(value: &Protected<String>) -> &str {
    match value.shown() {
        Some(text) if text.is_empty() => "記録なし",
        Some(text) => text,
        None => "秘匿",
    }
}
