//! `/consultations/{room}/print`: A4, 取扱注意, logged as a print. For a disclosure to the subject,
//! everything that comes from or points to a third party is left out, and listed.

use axum::extract::{Path, Query, rejection::QueryRejection};
use engawa_kernel::{
    access::{self, Act, RoomKind},
    components::definition_list,
    context::Ctx,
    error::{Error, Result},
    page::print_page,
    text::wareki,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    room_id,
    show::{Shown, text},
    words::{known, when},
};
use crate::{WhoCame, store::Subject};

/// What the address says: `for=disclosure&seq=1`.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default, rename = "for")]
    purpose: String,
    #[serde(default)]
    seq: String,
}

pub(super) async fn get(
    ctx: Ctx,
    Path(room): Path<String>,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Result<Markup> {
    let ask = ask.map_or_else(|_| Ask::default(), |q| q.0);
    if super::slip::is_lay(&ctx) {
        return Err(Error::NotFound);
    }
    let disclosure = ask.purpose == "disclosure";
    let purpose = if disclosure {
        "print_disclosure"
    } else {
        "print"
    };
    let key = access::open(
        &ctx,
        room_id(&room)?,
        RoomKind::Consultation,
        Act::Print,
        purpose,
    )
    .await?;
    let mut conn = ctx.read().await?;
    let shown = Shown::load(&mut conn, &ctx, &key).await?;
    let body = if disclosure {
        let seq = ask.seq.parse::<i64>().unwrap_or(1);
        let subject = shown.detail.subjects.iter().find(|s| s.seq == seq);
        for_subject(&ctx, &shown, subject.ok_or(Error::NotFound)?)
    } else {
        whole(&ctx, &shown)
    };
    let title = format!("相談受付票 {}", shown.detail.card.number);
    Ok(print_page(
        &ctx.frame(),
        &title,
        &ctx.actor.name,
        &when(&ctx, ctx.now()),
        body,
    ))
}

fn issues(s: &Shown) -> Markup {
    html! {
        @for i in &s.detail.card.issues {
            p { @if i.main { "◎ " } @else { "○ " } (s.words.issue(&i.code)) }
        }
    }
}

fn person(s: &Subject) -> Markup {
    html! {
        @match &s.card {
            Some(c) => {
                p { (c.shown_name) " " (c.kana) "(" (c.sex.label()) "・" (c.age_text) ")" }
                p { "住所 " (known(&c.address)) "　電話 " (known(&c.phones)) }
            }
            None => p { (s.heard[1]) " " (s.heard[0]) }
        }
        @if !s.relation.is_empty() { p { "来談者との関係: " (s.relation) } }
    }
}

/// For the office's file. Who gave a notice stands only in the notice's own page, not on paper.
fn whole(ctx: &Ctx, s: &Shown) -> Markup {
    let d = &s.detail;
    let consulter = if d.card.who == WhoCame::Notice {
        html! { "情報提供者(伏せています)" }
    } else {
        html! { (d.card.who.label()) " " (d.consulter.name) " " (d.consulter.relation) " " (d.consulter.contact) }
    };
    html! {
        (definition_list(&[
            ("受付", html! { (when(ctx, d.card.received_at)) " " (s.names.desk(d.card.desk))
                @if let Some(by) = d.card.received_by { " " (s.names.staff(by)) } }),
            ("方法・経路・緊急度", html! { (s.words.channel(&d.card.channel)) "・" (s.words.route(&d.card.route)) "・" (s.words.urgency(&d.card.urgency)) }),
            ("来談者", consulter),
            ("相談の対象となる人", html! { @for x in &d.subjects { (person(x)) } }),
            ("課題(◎最も困っていること)", issues(s)),
            ("話されたこと", text(&d.card.words)),
            ("配慮を希望されること", text(&d.card.wishes)),
            ("もっと早く相談しなかった理由", text(&d.why_not_earlier)),
            ("備考", text(&d.notes)),
            ("判断", decisions(ctx, s, false)),
        ]))
    }
}

fn decisions(ctx: &Ctx, s: &Shown, outward: bool) -> Markup {
    html! {
        @for x in s.detail.decisions.iter().filter(|x| x.superseded_at.is_none()) {
            p { (wareki::format_date(x.decided_on, ctx.calendar)) " " (x.state.label()) " " (x.accepted_body)
                @if !outward { " " (x.accepted_by) } }
            (text(&x.text))
        }
    }
}

/// For the subject, who asked to see it. Words of a third-party notice could point to its author.
fn for_subject(ctx: &Ctx, s: &Shown, x: &Subject) -> Markup {
    let d = &s.detail;
    let notice = d.card.who == WhoCame::Notice;
    let mut masked: Vec<&str> = Vec::new();
    if notice {
        masked.push("情報を提供した人と、その人が話したこと、そのほか経路・場所・担当の記載");
    } else if !d.consulter.is_empty() {
        masked.push("来談した人の氏名・連絡先");
    }
    if d.subjects.len() > 1 {
        masked.push("ほかの人の氏名・住所・課題");
    }
    if !d.notes.is_empty() {
        masked.push("備考(職員の記載)");
    }
    if d.request.is_some() {
        masked.push("機関からの依頼の内容");
    }
    let own: Vec<&str> = d
        .card
        .issues
        .iter()
        .filter(|i| d.subjects.len() == 1 || i.subjects.contains(&x.seq))
        .map(|i| s.words.issue(&i.code))
        .collect();
    html! {
        p { "本人への開示用" }
        (definition_list(&[
            ("受付", html! { (wareki::format_date(engawa_kernel::clock::local(d.card.received_at).date(), ctx.calendar)) " " (s.names.desk(d.card.desk)) }),
            ("本人", html! {
                @match &x.card { Some(c) => p { (c.shown_name) " " (c.kana) "(" (c.sex.label()) "・" (c.age_text) ")" } None => p { (x.heard[1]) } }
            }),
            ("課題", html! { @for i in &own { p { (i) } } }),
            ("話されたこと", html! { @if notice || d.card.who == WhoCame::Agency { "(第三者から聞いた内容のため伏せています)" } @else { (text(&d.card.words)) } }),
            ("判断", html! { @if notice { "(伏せています)" } @else { (decisions(ctx, s, true)) } }),
        ]))
        h2 { "伏せた項目" }
        @if masked.is_empty() { p { "なし" } }
        ul { @for m in &masked { li { (m) } } }
        p.hint { "「話されたこと」の中にほかの人の情報がないか、渡す前に必ず読んで確かめてください。" }
    }
}
