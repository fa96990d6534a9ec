//! The step between typing and saving, only when somebody visible may be the same person.

use engawa_kernel::{
    components::{
        ButtonKind, NoticeKind, button, card, definition_list, form_frame, hidden, notice,
        submit_row,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    form::Form,
    id::RoomId,
};
use engawa_people::{self as people, Candidate, Probe};
use maud::{Markup, html};

use super::parse::SUBJECTS;
use crate::{
    model::{NewConsultation, SubjectHeard},
    screens::words::{Names, known},
    store,
};

/// Fields of the screen itself; the frame writes them anew.
const OF_THE_SCREEN: [&str; 5] = ["csrf", "once", "version", "draft_key", "add_row"];

/// A person typed, and who of those visible it may be.
pub struct Match {
    row: usize,
    heard: SubjectHeard,
    candidates: Vec<Candidate>,
    /// Of each candidate, the record that the actor sees them through and whose it is.
    records: Vec<String>,
}

impl Match {
    /// Who was found.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }
}

/// What is known of a subject, for looking for the same person.
pub fn probe(s: &SubjectHeard) -> Option<Probe> {
    let nothing = s.name.is_empty() && s.kana.is_empty() && s.phone.is_empty();
    (!nothing).then(|| Probe {
        name: s.name.clone(),
        kana: s.kana.clone(),
        birth: s.birth,
        phones: Some(s.phone.clone())
            .filter(|p| !p.is_empty())
            .into_iter()
            .collect(),
    })
}

/// The subjects that may be somebody known and about whom the user has not said so yet.
pub async fn unresolved(
    ctx: &Ctx,
    form: &Form,
    new: &NewConsultation,
    rows: &[usize],
) -> Result<Vec<Match>> {
    let mut conn = ctx.read().await?;
    let mut out = Vec::new();
    for (s, row) in new.subjects.iter().zip(rows) {
        if !form.value(&same(*row)).is_empty() {
            continue;
        }
        let Some(probe) = probe(s) else { continue };
        let mut candidates = people::candidates(&mut conn, ctx, &[probe]).await?;
        candidates.truncate(5);
        if !candidates.is_empty() {
            out.push(Match {
                row: *row,
                heard: s.clone(),
                records: records(&mut conn, ctx, &candidates).await?,
                candidates,
            });
        }
    }
    Ok(out)
}

fn same(row: usize) -> String {
    format!("{SUBJECTS}[{row}].same")
}

/// 「ケR8-00023（縁側 花子）」: number and 主担当 of the room of each candidate.
async fn records(conn: &mut Conn, ctx: &Ctx, found: &[Candidate]) -> Result<Vec<String>> {
    let rooms: Vec<RoomId> = found.iter().map(|c| c.room).collect();
    let owners = store::owners(conn, &rooms).await?;
    let desks: Vec<_> = owners.values().map(|o| o.desk).collect();
    let postings: Vec<_> = owners.values().filter_map(|o| o.posting).collect();
    let names = Names::load(conn, ctx, &desks, &postings, &[]).await?;
    Ok(rooms
        .iter()
        .map(|room| match owners.get(room) {
            Some(o) => {
                let who = o
                    .posting
                    .map_or_else(|| names.desk(o.desk), |p| names.posting(p));
                format!("{}（{who}）", o.number)
            }
            None => String::new(),
        })
        .collect())
}

/// What was typed, as the first of the two columns.
fn typed(s: &SubjectHeard, ctx: &Ctx) -> Markup {
    let name = [&s.name, &s.label]
        .into_iter()
        .find(|t| !t.is_empty())
        .map_or("匿名", String::as_str);
    html! {
        (definition_list(&[
            ("氏名", html! { (name) " " (s.kana) }),
            ("性別・生年月日", html! { (s.sex.label()) "・" (s.birth.display(ctx.calendar)) }),
            ("住所", said(&s.address)),
            ("電話", said(&s.phone)),
        ]))
    }
}

fn said(text: &str) -> Markup {
    html! { @if text.is_empty() { "聞いていません" } @else { (text) } }
}

/// The page. One person in doubt: a button for each answer. Several: a choice for each, and one button.
pub fn page(ctx: &Ctx, form: &Form, matches: &[Match]) -> Markup {
    let asked: Vec<String> = matches.iter().map(|m| same(m.row)).collect();
    let carried = form
        .posted()
        .pairs()
        .filter(|(name, _)| !OF_THE_SCREEN.contains(name) && !asked.iter().any(|a| a == name));
    let several = matches.len() > 1;
    let body = html! {
        (notice(NoticeKind::Info, "まだ保存していません", html! {
            p { "入力した人と同じ人かもしれない記録があります。同じ人かどうかを選ぶと保存します。入力した内容はすべて残っています。" }
        }))
        @for (name, value) in carried { (hidden(name, value)) }
        @for m in matches { (one(ctx, m, several)) }
        @if several { (submit_row(button(ButtonKind::Primary, "選んだとおりに保存する", None))) }
    };
    let content = html! {
        (form_frame("/consultations/new", ctx.csrf(), form, body))
        p { a href="/consultations/new" { "入力の画面に戻る(下書きから再開)" } }
    };
    engawa_kernel::page::page(&ctx.frame(), "同じ人かどうか確かめる", content)
}

fn one(ctx: &Ctx, m: &Match, several: bool) -> Markup {
    let field = same(m.row);
    card(
        "同じ人ですか",
        html! {
            @for (c, record) in m.candidates.iter().zip(&m.records) {
                @let id = c.card.id.to_string();
                div.compared {
                    div {
                        h3 { "いま入力した人" }
                        (typed(&m.heard, ctx))
                    }
                    div {
                        h3 { "登録されている人" }
                        (definition_list(&[
                            ("氏名", html! { (c.card.shown_name) " " (c.card.kana) }),
                            ("性別・生年月日", html! { (c.card.sex.label()) "・" (c.card.birth.display(ctx.calendar)) "（" (c.card.age_text) "）" }),
                            ("住所", known(&c.card.address)),
                            ("電話", known(&c.card.phones)),
                            ("記録（主担当）", html! { (record) }),
                            ("似ているところ", html! { (c.reasons.join("、")) }),
                        ]))
                    }
                }
                @if several { (choice(&field, &id, "この人の記録に加える", &c.card.shown_name)) }
                @else { (submit_row(button(ButtonKind::Primary, "この人の記録に加える", Some((&field, &id))))) }
            }
            @if several { (choice(&field, "new", "別の人として登録", "")) }
            @else { (submit_row(button(ButtonKind::Secondary, "別の人として登録", Some((&field, "new"))))) }
        },
    )
}

fn choice(field: &str, value: &str, label: &str, of: &str) -> Markup {
    let id = format!("{}-{value}", field.replace(['[', ']', '.'], "-"));
    html! {
        div.choice {
            input type="radio" id=(id) name=(field) value=(value) required;
            label for=(id) { (label) span.visually-hidden { " " (of) } }
        }
    }
}
