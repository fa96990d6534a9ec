//! `/search`: people, cases and consultations, words said; each hit says why it was found.

use std::collections::HashMap;

use axum::{extract::Query, http::StatusCode};
use engawa_cases::RoomLabel;
use engawa_kernel::{
    access::{Duty, RoomKind},
    clock,
    components::{NoticeKind, TagKind, details, empty_state, notice, tag},
    context::Ctx,
    error::{Error, Result},
    id::RoomId,
    page::page as framed,
    search::{self, DocKind, Hit, MAX_QUERY},
    text::{truncate_graphemes, wareki},
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{SHOWN, note::note};

/// What is looked for.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
}

/// The page.
pub async fn page(ctx: Ctx, Query(wanted): Query<Wanted>) -> Result<Markup> {
    let query = wanted.q.trim();
    if query.is_empty() {
        return Ok(view(
            &ctx,
            "",
            html! { p { "上の検索欄に、探したい言葉を入れてください。" } (hints(&ctx, true)) },
        ));
    }
    let hits = match search::find(&ctx, query, SHOWN).await {
        Err(Error::Invalid(why)) => {
            let body = html! { (notice(NoticeKind::Warn, "検索していません", html! { p { (why) } })) (hints(&ctx, true)) };
            let kept = truncate_graphemes(query, MAX_QUERY);
            return Err(Error::Page(
                StatusCode::UNPROCESSABLE_ENTITY,
                Box::new(view(&ctx, kept, body)),
            ));
        }
        other => other?,
    };
    note(&ctx, query, &hits).await?;
    let mut rooms: Vec<RoomId> = hits.iter().map(|h| h.room).collect();
    rooms.sort_unstable();
    rooms.dedup();
    let labels = engawa_cases::labels(&mut ctx.read().await?, &ctx, &rooms).await?;
    Ok(view(&ctx, query, results(&ctx, query, &hits, &labels)))
}

fn view(ctx: &Ctx, query: &str, body: Markup) -> Markup {
    let mut frame = ctx.frame();
    query.clone_into(&mut frame.search_text);
    framed(&frame, "検索", body)
}

/// A section of the results.
struct Section {
    id: &'static str,
    title: &'static str,
    kinds: &'static [DocKind],
}

const SECTIONS: [Section; 3] = [
    Section {
        id: "people",
        title: "人",
        kinds: &[DocKind::Name, DocKind::Phone],
    },
    Section {
        id: "rooms",
        title: "ケース・相談・つなぐシート",
        kinds: &[DocKind::Number],
    },
    Section {
        id: "words",
        title: "支援経過・相談の言葉",
        kinds: &[DocKind::Words, DocKind::Contact],
    },
];

type Labels = HashMap<RoomId, RoomLabel>;

fn results(ctx: &Ctx, query: &str, hits: &[Hit], labels: &Labels) -> Markup {
    if hits.is_empty() {
        return html! {
            (empty_state(&format!("「{query}」は、あなたが開ける記録の中に見つかりませんでした。"), html! {
                p { "ほかの窓口が支援していても、閲覧権のない記録はここに出ません。" }
            }))
            (hints(ctx, true))
        };
    }
    let found: Vec<(&Section, Vec<Vec<&Hit>>)> = SECTIONS
        .iter()
        .map(|s| (s, lines(s, hits)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    html! {
        @if found.len() > 1 {
            nav aria-label="検索結果の中" {
                @for (section, lines) in &found { a href={ "#" (section.id) } { (section.title) "（" (lines.len()) "件）" } " " }
            }
        }
        @for (section, lines) in &found {
            section id=(section.id) tabindex="-1" aria-labelledby={ (section.id) "-title" } {
                h2 id={ (section.id) "-title" } { (section.title) "（" (lines.len()) "件）" }
                ul.plain { @for hits in lines { (one(ctx, hits, labels)) } }
                @if lines.iter().map(Vec::len).sum::<usize>() >= SHOWN {
                    p { "新しいものから" (SHOWN) "件まで表示しています。言葉を足すと絞り込めます。" }
                }
            }
        }
        (hints(ctx, false))
    }
}

/// The hits of a section, line by line: a person is one line, however many records speak of them.
fn lines<'a>(section: &Section, hits: &'a [Hit]) -> Vec<Vec<&'a Hit>> {
    let mut lines: Vec<Vec<&Hit>> = Vec::new();
    for hit in hits.iter().filter(|h| section.kinds.contains(&h.kind)) {
        let whose = |l: &Vec<&Hit>| {
            l.iter()
                .any(|h| h.source == hit.source && h.kind == hit.kind && h.shown == hit.shown)
        };
        let together = section.id == "people";
        match lines.iter_mut().find(|l| together && whose(l)) {
            Some(line) if line.iter().any(|h| h.room == hit.room) => {}
            Some(line) => line.push(hit),
            None => lines.push(vec![hit]),
        }
    }
    lines
}

