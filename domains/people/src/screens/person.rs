//! GET /people/{id}: one person, seen through a room about them.

use axum::extract::Path;
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, NoticeKind, TagKind, card, definition_list, link_button, notice, tag,
        two_columns,
    },
    context::Ctx,
    error::Result,
    http::id,
    id::PersonId,
    text::birth::BirthDate,
};
use maud::{Markup, html};

use super::shell::{self, Place, day, href, or_dash, page_of, shown};
use crate::{
    door::{self, Via},
    model::{Address, HouseholdView, Person, PersonCard, Relationship},
    panel::consent_tag,
    rules::protection::standing,
    store,
    words::{self, Words},
};

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.page").await?;
    let mut conn = ctx.read().await?;
    let this = shell::card(&mut conn, &ctx, &key, person).await?;
    let record = store::person::load(&mut conn, &ctx, &key, person).await?;
    let addresses = store::addresses::of(&mut conn, &key, person).await?;
    let relations = store::relationships::of(&mut conn, &ctx, &key, person).await?;
    let consents = store::consent::of(&mut conn, &key, person).await?;
    let protection = store::protection::in_force(&mut conn, &key, person).await?;
    let words = words::load(&mut conn, &ctx).await?;
    let mut households = Vec::new();
    for household in store::household::of_person(&mut conn, &ctx, &key, person).await? {
        households.push(store::household::household(&mut conn, &ctx, &key, household).await?);
    }
    let merged: Vec<_> = store::merge::of(&mut conn, &key, person)
        .await?
        .into_iter()
        .filter(|m| m.undone_at.is_none() && m.kept == person)
        .map(|m| m.absorbed)
        .collect();
    let merged = store::cards::cards(&mut conn, &ctx, &key, &merged).await?;
    let editor = store::staff_name(&mut conn, &ctx, record.updated_by).await?;
    let main = html! {
        @if let Some(kept) = record.merged_into { (merged_away(&key, kept)) }
        (facts(&ctx, &key, &this, &record, &words))
        (places(&ctx, &key, &this, &addresses))
        p.hint { "最終更新: " (shell::moment(&ctx, record.updated_at)) " " (editor) }
    };
    let side = html! {
        (card("同意", html! {
            @match consents.first() {
                Some(c) => { p { (consent_tag(c.state_on(ctx.today()))) " " (day(&ctx, c.valid_from)) } }
                None => { p { "まだ説明の記録がありません。" } }
            }
            p { (link_button(ButtonKind::Secondary, &href(&key, person, "/consents/new"), "同意を記録する")) }
        }))
        @if let Some(p) = &protection {
            (card("秘匿(支援措置)", html! {
                p { (tag(TagKind::Alert, p.kind.label())) " " (standing(p, ctx.today()).label()) }
                p { (day(&ctx, p.starts_on)) "から" (day(&ctx, p.ends_on)) "まで" }
            }))
        }
        (household_card(&key, &households, person))
        (relation_card(&key, person, &relations, &words))
        @if !merged.is_empty() {
            (card("統合した記録", html! {
                ul { @for other in &merged { li { a href=(href(&key, other.id, "")) { (other.shown_name) } } } }
                p { a href=(href(&key, person, "/unmerge")) { "統合を取り消す" } }
            }))
        }
    };
    Ok(page_of(
        &ctx,
        &key,
        &this,
        Place::Person,
        "",
        two_columns(main, side),
    ))
}

fn merged_away(key: &RoomKey, kept: PersonId) -> Markup {
    notice(
        NoticeKind::Info,
        "この記録は別の記録に統合されています",
        html! {
            p { "内容はそのまま残っています。書き込みは統合先に行ってください。" }
            p { a href=(href(key, kept, "")) { "統合先の記録を開く" } }
        },
    )
}

