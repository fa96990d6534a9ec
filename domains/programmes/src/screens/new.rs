//! `/programmes/new`: a sheet for a year, empty or with last year's text.

use axum::{http::StatusCode, response::Response};
use engawa_kernel::{
    components::{ButtonKind, FieldSpec, button, form_frame, link_button, radio_group, submit_row},
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once,
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::parts::trail;
use crate::{model::MadeFrom, rules, sheets};

const HOW: &[(&str, &str)] = &[
    ("copy", "前年度の文を写す（変えていない欄には印が付きます）"),
    ("empty", "空の様式から始める"),
];

pub async fn get(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut form = Form::blank();
    form.prefill("year", FiscalYear::of(ctx.today()).year().to_string());
    form.prefill("how", "copy");
    Ok(view(&ctx, &form))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    let years = FiscalYear::choices(ctx.today(), 5, 2);
    let chosen = form.choice("year", "年度", &borrowed(&years), true);
    let how = form.choice("how", "はじめ方", HOW, true);
    if let (Some(chosen), Some(how), false) = (chosen, how, form.has_errors()) {
        let mut tx = ctx.write().await?;
        once::claim(&mut tx, &ctx, &form.once).await?;
        let from = if how == "copy" {
            MadeFrom::Copy
        } else {
            MadeFrom::Empty
        };
        match sheets::make(&mut tx, &ctx, id::<FiscalYear>(&chosen)?, from).await {
            Ok(id) => {
                let to = format!("/programmes/{id}");
                once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
                tx.commit().await?;
                return Ok(see_other(&to));
            }
            Err(Error::Invalid(why)) => form.error("year", "年度", why),
            Err(e) => return Err(e),
        }
    }
    Err(Error::Page(
        StatusCode::UNPROCESSABLE_ENTITY,
        Box::new(view(&ctx, &form)),
    ))
}

fn view(ctx: &Ctx, form: &Form) -> Markup {
    let years = FiscalYear::choices(ctx.today(), 5, 2);
    let fields = html! {
        (radio_group(form, FieldSpec::new("year", "年度").required(), &borrowed(&years)))
        (radio_group(form, FieldSpec::new("how", "はじめ方").required(), HOW))
        (submit_row(html! {
            (button(ButtonKind::Primary, "作る", None))
            (link_button(ButtonKind::Quiet, "/programmes", "やめる"))
        }))
    };
    let body = html! {
        (trail(&[]))
        (form_frame("/programmes/new", ctx.csrf(), form, fields))
        p { "手元に計画書のファイルがあるときは、" a href="/programmes/upload" { "読み取って作れます" } "。" }
    };
    page(&ctx.frame(), "年度の計画書を作る", body)
}