fn one(ctx: &Ctx, hits: &[&Hit], labels: &Labels) -> Markup {
    // The case before the call that it came from.
    let Some(first) = hits
        .iter()
        .find(|h| h.room_kind == RoomKind::Case)
        .or_else(|| hits.first())
    else {
        return html! {};
    };
    let shown = if first.shown.is_empty() {
        &first.number
    } else {
        &first.shown
    };
    html! {
        li {
            a href=(first.room_kind.path(first.room)) { (shown) }
            " " (place(first, labels))
            @for hit in hits.iter().filter(|h| h.room != first.room) {
                "　" a href=(hit.room_kind.path(hit.room)) { (place(hit, labels)) }
            }
            " " span.hint { (dated(first)) " " (wareki::format_date(clock::local(first.at).date(), ctx.calendar)) }
            " " (tag(TagKind::Neutral, &first.reason))
        }
    }
}

/// 「ケース ケR8-00023 見本家」
fn place(hit: &Hit, labels: &Labels) -> String {
    let kind = match hit.room_kind {
        RoomKind::Consultation => "相談",
        RoomKind::Case => "ケース",
        RoomKind::Referral => "つなぐシート",
    };
    let label = labels.get(&hit.room).map_or("", |l| l.label.as_str());
    format!("{kind} {} {label}", hit.number).trim().to_owned()
}

/// What the day of a hit is the day of.
const fn dated(hit: &Hit) -> &'static str {
    match (hit.kind, hit.room_kind) {
        (DocKind::Name | DocKind::Phone, _) => "登録",
        (DocKind::Contact, _) => "記録",
        (_, RoomKind::Consultation) => "受付",
        (_, RoomKind::Referral) => "送付",
        (_, RoomKind::Case) => "開始",
    }
}

/// What to try next; open where nothing was found.
fn hints(ctx: &Ctx, open: bool) -> Markup {
    let list = html! {
        ul {
            li { "名前は、漢字でも、ひらがな・カタカナでも、一部だけでも探せます。髙と高、渡邉と渡辺などの異体字は同じものとして探します。" }
            li { "電話番号は、数字の一部（下4桁など）で探せます。" }
            li { "相談・ケース・つなぐシートの番号は、「相R8-00123」でも「123」でも探せます。" }
            li { "空白で区切ると、すべての言葉を含むものだけを探します。" }
            li { "ひらがな1文字では、支援経過の言葉は探しません。2文字以上にしてください。" }
            @if ctx.actor.may(Duty::Receive) { li { "どこかの窓口が支援しているかを確かめたいときは、" a href="/consultations/new" { "相談の受付" } "で名前などを入れると、支援中の機関の連絡先だけが示されます。" } }
        }
    };
    html! {
        @if open { h2 { "見つからないとき" } (list) }
        @else { (details("見つからないとき", list)) }
    }
}
