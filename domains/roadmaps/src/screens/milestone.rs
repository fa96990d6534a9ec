//! `/roadmaps/measures/{measure}/milestones` (a new one) and `/roadmaps/milestones/{milestone}`.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, date_field, form_frame, lines, link_button, radio_group,
        select_field, submit_row, text_area,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once,
    page::page,
    text::{fiscal::FiscalYear, wareki::format_date},
};
use maud::{Markup, html};

use super::parts::{Compared, Place, clash, refused, texts, trail};
use crate::{
    model::{Kept, KeptMeasure, MeasureId, Milestone, MilestoneId, MilestoneState, Plan},
    rules,
    store::{measure, milestone, plan},
    typed::{self, form_of},
};

/// The measure with its plan.
struct At {
    measure: KeptMeasure,
    plan: Plan,
}

async fn at(conn: &mut Conn, ctx: &Ctx, id: MeasureId) -> Result<At> {
    let measure = measure::one(conn, ctx, id).await?;
    let plan = plan::one(conn, ctx, measure.plan).await?.kept.is;
    Ok(At { measure, plan })
}

fn new_key(measure: MeasureId) -> String {
    format!("roadmaps/measures/{measure}/milestones")
}

fn key(id: MilestoneId) -> String {
    format!("roadmaps/milestones/{id}")
}

pub async fn new(ctx: Ctx, Path(measure): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let of = at(&mut ctx.read().await?, &ctx, id(&measure)?).await?;
    let mut form = Form::blank();
    let now = FiscalYear::of(ctx.today()).clamp(of.plan.first_year, of.plan.last_year);
    form.prefill("year", now.year().to_string());
    form.prefill("state", MilestoneState::Planned.as_code());
    let form = drafts::restore(&ctx, &new_key(of.measure.kept.id), form).await?;
    Ok(view(&ctx, &of, None, &form))
}

pub async fn create(ctx: Ctx, Path(measure): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    let mut tx = ctx.write().await?;
    let of = at(&mut tx, &ctx, id(&measure)?).await?;
    let measure = of.measure.kept.id;
    form.draft_key = Some(new_key(measure));
    let Some(new) = typed::milestone(&mut form, &of.plan, ctx.today()) else {
        return Err(refused(view(&ctx, &of, None, &form)));
    };
    once::claim(&mut tx, &ctx, &form.once).await?;
    milestone::add(&mut tx, &ctx, measure, &new).await?;
    let to = format!("/roadmaps/measures/{measure}");
    drafts::clear(&mut tx, &ctx, &new_key(measure)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

pub async fn edit(ctx: Ctx, Path(milestone): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let (measure, known) = milestone::one(&mut conn, &ctx, id(&milestone)?).await?;
    let of = at(&mut conn, &ctx, measure).await?;
    drop(conn);
    let form = drafts::restore(&ctx, &key(known.id), filled(&ctx, &known)).await?;
    Ok(view(&ctx, &of, Some(known.id), &form))
}

fn filled(ctx: &Ctx, known: &Kept<MilestoneId, Milestone>) -> Form {
    let mut form = form_of(&known.is);
    form.version = Some(known.version);
    if let Some(day) = known.is.due_on {
        form.forget("due_on");
        form.prefill("due_on", format_date(day, ctx.calendar));
    }
    form
}

pub async fn update(ctx: Ctx, Path(milestone): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    let mut tx = ctx.write().await?;
    let (measure, known) = milestone::one(&mut tx, &ctx, id(&milestone)?).await?;
    let of = at(&mut tx, &ctx, measure).await?;
    form.draft_key = Some(key(known.id));
    let Some(new) = typed::milestone(&mut form, &of.plan, ctx.today()) else {
        return Err(refused(view(&ctx, &of, Some(known.id), &form)));
    };
    let place = (of.measure.plan, measure, &of.measure.kept.is);
    let seen = form.version.unwrap_or_default();
    match milestone::change(&mut tx, &ctx, place, &known, seen, &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(conflict(&ctx, &of, known.id, &form).await?);
        }
        done => done?,
    }
    drafts::clear(&mut tx, &ctx, &key(known.id)).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/roadmaps/measures/{measure}")))
}

async fn conflict(ctx: &Ctx, of: &At, id: MilestoneId, form: &Form) -> Result<Error> {
    let (_, known) = milestone::one(&mut ctx.read().await?, ctx, id).await?;
    let (years, later) = (typed::years(of.plan.years()), typed::later_years(&of.plan));
    let (years, later) = (borrowed(&years), borrowed(&later));
    let mut fields = texts(&typed::MILESTONE);
    fields.extend([
        Compared::Choice("year", "年度", &years),
        Compared::Text("due_on", "期日"),
        Compared::Choice("state", "状態", MilestoneState::OPTIONS),
        Compared::Choice("to_year", "延期先の年度", &later),
    ]);
    let above = format!("/roadmaps/measures/{}", of.measure.kept.id);
    let place = Place {
        title: "工程を直す",
        above: &[(above.as_str(), "施策")],
        action: &format!("/{}", key(id)),
    };
    clash(ctx, &place, form, (&known, &filled(ctx, &known)), &fields).await
}

fn view(ctx: &Ctx, of: &At, known: Option<MilestoneId>, form: &Form) -> Markup {
    let measure = &of.measure.kept;
    let action = known.map_or_else(|| new_key(measure.id), key);
    let (plan, above) = (
        format!("/roadmaps/{}", of.measure.plan),
        format!("/roadmaps/measures/{}", measure.id),
    );
    let (years, later) = (typed::years(of.plan.years()), typed::later_years(&of.plan));
    let fields = html! {
        (select_field(form, FieldSpec::new("year", "年度").required(), &borrowed(&years)))
        (text_area(form, FieldSpec::new("text", "工程").required().hint("そのときまでに何ができているか。例: 西地区に窓口を開く").rows(2).maxlength(1000)))
        (date_field(form, FieldSpec::new("due_on", "期日").hint("年度末までなら空欄のまま。例: 令和8年10月1日、2026-10-01")))
        (radio_group(form, FieldSpec::new("state", "状態").required(), MilestoneState::OPTIONS))
        (text_area(form, FieldSpec::new("reason", "理由").hint("延期・取りやめのときは必ず書きます").rows(2).maxlength(500)))
        (select_field(form, FieldSpec::new("to_year", "延期先の年度").hint("延期のときに、わかっていれば"), &borrowed(&later)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &above, "やめる"))
        }))
    };
    let title = if known.is_some() {
        "工程を直す"
    } else {
        "工程を書く"
    };
    let body = html! {
        (trail(&[(plan.as_str(), &of.plan.name), (above.as_str(), "施策")]))
        p { strong { (lines(&measure.is.title())) } }
        (form_frame(&format!("/{action}"), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), title, body)
}
