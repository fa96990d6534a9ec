//! `/funding/deliverables/{deliverable}/report`: what was delivered, by the contractor's own staff or
//! a planner. One set of activity that several contracts of a body count is reported to each at once.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, check_group, date_field, definition_list, form_frame,
        link_button, submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    page::page,
    text::wareki::{format_date, parse_date},
};
use maud::{Markup, html};

use super::{
    contract::{promised, reported},
    deliverable::NUMBER,
    parts::{Shown, conflict, differences, refused, trail},
};
use crate::{
    contract::{DeliverableId, KeptContract, KeptDeliverable, Report},
    store::{contract, deliverable},
};

/// A deliverable to be reported on.
struct Place {
    contract: KeptContract,
    stored: KeptDeliverable,
    /// Others that the same indicator counts, for the same body: 「契約 成果物」.
    beside: Vec<(String, String)>,
    /// The same with what saving on top of them needs.
    others: Vec<KeptDeliverable>,
}

async fn at(ctx: &Ctx, text: &str) -> Result<Place> {
    let mut conn = ctx.read().await?;
    let stored = deliverable::one(&mut conn, ctx, id(text)?).await?;
    let of = contract::one(&mut conn, ctx, stored.it.contract).await?;
    let others = deliverable::beside(&mut conn, ctx, &stored).await?;
    let mut beside = Vec::new();
    for other in &others {
        let of = contract::one(&mut conn, ctx, other.it.contract).await?;
        beside.push((
            other.id.to_string(),
            format!("{}の「{}」", of.it.name, other.it.name),
        ));
    }
    Ok(Place {
        contract: of,
        stored,
        beside,
        others,
    })
}

fn key(id: DeliverableId) -> String {
    format!("funding/deliverables/{id}/report")
}

pub async fn get(ctx: Ctx, Path(text): Path<String>) -> Result<Markup> {
    let place = at(&ctx, &text).await?;
    let form = filled(&ctx, &place.stored);
    let form = drafts::restore(&ctx, &key(place.stored.id), form).await?;
    Ok(view(&ctx, &place, &form))
}

fn filled(ctx: &Ctx, k: &KeptDeliverable) -> Form {
    let mut form = Form::blank();
    form.version = Some(k.version);
    let report = k.it.report.as_ref();
    let value = report.and_then(|r| r.value).map(|v| v.to_string());
    form.prefill("value", value.unwrap_or_default());
    form.prefill(
        "on",
        format_date(report.map_or_else(|| ctx.today(), |r| r.on), ctx.calendar),
    );
    form.prefill("text", report.map_or("", |r| r.text.as_str()));
    form
}

pub async fn post(ctx: Ctx, Path(text): Path<String>, posted: Posted) -> Result<Response> {
    let place = at(&ctx, &text).await?;
    let id = place.stored.id;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(key(id));
    let today = ctx.today();
    let value = form.integer("value", "実績の数", NUMBER, false);
    let on = form.parsed("on", "時点", true, |t| parse_date(t, today));
    let words = form.text("text", "報告", 2000, false);
    let also = form.choices(
        "also",
        "同じ実績を報告する成果物",
        &borrowed(&place.beside),
        false,
    );
    if value.is_none() && words.is_empty() && !form.has_errors() {
        form.error(
            "value",
            "実績の数",
            "「実績の数」か「報告」のどちらかを入力してください。",
        );
    }
    let (Some(on), false) = (on, form.has_errors()) else {
        return Err(refused(view(&ctx, &place, &form)));
    };
    let report = Report {
        value,
        on,
        text: words,
    };
    let mut tx = ctx.write().await?;
    let seen = form.version.unwrap_or_default();
    match deliverable::report(&mut tx, &ctx, id, seen, &report).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(changed(&ctx, id, &form).await?);
        }
        done => done?,
    }
    for other in place
        .others
        .iter()
        .filter(|o| also.contains(&o.id.to_string()))
    {
        deliverable::report(&mut tx, &ctx, other.id, other.version, &report).await?;
    }
    drafts::clear(&mut tx, &ctx, &key(id)).await?;
    tx.commit().await?;
    Ok(see_other(&format!(
        "/funding/contracts/{}",
        place.contract.id
    )))
}

async fn changed(ctx: &Ctx, id: DeliverableId, form: &Form) -> Result<Error> {
    let mut conn = ctx.read().await?;
    let stored = deliverable::one(&mut conn, ctx, id).await?;
    let found = differences(form, &filled(ctx, &stored), |name| match name {
        "value" => Some(Shown::text("実績の数")),
        "on" => Some(Shown::text("時点")),
        "text" => Some(Shown::text("報告")),
        _ => None,
    });
    conflict(
        ctx,
        &mut conn,
        &format!("/{}", key(id)),
        "実績を報告する",
        &stored,
        form,
        &found,
    )
    .await
}

fn view(ctx: &Ctx, place: &Place, form: &Form) -> Markup {
    let back = format!("/funding/contracts/{}", place.contract.id);
    let d = &place.stored;
    let fields = html! {
        (text_field(form, FieldSpec::new("value", "実績の数").hint(if d.it.unit.is_empty() { "数で言えないときは空欄".to_owned() } else { format!("単位: {}。数で言えないときは空欄", d.it.unit) }).inputmode("numeric").short()))
        (date_field(form, FieldSpec::new("on", "時点").required()))
        (text_area(form, FieldSpec::new("text", "報告").hint("何をしたか、何が残ったか。人の名前は書きません").rows(4).maxlength(2000)))
        @if !place.beside.is_empty() {
            (check_group(form, FieldSpec::new("also", "同じ実績を報告する成果物").hint("同じ指標で数える、同じ機関の成果物です"), &borrowed(&place.beside)))
        }
        (submit_row(html! {
            (button(ButtonKind::Primary, "報告する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let above = [
        ("/funding/contracts", "委託・補助"),
        (back.as_str(), place.contract.it.name.as_str()),
    ];
    let body = html! {
        (trail(&above))
        (definition_list(&[
            ("成果物", html! { (d.it.name) }),
            ("約束した数", html! { (promised(d)) }),
            ("いまの実績", html! { (reported(ctx, d)) }),
        ]))
        (form_frame(&format!("/{}", key(d.id)), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "実績を報告する", body)
}
