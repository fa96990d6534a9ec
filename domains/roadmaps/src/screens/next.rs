//! `/roadmaps/{plan}/next`: the next plan from this one.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::form_frame,
    context::Ctx,
    drafts,
    error::Result,
    form::{Form, Posted},
    http::{id, see_other},
    once,
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::{
    edit::{fields, options},
    parts::{refused, trail},
};
use crate::{
    model::{Plan, PlanId, PlanState, Whole},
    rules,
    store::{next, plan},
    typed::{self, PlanOptions, form_of},
};

pub async fn get(ctx: Ctx, Path(plan): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let id: PlanId = id(&plan)?;
    let mut conn = ctx.read().await?;
    let old = plan::whole(&mut conn, &ctx, id).await?;
    let options = options(&mut conn, &ctx, None).await?;
    drop(conn);
    let form = drafts::restore(&ctx, &key(id), form_of(&proposed(&old.plan.kept.is))).await?;
    Ok(view(&ctx, &old, &options, &form))
}

/// As many years as before, right after them.
fn proposed(old: &Plan) -> Plan {
    let long = old.last_year.year() - old.first_year.year();
    let year = |y: i32| FiscalYear::try_from(y).unwrap_or(old.last_year);
    Plan {
        first_year: year(old.last_year.year() + 1),
        last_year: year(old.last_year.year() + 1 + long),
        state: PlanState::Draft,
        note: String::new(),
        ..old.clone()
    }
}

fn key(id: PlanId) -> String {
    format!("roadmaps/{id}/next")
}

pub async fn post(ctx: Ctx, Path(plan): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let id: PlanId = id(&plan)?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(key(id));
    let mut tx = ctx.write().await?;
    let old = plan::whole(&mut tx, &ctx, id).await?;
    let options = options(&mut tx, &ctx, None).await?;
    let Some(new) = typed::plan(&mut form, &options) else {
        return Err(refused(view(&ctx, &old, &options, &form)));
    };
    once::claim(&mut tx, &ctx, &form.once).await?;
    let made = next::make(&mut tx, &ctx, &old, &new).await?;
    let to = format!("/roadmaps/{made}");
    drafts::clear(&mut tx, &ctx, &key(id)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

fn view(ctx: &Ctx, old: &Whole, options: &PlanOptions, form: &Form) -> Markup {
    let id = old.plan.kept.id;
    let back = format!("/roadmaps/{id}");
    let goes_on = old
        .measures
        .iter()
        .filter(|m| rules::goes_on(&m.kept.is))
        .count();
    let body = html! {
        (trail(&[(back.as_str(), &old.plan.kept.is.name)]))
        p {
            "取りやめていない施策" (goes_on) "件の文・担当・よりどころ・指標を写します。変えていない文には印が付きます。"
            "毎年の実行度と、終わっていない工程は、施策ごとの覚え書きとして付いてきます。もとの計画は変わりません。"
        }
        (form_frame(&format!("/{}", key(id)), ctx.csrf(), form, fields(form, options, &back)))
    };
    page(&ctx.frame(), "この計画から次の計画を作る", body)
}
