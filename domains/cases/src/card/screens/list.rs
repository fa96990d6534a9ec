//! /cases/{room}/cards: the cards of a case, for who may issue them.

use axum::extract::Path;
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, card, details, empty_state, form_frame,
        hidden, link_button, notice, submit_row, tag, text_field,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    form::Form,
    page,
};
use maud::{Markup, html};

use super::shown::{self, Read};
use crate::{
    card::{
        model::{Card, CardState},
        store,
    },
    screens::{
        parts::{self, People},
        read,
    },
    store::case,
};

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, "card").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let head = case::card(&mut conn, &key).await?;
    let people = People::load(&mut conn, &ctx, &key).await?;
    let cards = store::all(&mut conn, &key).await?;
    let (in_use, past): (Vec<&Card>, Vec<&Card>) =
        cards.iter().partition(|c| c.state == CardState::Issued);
    let mut boxes = Vec::new();
    for one in &in_use {
        boxes.push(current(&mut conn, &ctx, &key, one, &people).await?);
    }
    let body = html! {
        (parts::back(&head))
        p { "本人が持ち歩く、支援者の連絡先のカードです。住所や相談の内容は載りません。載せる相手ごとに、本人の同意（基本情報）が要ります。" }
        (submit_row(link_button(ButtonKind::Primary, &format!("/cases/{}/cards/new", key.room()), "連携カードを作る")))
        @if boxes.is_empty() { (empty_state("使用中の連携カードはありません。", html! {})) }
        @for one in &boxes { (one) }
        @if !past.is_empty() {
            (details("これまでのカード", html! { ul { @for c in &past { li {
                (people.name(c.person)) " " (shown::version(c)) " " (state(c)) " "
                (parts::short(&ctx, c.issued_on)) "発行"
                @if let Some(on) = c.changed_on { "、" (parts::short(&ctx, on)) "まで" }
                @if !c.reason.is_empty() { "。" (c.reason) }
            } } } }))
        }
    };
    Ok(page::page(&ctx.frame(), "連携カード", body))
}

fn state(c: &Card) -> Markup {
    let kind = match c.state {
        CardState::Issued => TagKind::Active,
        CardState::Lost => TagKind::Alert,
        CardState::Replaced | CardState::Ended => TagKind::Done,
    };
    tag(kind, c.state.label())
}

async fn current(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    one: &Card,
    people: &People,
) -> Result<Markup> {
    let at = format!("/cases/{}/cards/{}", key.room(), one.id);
    let seen = Read::of(conn, ctx, key, one).await?;
    let staff = engawa_organisations::staff_names(conn, &[one.issued_by]).await?;
    let again = format!("/cases/{}/cards/new?person={}", key.room(), one.person);
    let title = format!(
        "{}さんのカード（{}）",
        people.name(one.person),
        shown::version(one)
    );
    Ok(card(
        &title,
        html! {
            p {
                (state(one)) " " (parts::day(ctx, one.issued_on)) " 発行 "
                (staff.get(&one.issued_by).map_or("", String::as_str))
            }
            @if seen.is_stale() {
                (notice(NoticeKind::Warn, "本人の同意が終わった相手が載っています", html! {
                    p { "その相手には、このカードはもう表示していません。本人からカードを受け取り、作り直してください。" }
                }))
            }
            (shown::lines(one, &seen))
            div.submit-row {
                @if shown::printable(one, &seen) {
                    (link_button(ButtonKind::Secondary, &format!("{at}/card.pdf"), "印刷（1枚）"))
                    (link_button(ButtonKind::Quiet, &format!("{at}/card.pdf?copies=2"), "印刷（2枚）"))
                }
                (link_button(ButtonKind::Secondary, &again, "内容を変えて作り直す"))
            }
            (changing(ctx, &at, one, "lose", "紛失の届けがあった", "紛失として記録する", "いつ・どこでなくしたか"))
            (changing(ctx, &at, one, "end", "使うのをやめる", "使用を終える", "やめる理由"))
        },
    ))
}

fn changing(
    ctx: &Ctx,
    at: &str,
    one: &Card,
    act: &str,
    fold: &str,
    press: &str,
    reason: &str,
) -> Markup {
    let mut form = Form::blank().scoped(format!("{act}-{}", one.id));
    form.version = Some(one.version);
    let body = html! {
        (hidden("act", act))
        (text_field(&form, FieldSpec::new("reason", reason).required().maxlength(200)))
        (submit_row(button(ButtonKind::Danger, press, None)))
    };
    details(fold, form_frame(at, ctx.csrf(), &form, body))
}