fn facts(ctx: &Ctx, key: &RoomKey, this: &shell::This, record: &Person, words: &Words) -> Markup {
    let d = &record.details;
    let phones = record.phones.shown().map_or_else(
        engawa_kernel::components::protected_mark,
        |phones| html! { @if phones.is_empty() { "—" } @else { (phones.join("、")) } },
    );
    let residence = d.residence.as_deref().map(|code| words.residence(code));
    let body = html! {
        (definition_list(&[
            ("氏名", html! {
                @if record.names.is_empty() { (this.shown_name) }
                @for name in &record.names {
                    p {
                        (tag(TagKind::Neutral, name.kind.label())) " " (name.text)
                        @if !name.kana.is_empty() { "（" (name.kana) "）" }
                        @if let Some(at) = name.ended_at { " " span.hint { (shell::moment(ctx, at)) "まで" } }
                    }
                }
            }),
            ("呼び名", or_dash(d.label.as_deref().unwrap_or_default())),
            ("生年月日", born(ctx, this)),
            ("性別", html! { (d.sex.label()) }),
            ("居住の状況", or_dash(residence.unwrap_or_default())),
            ("電話", phones),
            ("学校", shown(&record.school)),
            ("勤め先", shown(&record.workplace)),
            ("通院先", shown(&record.hospital)),
            ("担当機関", shown(&record.desk_in_charge)),
            ("ことば", or_dash(&d.languages)),
            ("手帳など", or_dash(&d.certificates)),
            ("宛名番号", or_dash(&d.resident_number)),
            ("メモ", or_dash(&d.notes)),
        ]))
        @if record.merged_into.is_none() && key.may_write() {
            p {
                (link_button(ButtonKind::Primary, &href(key, record.id, "/edit"), "基本情報を直す")) " "
                (link_button(ButtonKind::Secondary, &href(key, record.id, "/names"), "氏名を直す")) " "
                (link_button(ButtonKind::Secondary, &href(key, record.id, "/move"), "転居・世帯の移動"))
            }
        }
        @if record.protected {
            p { (link_button(ButtonKind::Secondary, &href(key, record.id, "/reveal"), "秘匿された情報を開く(理由を記録します)")) }
        }
        p { a href=(format!("/rooms/conflicts?person={}", record.id)) { "利益相反を届け出る" } " (親族・近所など、関わりの近い人のとき)" }
    };
    card("基本情報", body)
}

/// The birth as known, and the age unless that says the same once more.
fn born(ctx: &Ctx, this: &PersonCard) -> Markup {
    let known = this.birth.display(ctx.calendar);
    let age = this.age_text.split('・').next().unwrap_or_default();
    html! { (known) @if !known.contains(age) && this.birth != BirthDate::Unknown { "（" (this.age_text) "）" } }
}

fn places(ctx: &Ctx, key: &RoomKey, this: &shell::This, addresses: &[Address]) -> Markup {
    let today = ctx.today();
    let now = addresses
        .iter()
        .filter(|a| a.valid_to.is_none_or(|to| to >= today));
    card(
        "いまの住所・居所",
        html! {
            ul {
                @for a in now {
                    li { (tag(TagKind::Neutral, a.kind.label())) " " (shown(&a.place)) " " span.hint { (shell::period(ctx, a.valid_from, a.valid_to)) } }
                }
            }
            @if addresses.is_empty() { p { "登録されていません。" } }
            p { a href=(href(key, this.id, "/addresses")) { "履歴を見る・加える" } }
        },
    )
}

fn household_card(key: &RoomKey, households: &[HouseholdView], person: PersonId) -> Markup {
    card(
        "世帯",
        html! {
            ul {
                @for h in households {
                    li { a href=(shell::household_href(key, h.id)) { (h.name) } "（" (h.members.len()) "人）" }
                }
            }
            @if households.is_empty() { p { "世帯はまだ登録されていません。" } }
            p { a href=(format!("/people/households/new?room={}&person={person}", key.room())) { "世帯をつくる" } }
        },
    )
}

fn relation_card(
    key: &RoomKey,
    person: PersonId,
    relations: &[Relationship],
    words: &Words,
) -> Markup {
    card(
        "関係",
        html! {
            ul {
                @for r in relations.iter().filter(|r| r.to.is_none()) {
                    li {
                        a href=(href(key, r.other.id, "")) { (r.other.shown_name) } " "
                        @if r.outgoing { (words.kinship(&r.kind)) } @else { "（この人が" (words.kinship(&r.kind)) "）" }
                    }
                }
            }
            p { a href=(href(key, person, "/relationships")) { "関係を加える・終える" } }
        },
    )
}
