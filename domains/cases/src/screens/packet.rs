//! /cases/packet.pdf: 引継書 of the cases whose 主担当 one is, one page a case, for whoever takes them
//! over. Each case is opened as any print is: with its key, and with its line in the log.

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    access::{self, Act, RoomKey, RoomKind},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    id::StaffId,
    paper::{Document, Imprint},
    protected::Protected,
    tasks,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use engawa_people::PersonCard;

use super::parts::{self, Names, People};
use crate::{
    model::CaseCard,
    packet::{CasePacket, CasePage, Contact, Due},
    store::{
        self,
        list::{self, PAGE, View},
    },
};

/// Cases in one packet; whoever has more prints what the list shows first.
const CASES: usize = 100;
/// Entries of the timeline on a page.
const LAST: usize = 3;

pub async fn get(ctx: Ctx) -> Result<Response> {
    let mut conn = ctx.read().await?;
    let mut cards = Vec::new();
    for page in 1_u32.. {
        let (more, _) = list::page(&mut conn, &ctx, View::Mine, false, page).await?;
        let last = more.len() < PAGE as usize;
        cards.extend(more);
        if last || cards.len() >= CASES {
            break;
        }
    }
    cards.truncate(CASES);
    if cards.is_empty() {
        return Err(Error::Invalid(
            "主担当のケースがないため、引継書はありません。".into(),
        ));
    }
    let labels = codes::load(
        &mut conn,
        &ctx,
        &[CodeList::ContactKind, CodeList::Issue, CodeList::TeamRole],
    )
    .await?;
    let mut cases = Vec::new();
    for card in &cards {
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
    let me = ctx.actor.posting()?;
    let packet = CasePacket {
        from: format!("{}　{}", me.place, ctx.actor.name),
        cases,
        ..CasePacket::default()
    };
    let pdf = Document::new("引継書", Imprint::of(&ctx))
        .with(&packet)?
        .print(&ctx)
        .await?;
    Ok((
        [
            (header::CONTENT_TYPE, "application/pdf"),
            (
                header::CONTENT_DISPOSITION,
                "inline; filename=\"hikitsugi.pdf\"",
            ),
        ],
        pdf,
    )
        .into_response())
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
    Ok(CasePage {
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
