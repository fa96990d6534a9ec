//! `/roadmaps/{plan}/measures` (a new one) and `/roadmaps/measures/{measure}/edit`.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, check_group, form_frame, link_button, number_field,
        select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once,
    page::page,
};
use maud::{Markup, html};

use super::parts::{Compared, Place, clash, refused, texts, trail};
use crate::{
    model::{KeptMeasure, KeptPlan, MeasureId, PlanId},
    owner::Bodies,
    rules,
    store::{evidence, measure, plan},
    typed::{self, MeasureOptions, form_of},
};

/// What a measure's form offers.
pub(crate) async fn options(conn: &mut Conn, ctx: &Ctx) -> Result<MeasureOptions> {
    Ok(MeasureOptions {
        bodies: Bodies::load(conn, ctx).await?.options(),
        evidence: evidence::list(conn, ctx)
            .await?
            .into_iter()
            .map(|e| (e.id.to_string(), e.is.title()))
            .collect(),
        indicators: engawa_indicators::choices(conn, ctx).await?,
    })
}

pub async fn new(ctx: Ctx, Path(plan): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let whole = plan::whole(&mut conn, &ctx, id(&plan)?).await?;
    rules::need_open(&whole.plan.kept.is)?;
    let options = options(&mut conn, &ctx).await?;
    drop(conn);
    let mut form = Form::blank();
    form.prefill("place", measure::next_place(&whole.measures).to_string());
    if let Some(last) = whole.measures.last() {
        form.prefill("heading", last.kept.is.heading.as_str());
    }
    let form = drafts::restore(&ctx, &new_key(whole.plan.kept.id), form).await?;
    Ok(view(&ctx, &whole.plan, None, &options, &form))
}

fn new_key(plan: PlanId) -> String {
    format!("roadmaps/{plan}/measures")
}

fn key(id: MeasureId) -> String {
    format!("roadmaps/measures/{id}/edit")
}

pub async fn create(ctx: Ctx, Path(plan): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let of: PlanId = id(&plan)?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(new_key(of));
    let mut tx = ctx.write().await?;
    let plan = plan::one(&mut tx, &ctx, of).await?;
    let options = options(&mut tx, &ctx).await?;
    let Some(new) = typed::measure(&mut form, &options) else {
        return Err(refused(view(&ctx, &plan, None, &options, &form)));
    };
    once::claim(&mut tx, &ctx, &form.once).await?;
    let made = measure::add(&mut tx, &ctx, of, &new).await?;
    let to = format!("/roadmaps/measures/{made}");
    drafts::clear(&mut tx, &ctx, &new_key(of)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

pub async fn edit(ctx: Ctx, Path(measure): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let known = measure::one(&mut conn, &ctx, id(&measure)?).await?;
    let plan = plan::one(&mut conn, &ctx, known.plan).await?;
    rules::need_open(&plan.kept.is)?;
    let options = options(&mut conn, &ctx).await?;
    drop(conn);
    let mut form = form_of(&known.kept.is);
    form.version = Some(known.kept.version);
    let form = drafts::restore(&ctx, &key(known.kept.id), form).await?;
    Ok(view(&ctx, &plan, Some(&known), &options, &form))
}

pub async fn update(ctx: Ctx, Path(measure): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    let mut tx = ctx.write().await?;
    let known = measure::one(&mut tx, &ctx, id(&measure)?).await?;
    let at = known.kept.id;
    form.draft_key = Some(key(at));
    let plan = plan::one(&mut tx, &ctx, known.plan).await?;
    let options = options(&mut tx, &ctx).await?;
    let Some(new) = typed::measure(&mut form, &options) else {
        return Err(refused(view(&ctx, &plan, Some(&known), &options, &form)));
    };
    match measure::change(&mut tx, &ctx, at, form.version.unwrap_or_default(), &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(conflict(&ctx, at, &options, &form).await?);
        }
        done => done?,
    }
    drafts::clear(&mut tx, &ctx, &key(at)).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/roadmaps/measures/{at}")))
}

async fn conflict(
    ctx: &Ctx,
    id: MeasureId,
    options: &MeasureOptions,
    form: &Form,
) -> Result<Error> {
    let known = measure::one(&mut ctx.read().await?, ctx, id).await?.kept;
    let (bodies, rests, indicators) = (
        borrowed(&options.bodies),
        borrowed(&options.evidence),
        borrowed(&options.indicators),
    );
    let mut fields = texts(&typed::MEASURE);
    fields.extend([
        Compared::Text("place", "並び順"),
        Compared::Choice("body", "担当の機関", &bodies),
        Compared::Choice("evidence", "よりどころ", &rests),
        Compared::Choice("indicators", "指標", &indicators),
    ]);
    let place = Place {
        title: "施策を直す",
        above: &[],
        action: &format!("/{}", key(id)),
    };
    clash(ctx, &place, form, (&known, &form_of(&known.is)), &fields).await
}

fn view(
    ctx: &Ctx,
    plan: &KeptPlan,
    known: Option<&KeptMeasure>,
    options: &MeasureOptions,
    form: &Form,
) -> Markup {
    let above = format!("/roadmaps/{}", plan.kept.id);
    let (action, back) = match known {
        None => (new_key(plan.kept.id), above.clone()),
        Some(m) => (key(m.kept.id), format!("/roadmaps/measures/{}", m.kept.id)),
    };
    let fields = html! {
        (text_field(form, FieldSpec::new("heading", "基本目標・柱").hint("例: 基本目標1 気づき、つながる").maxlength(200)))
        (text_field(form, FieldSpec::new("number", "番号").hint("計画書に書かれたとおり。例: 1-(2)").maxlength(40).short()))
        (number_field(form, FieldSpec::new("place", "並び順").required().hint("小さい順に並びます").short()))
        (text_area(form, FieldSpec::new("text", "施策・取組").required().maxlength(2000)))
        (select_field(form, FieldSpec::new("body", "担当の機関").hint("登録のある機関のとき"), &borrowed(&options.bodies)))
        (text_field(form, FieldSpec::new("responsible", "担当").hint("課・係・団体など。例: 福祉課 地域福祉係、地区社協").maxlength(300)))
        (text_field(form, FieldSpec::new("budget", "予算・財源").hint("書かれたとおり。例: 重層交付金 320万円").maxlength(300)))
        @if options.evidence.is_empty() {
            p { "よりどころ（調査の結果など）は、" a href="/roadmaps/evidence/new" { "先に登録する" } "と選べます。" }
        } @else { (check_group(form, FieldSpec::new("evidence", "よりどころ").hint("この施策が基づいている調査や話し合い"), &borrowed(&options.evidence))) }
        @if !options.indicators.is_empty() { (check_group(form, FieldSpec::new("indicators", "指標").hint("この施策の進みを示す指標"), &borrowed(&options.indicators))) }
        @if known.is_some() { (text_area(form, FieldSpec::new("dropped", "取りやめた理由").hint("施策を取りやめたときだけ書きます。次の計画には写りません").rows(2).maxlength(500))) }
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let title = if known.is_some() {
        "施策を直す"
    } else {
        "施策を書く"
    };
    let body = html! {
        (trail(&[(above.as_str(), &plan.kept.is.name)]))
        @if let Some(before) = known.and_then(|m| m.before.as_ref()) { p.hint { "前の計画の文: " (before) } }
        (form_frame(&format!("/{action}"), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), title, body)
}
