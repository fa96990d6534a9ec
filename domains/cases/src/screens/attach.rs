//! /cases/attach?from={consultation}: a consultation belongs to a case that I already work in.

use axum::{extract::Query, http::StatusCode, response::Response};
use engawa_kernel::{
    access::{self, Act, RoomKind},
    components::{
        ButtonKind, FieldSpec, button, empty_state, form_frame, hidden, radio_group, submit_row,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    id::RoomId,
    once, page,
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    model::{CaseCard, Stage},
    store::list::{self, View},
};

/// The consultation.
#[derive(Deserialize)]
pub struct From {
    from: Option<String>,
}

/// Cases offered: those about the same people first, then my own and my team's.
async fn offered(
    conn: &mut Conn,
    ctx: &Ctx,
    people: &[engawa_kernel::id::PersonId],
) -> Result<Vec<CaseCard>> {
    let mut cards = list::about(conn, ctx, people).await?;
    for view in [View::Mine, View::Team, View::Desk] {
        for card in list::page(conn, ctx, view, false, 1).await?.0 {
            if !cards.iter().any(|c| c.room == card.room) {
                cards.push(card);
            }
        }
    }
    cards.retain(|c| c.stage != Stage::Closed);
    Ok(cards)
}

pub async fn get(ctx: Ctx, Query(from): Query<From>) -> Result<Markup> {
    let from = id::<RoomId>(&from.from.unwrap_or_default())?;
    render(&ctx, from, &Form::blank()).await
}

async fn render(ctx: &Ctx, from: RoomId, form: &Form) -> Result<Markup> {
    let key = access::open(
        ctx,
        from,
        RoomKind::Consultation,
        Act::Read,
        "attach to case",
    )
    .await?;
    let mut conn = ctx.read().await?;
    let consultation = engawa_consultations::card(&mut conn, ctx, &key).await?;
    let people = engawa_consultations::subjects(&mut conn, ctx, &key).await?;
    let cards = offered(&mut conn, ctx, &people).await?;
    let options: Vec<(String, String)> = cards
        .iter()
        .map(|c| {
            (
                c.room.to_string(),
                format!("{} {}({})", c.number, c.label, c.stage.label()),
            )
        })
        .collect();
    let body = html! {
        p { a href={ "/consultations/" (from) } { "← 相談 " (consultation.number) " " (consultation.subject_line) } }
        @if options.is_empty() {
            (empty_state("加えられるケースがありません。", html! { p { a href={ "/cases/new?from=" (from) } { "新しいケースにする" } } }))
        } @else {
            p { "相談の記録はそのまま残り、選んだケースの経緯に加わります。" }
            (form_frame("/cases/attach", ctx.csrf(), form, html! {
                (hidden("from", &from.to_string()))
                (radio_group(form, FieldSpec::new("case", "どのケースに加えますか").required(), &borrowed(&options)))
                (submit_row(button(ButtonKind::Primary, "このケースに加える", None)))
            }))
            p { a href={ "/cases/new?from=" (from) } { "新しいケースにする" } }
        }
    };
    Ok(page::page(&ctx.frame(), "既にあるケースに加える", body))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let from = id::<RoomId>(form.value("from"))?;
    if form.value("case").is_empty() {
        form.error(
            "case",
            "どのケースに加えますか",
            "加えるケースを選んでください。",
        );
        let shown = render(&ctx, from, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    }
    let case = id::<RoomId>(form.value("case"))?;
    let (mut tx, consultation) =
        access::open_for_write(&ctx, from, RoomKind::Consultation, "attach to case").await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let key = access::write_key(&mut tx, &ctx, case, RoomKind::Case, "attach to case").await?;
    crate::take_in(&mut tx, &ctx, &consultation, &key).await?;
    let to = format!("/cases/{case}");
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}
