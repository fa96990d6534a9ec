//! `/roadmaps/measures/{measure}/years/{year}`: how far a measure was carried out in a year.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, card, form_frame, lines, link_button, radio_group,
        submit_row, text_area,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::parts::{Compared, Place, clash, degree_tag, milestone_tag, refused, texts, trail};
use crate::{
    model::{Degree, KeptMeasure, MeasureId},
    rules,
    store::{measure, plan, rating},
    typed::{self, form_of},
};

fn key(id: MeasureId, of: FiscalYear) -> String {
    format!("roadmaps/measures/{id}/years/{}", of.year())
}

fn filled(m: &KeptMeasure, of: FiscalYear) -> Form {
    let known = m.rating(of);
    let mut form = known.map_or_else(Form::blank, |r| form_of(&r.is));
    form.version = Some(known.map_or(0, |r| r.version));
    form
}

pub async fn get(ctx: Ctx, Path((measure, year)): Path<(String, String)>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let of = id::<FiscalYear>(&year)?;
    let mut conn = ctx.read().await?;
    let m = measure::one(&mut conn, &ctx, id(&measure)?).await?;
    let plan = plan::one(&mut conn, &ctx, m.plan).await?.kept.is;
    drop(conn);
    rules::need_ratable(&plan, of, ctx.today())?;
    let form = drafts::restore(&ctx, &key(m.kept.id, of), filled(&m, of)).await?;
    Ok(view(&ctx, &m, of, &form))
}

pub async fn post(
    ctx: Ctx,
    Path((measure, year)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let of = id::<FiscalYear>(&year)?;
    let mut form = Form::from_posted(posted);
    let mut tx = ctx.write().await?;
    let m = measure::one(&mut tx, &ctx, id(&measure)?).await?;
    let plan = plan::one(&mut tx, &ctx, m.plan).await?.kept.is;
    rules::need_ratable(&plan, of, ctx.today())?;
    form.draft_key = Some(key(m.kept.id, of));
    let Some(new) = typed::rating(&mut form, of) else {
        return Err(refused(view(&ctx, &m, of, &form)));
    };
    let seen = form.version.unwrap_or_default();
    match rating::save(&mut tx, &ctx, &m, &new, seen).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(conflict(&ctx, m.kept.id, of, &form).await?);
        }
        done => done?,
    }
    drafts::clear(&mut tx, &ctx, &key(m.kept.id, of)).await?;
    tx.commit().await?;
    Ok(see_other(&format!("/roadmaps/measures/{}", m.kept.id)))
}

async fn conflict(ctx: &Ctx, id: MeasureId, of: FiscalYear, form: &Form) -> Result<Error> {
    let m = measure::one(&mut ctx.read().await?, ctx, id).await?;
    let known = m.rating(of).ok_or(Error::Changed)?;
    let mut fields = texts(&typed::RATING);
    fields.push(Compared::Choice("degree", "実行度", Degree::OPTIONS));
    let above = format!("/roadmaps/measures/{id}");
    let place = Place {
        title: &format!("{of}の評価"),
        above: &[(above.as_str(), "施策")],
        action: &format!("/{}", key(id, of)),
    };
    clash(ctx, &place, form, (known, &filled(&m, of)), &fields).await
}

fn view(ctx: &Ctx, m: &KeptMeasure, of: FiscalYear, form: &Form) -> Markup {
    let above = format!("/roadmaps/measures/{}", m.kept.id);
    let plan = format!("/roadmaps/{}", m.plan);
    let stones: Vec<_> = m.milestones.iter().filter(|s| s.is.year == of).collect();
    let others: Vec<_> = m.ratings.iter().filter(|r| r.is.year != of).collect();
    let fields = html! {
        (text_area(form, FieldSpec::new("evidence", "根拠").hint("何ができたか、どこで確かめたか。個人がわかることは書きません").rows(5).maxlength(4000)))
        (radio_group(form, FieldSpec::new("degree", "実行度").required(), Degree::OPTIONS))
        (text_area(form, FieldSpec::new("words", "評価のことば").hint("うまくいったこと、次の年度や次の計画に伝えること").rows(3).maxlength(2000)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &above, "やめる"))
        }))
    };
    let body = html! {
        (trail(&[(plan.as_str(), "計画"), (above.as_str(), "施策")]))
        p { strong { (lines(&m.kept.is.title())) } }
        @if !stones.is_empty() {
            (card("この年度の工程", html! { ul { @for s in &stones { li { (milestone_tag(s.is.state)) " " (lines(&s.is.text)) } } } }))
        }
        (form_frame(&format!("/{}", key(m.kept.id, of)), ctx.csrf(), form, fields))
        @if !others.is_empty() {
            (card("ほかの年度", html! { ul { @for r in &others { li { (r.is.year) " " (degree_tag(r.is.degree)) " " (lines(&r.is.words)) } } } }))
        }
    };
    page(&ctx.frame(), &format!("{of}の評価"), body)
}
