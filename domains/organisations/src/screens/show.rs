//! `/organisations/{register}/{id}`: one record, and what hangs on it.

use axum::{extract::Path, response::Response};
use chrono::NaiveDate;
use engawa_kernel::{
    components::{ButtonKind, button, definition_list, form_frame, link_button, table},
    context::Ctx,
    db::Conn,
    error::Result,
    form::Form,
    http::see_other,
    id::DeskId,
    page::page,
    text::wareki::format_date,
};
use maud::{Markup, html};
use uuid::Uuid;

use super::{id_of, trail};
use crate::{
    desk_card, draw,
    registers::{Query, Register, desks},
};

/// GET
pub(crate) async fn get(ctx: Ctx, Path((slug, id)): Path<(String, String)>) -> Result<Markup> {
    let register = Register::from_slug(&slug)?;
    let base = format!("/organisations/{}", register.spec().slug);
    record(&ctx, register, &base, id_of(&id)?).await
}

/// The page of a record under `base`.
pub(crate) async fn record(ctx: &Ctx, register: Register, base: &str, id: Uuid) -> Result<Markup> {
    let spec = register.spec();
    let mut conn = ctx.read().await?;
    let record = register.get(&mut conn, ctx, id).await?;
    let choices = register.choices(&mut conn, ctx).await?;
    let may = ctx.actor.may(spec.duty);
    let items: Vec<(&str, Markup)> = spec
        .fields
        .iter()
        .filter(|f| may || !f.inside)
        .map(|f| (f.label, draw::shown(&record, f, &choices, ctx.calendar)))
        .collect();
    let first = spec.shown.first().and_then(|key| spec.field(key));
    let title = first.map_or_else(String::new, |f| {
        let value = record.get(f.key);
        match f.kind {
            crate::field::Kind::Pick(source) => choices.label(source, value).to_owned(),
            _ => value.to_owned(),
        }
    });
    let more = more(&mut conn, ctx, register, id).await?;
    let body = html! {
        (trail(&[(base, spec.title)]))
        (definition_list(&items))
        @if may { div.submit-row { (link_button(ButtonKind::Primary, &format!("{base}/{id}/edit"), "直す")) } }
        (more)
    };
    Ok(page(&ctx.frame(), &title, body))
}

async fn more(conn: &mut Conn, ctx: &Ctx, register: Register, id: Uuid) -> Result<Markup> {
    Ok(match register {
        Register::Areas => related(conn, ctx, Register::Areas, id, "この下にある圏域").await?,
        Register::Bodies => html! {
            (related(conn, ctx, Register::Desks, id, "窓口").await?)
            (related(conn, ctx, Register::Contracts, id, "事業・委託").await?)
        },
        Register::Desks => {
            let names = desks::old_names(conn, id).await?;
            let confirmed = desk_card::confirmed_on(conn, DeskId(id)).await?;
            html! {
                (card_confirmed(ctx, id, confirmed))
                (related(conn, ctx, Register::Postings, id, "配置").await?)
                (related(conn, ctx, Register::Desks, id, "支所・ブランチ").await?)
                @if !names.is_empty() {
                    h2 { "以前の名前" }
                    ul {
                        @for (name, nickname, until) in &names {
                            li { (name) @if !nickname.is_empty() { "(愛称 " (nickname) ")" } "　" (format_date(*until, ctx.calendar)) "まで" }
                        }
                    }
                }
            }
        }
        Register::Staff => html! {
            (related(conn, ctx, Register::Postings, id, "配置").await?)
            @if ctx.actor.may(Register::Postings.spec().duty) {
                p { a href={ "/organisations/postings/new?staff=" (id) } { "この職員の配置を登録する" } }
                p { a href={ "/accounts/" (id) } { "この職員のアカウント(ログイン)" } }
            }
        },
        _ => html! {},
    })
}

/// When somebody last said that the card is right, and the button to say so.
fn card_confirmed(ctx: &Ctx, id: Uuid, on: Option<NaiveDate>) -> Markup {
    html! {
        h2 { "この内容の確認" }
        p { @match on {
            Some(day) => { "最後に確かめた日: " (format_date(day, ctx.calendar)) }
            None => "まだ確かめられていません。",
        } }
        @if desk_card::may_confirm(ctx, DeskId(id)) {
            (form_frame(&format!("/organisations/desks/{id}/confirm"), ctx.csrf(), &Form::blank(), html! {
                (button(ButtonKind::Secondary, "受付時間・電話・機能はこのとおりです", None))
            }))
        }
    }
}

/// POST /organisations/desks/{id}/confirm
pub(crate) async fn confirm_desk(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let desk = DeskId(id_of(&id)?);
    let mut tx = ctx.write().await?;
    desk_card::confirm_desk(&mut tx, &ctx, desk).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/organisations/desks/{desk}")))
}

/// Records of another register that belong to this one.
async fn related(
    conn: &mut Conn,
    ctx: &Ctx,
    register: Register,
    of: Uuid,
    title: &str,
) -> Result<Markup> {
    let query = Query {
        of: Some(of),
        limit: 200,
        ..Query::default()
    };
    let records = register.fetch(conn, ctx, &query).await?;
    if records.is_empty() {
        return Ok(html! {});
    }
    let spec = register.spec();
    let choices = register.choices(conn, ctx).await?;
    let shown: Vec<_> = spec
        .shown
        .iter()
        .filter_map(|key| spec.field(key))
        .collect();
    let headers: Vec<&str> = shown.iter().map(|f| f.label).collect();
    let rows: Vec<Vec<Markup>> = records
        .iter()
        .map(|r| {
            shown
                .iter()
                .enumerate()
                .map(|(place, f)| {
                    let cell = draw::shown(r, f, &choices, ctx.calendar);
                    if place == 0 {
                        html! { a href={ "/organisations/" (spec.slug) "/" (r.id) } { (cell) } }
                    } else {
                        cell
                    }
                })
                .collect()
        })
        .collect();
    Ok(html! { h2 { (title) } (table(&headers, &rows, title)) })
}
