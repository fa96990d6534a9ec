//! Step one of /referrals/new: who receives it. Desks by function, area and words, each with what
//! one needs to choose; and bodies outside.

use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, card, empty_state, hidden, lines,
        notice, select_field, table, tag, text_field,
    },
    context::Ctx,
    form::{Form, borrowed},
    page,
};
use engawa_organisations::{DeskCard, codes::CodeList};
use maud::{Markup, html};

use super::{ground::Ground, new::Asked, parts};
use crate::store::others::Others;

/// Desks on the page at most; more are found by narrowing down.
const SHOWN: usize = 60;

/// The page.
pub fn page(ctx: &Ctx, asked: &Asked, ground: &Ground) -> Markup {
    let desks: Vec<&DeskCard> = ground.desks.iter().filter(|d| fits(d, asked)).collect();
    let rows: Vec<Vec<Markup>> = desks
        .iter()
        .take(SHOWN)
        .map(|d| row(ctx, d, asked, ground))
        .collect();
    let body = html! {
        p { a href=(ground.back) { "← " (ground.number) } }
        (others(&ground.others))
        h2 { "1. だれに渡すか" }
        (filter(asked, ground))
        @if rows.is_empty() {
            (empty_state("条件に合う窓口がありません。", html! { p { "条件を減らすか、下の「外の機関」を使ってください。" } }))
        } @else {
            (table(&["窓口", "すること", "地区", "受付時間・電話", "内容の確認", "選ぶ"], &rows, "渡せる窓口"))
            @if desks.len() > SHOWN { p { (desks.len()) "件のうち" (SHOWN) "件を表示しています。言葉や機能で絞り込んでください。" } }
        }
        @if !ground.peers.is_empty() { (card("相手の自治体（ファイルで渡す）", peers(asked, ground))) }
        (card("外の機関（この一覧にないところ）", outside(asked)))
    };
    page::page(&ctx.frame(), "つなぐシートを書く", body)
}

/// Other hand-overs about the same people: information, never a bar.
pub fn others(others: &Others) -> Markup {
    html! {
        @if !others.mine.is_empty() {
            (notice(NoticeKind::Info, "同じ人について、進んでいるつなぐシートがあります", html! {
                ul { @for s in &others.mine { li {
                    a href={ "/referrals/" (s.room) } { (s.number) } " " (s.content.kind.label()) " " (parts::state_tag(s.state))
                } } }
                p { "重ねて送ることもできます。" }
            }))
        }
        @for contact in &others.contacts {
            (notice(NoticeKind::Info, "同じ人について、ほかの窓口がつないでいる最中です", html! {
                p { "内容は表示できません。連絡先: " (contact) "。このシートはこのまま送れます。" }
            }))
        }
    }
}

fn fits(desk: &DeskCard, asked: &Asked) -> bool {
    let function = asked.function.as_deref().unwrap_or_default();
    let area = asked.area.as_deref().unwrap_or_default();
    let words = asked.q.as_deref().unwrap_or_default().trim();
    (function.is_empty() || desk.functions.iter().any(|f| f == function))
        && (area.is_empty() || desk.areas.iter().any(|a| a.id.to_string() == area))
        && words
            .split_whitespace()
            .all(|w| desk.name.contains(w) || desk.phone.contains(w))
}

fn keep(asked: &Asked) -> Markup {
    html! {
        (hidden("room", asked.room.as_deref().unwrap_or_default()))
        @if let Some(kind) = &asked.kind { (hidden("kind", kind)) }
        @if let Some(follows) = &asked.follows { (hidden("follows", follows)) }
    }
}

fn filter(asked: &Asked, ground: &Ground) -> Markup {
    let mut form = Form::default().scoped("find");
    form.prefill("function", asked.function.clone().unwrap_or_default());
    form.prefill("area", asked.area.clone().unwrap_or_default());
    form.prefill("q", asked.q.clone().unwrap_or_default());
    let mut areas: Vec<(String, String)> = Vec::new();
    for area in ground.desks.iter().flat_map(|d| &d.areas) {
        let option = (area.id.to_string(), area.name.clone());
        if !areas.contains(&option) {
            areas.push(option);
        }
    }
    areas.sort_by(|a, b| a.1.cmp(&b.1));
    let functions: Vec<(&str, &str)> = ground
        .labels
        .options(CodeList::DeskFunction)
        .into_iter()
        .filter(|(code, _)| {
            ground
                .desks
                .iter()
                .any(|d| d.functions.iter().any(|f| f == code))
        })
        .collect();
    html! {
        form.form.form-inline method="get" action="/referrals/new" {
            (keep(asked))
            (select_field(&form, FieldSpec::new("function", "すること（機能）"), &functions))
            @if !areas.is_empty() { (select_field(&form, FieldSpec::new("area", "地区"), &borrowed(&areas))) }
            (text_field(&form, FieldSpec::new("q", "名前・電話の一部")))
            (button(ButtonKind::Secondary, "絞り込む", None))
        }
    }
}

fn href(asked: &Asked, to: &str) -> String {
    let mut href = format!(
        "/referrals/new?room={}&to={to}",
        asked.room.as_deref().unwrap_or_default(),
    );
    if let Some(kind) = &asked.kind {
        href.push_str(&format!("&kind={kind}"));
    }
    if let Some(follows) = &asked.follows {
        href.push_str(&format!("&follows={follows}"));
    }
    href
}

/// Municipalities with an Engawa of their own.
fn peers(asked: &Asked, ground: &Ground) -> Markup {
    html! {
        p { "その自治体だけが開けるファイルを作って渡します。同意の「ほかの提供先」に、同じ名前が書いてある人だけが載ります。" }
        ul { @for p in &ground.peers { li { a href=(href(asked, &format!("peer:{}", p.id))) { (p.name) "に渡す" } } } }
    }
}

fn row(ctx: &Ctx, desk: &DeskCard, asked: &Asked, ground: &Ground) -> Vec<Markup> {
    let href = href(asked, &format!("desk:{}", desk.id));
    vec![
        html! { (desk.name) @if !desk.staffed { " " (tag(TagKind::Neutral, "紙・FAX")) } },
        html! { @for (n, f) in desk.functions.iter().enumerate() { @if n > 0 { "、" } (ground.labels.label(CodeList::DeskFunction, f)) } },
        html! { @for (n, a) in desk.areas.iter().take(5).enumerate() { @if n > 0 { "、" } (a.name) } @if desk.areas.len() > 5 { "ほか" } },
        html! { (lines(&desk.hours)) @if !desk.hours.is_empty() { br; } (desk.phone) },
        html! {
            @if let Some(on) = desk.confirmed_on {
                (parts::short(ctx, on))
                @if ground.is_stale(ctx, desk) { " " (tag(TagKind::Waiting, "古い")) }
            } @else { (tag(TagKind::Waiting, "未確認")) }
        },
        html! { a href=(href) { "ここに渡す" span.visually-hidden { "：" (desk.name) } } },
    ]
}

fn outside(asked: &Asked) -> Markup {
    let form = Form::default().scoped("outside");
    html! {
        p { "Engawaを使っていない機関には、紙・FAX・電話で渡します。返事はあなたの窓口が記録します。" }
        form.form method="get" action="/referrals/new" {
            (keep(asked))
            (hidden("to", "outside"))
            (text_field(&form, FieldSpec::new("to_name", "機関の名前").required().hint("同意の「ほかの提供先」に書いた名前と同じにしてください。")))
            (text_field(&form, FieldSpec::new("to_contact", "連絡先（電話・FAX・住所）")))
            (button(ButtonKind::Secondary, "この機関に渡す", None))
        }
    }
}
