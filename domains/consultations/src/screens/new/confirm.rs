//! The step between typing and saving, only when somebody visible may be the same person.

use engawa_kernel::{
    components::{
        ButtonKind, NoticeKind, button, card, definition_list, form_frame, hidden, notice,
        submit_row,
    },
    context::Ctx,
    error::Result,
    form::Form,
    text::{birth::BirthDate, wareki::Calendar},
};
use engawa_people::{self as people, Candidate, Probe};
use maud::{Markup, html};

use super::parse::SUBJECTS;
use crate::model::{NewConsultation, SubjectHeard};

/// Fields of the screen itself; the frame writes them anew.
const OF_THE_SCREEN: [&str; 5] = ["csrf", "once", "version", "draft_key", "add_row"];

/// A person typed, and who of those visible it may be.
pub struct Match {
    row: usize,
    heard: String,
    candidates: Vec<Candidate>,
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
                heard: heard(s, ctx.calendar),
                candidates,
            });
        }
    }
    Ok(out)
}

fn same(row: usize) -> String {
    format!("{SUBJECTS}[{row}].same")
}

fn heard(s: &SubjectHeard, calendar: Calendar) -> String {
    let name = [&s.name, &s.kana, &s.label]
        .into_iter()
        .find(|t| !t.is_empty())
        .map_or("匿名", String::as_str);
    let mut text = format!("{name}(性別 {}", s.sex.label());
    if s.birth != BirthDate::Unknown {
        text.push('・');
        text.push_str(&s.birth.display(calendar));
    }
    text.push(')');
    text
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
    let title = format!("入力した人: {}", m.heard);
    card(
        &title,
        html! {
            @for c in &m.candidates {
                @let id = c.card.id.to_string();
                div.field {
                    (definition_list(&[
                        ("氏名", html! { (c.card.shown_name) " " (c.card.kana) }),
                        ("年齢・生年月日", html! { (c.card.age_text) " " (c.card.birth.display(ctx.calendar)) }),
                        ("住所", html! { (c.card.address) }),
                        ("電話", html! { (c.card.phones) }),
                        ("似ているところ", html! { (c.reasons.join("、")) }),
                    ]))
                    @if several { (choice(&field, &id, "同じ人として使う", &c.card.shown_name)) }
                    @else { (button(ButtonKind::Primary, "同じ人として使う", Some((&field, &id)))) }
                }
            }
            div.field {
                @if several { (choice(&field, "new", "別の人として登録", "")) }
                @else { (button(ButtonKind::Secondary, "別の人として登録", Some((&field, "new")))) }
            }
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
