//! `/roadmaps/ladder/areas/{area}/years/{year}`: what people judge of the four steps of an area.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, button, form_frame, link_button, radio_group, submit_row, text_area,
    },
    context::Ctx,
    db::Conn,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    id::AreaId,
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::ABOVE;
use crate::{
    ladder::{
        Rated, STANDING, Standing, Step,
        count::{self, Rung},
    },
    paper::said,
    rules,
    screens::{
        history::changes,
        parts::{Compared, Place, clash, refused, texts, trail},
    },
    store::{change, ladder},
    typed::form_of,
};

fn key(area: AreaId, year: FiscalYear) -> String {
    format!("roadmaps/ladder/areas/{area}/years/{}", year.year())
}

/// An area of the ladder with its name.
///
/// # Errors
/// [`Error::NotFound`] for one that is not on it; [`Error::Invalid`] for a year to come.
pub(crate) async fn need_area(
    conn: &mut Conn,
    ctx: &Ctx,
    area: AreaId,
    year: FiscalYear,
) -> Result<String> {
    if year > FiscalYear::of(ctx.today()) {
        return Err(Error::Invalid(format!(
            "{year}はまだ始まっていないので、評価できません。保存していません。"
        )));
    }
    let settings = ladder::settings(conn, ctx).await?;
    count::areas(conn, ctx, &settings, year)
        .await?
        .into_iter()
        .find(|a| a.id == area)
        .map(|a| a.name)
        .ok_or(Error::NotFound)
}

pub async fn get(ctx: Ctx, Path((area, year)): Path<(String, String)>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let (area, year): (AreaId, FiscalYear) = (id(&area)?, id(&year)?);
    let mut conn = ctx.read().await?;
    let name = need_area(&mut conn, &ctx, area, year).await?;
    let known = ladder::standing(&mut conn, &ctx, area, year).await?;
    let rung = counted(&mut conn, &ctx, area, year).await?;
    let before = change::of_record(&mut conn, &ctx, area.0).await?;
    let before = changes(&mut conn, &ctx, &before).await?;
    drop(conn);
    let mut form = known.as_ref().map_or_else(Form::blank, |k| form_of(&k.is));
    form.version = Some(known.map_or(0, |k| k.version));
    let form = drafts::restore(&ctx, &key(area, year), form).await?;
    let body = html! {
        (view(&ctx, (area, year), rung.as_ref(), &form))
        (before)
    };
    Ok(page(&ctx.frame(), &title(&name, year), body))
}

/// What was counted, for those who may read figures.
async fn counted(
    conn: &mut Conn,
    ctx: &Ctx,
    area: AreaId,
    year: FiscalYear,
) -> Result<Option<Rung>> {
    if !ctx.actor.may(Duty::ReadFigures) {
        return Ok(None);
    }
    let all = count::ladder(conn, ctx, year).await?;
    Ok(all.rungs.into_iter().find(|r| r.area == area))
}

fn title(name: &str, year: FiscalYear) -> String {
    format!("{name}の{year}の評価")
}

pub async fn post(
    ctx: Ctx,
    Path((area, year)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let (area, year): (AreaId, FiscalYear) = (id(&area)?, id(&year)?);
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(key(area, year));
    let mut tx = ctx.write().await?;
    let name = need_area(&mut tx, &ctx, area, year).await?;
    let Some(new) = Standing::read(&mut form) else {
        let shown = view(&ctx, (area, year), None, &form);
        return Err(refused(page(&ctx.frame(), &title(&name, year), shown)));
    };
    let seen = form.version.unwrap_or_default();
    match ladder::judge(&mut tx, &ctx, (area, &name), year, &new, seen).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(conflict(&ctx, (area, &name), year, &form).await?);
        }
        done => done?,
    }
    drafts::clear(&mut tx, &ctx, &key(area, year)).await?;
    tx.commit().await?;
    Ok(see_other(&format!("{}?year={}", ABOVE.0, year.year())))
}

async fn conflict(ctx: &Ctx, area: (AreaId, &str), year: FiscalYear, form: &Form) -> Result<Error> {
    let known = ladder::standing(&mut ctx.read().await?, ctx, area.0, year)
        .await?
        .ok_or(Error::Changed)?;
    let mut fields = texts(&STANDING);
    fields.extend(
        Step::ALL
            .into_iter()
            .map(|s| Compared::Choice(s.as_code(), s.label(), Rated::OPTIONS)),
    );
    let place = Place {
        title: &title(area.1, year),
        above: &[ABOVE],
        action: &format!("/{}", key(area.0, year)),
    };
    clash(ctx, &place, form, (&known, &form_of(&known.is)), &fields).await
}

fn view(ctx: &Ctx, at: (AreaId, FiscalYear), rung: Option<&Rung>, form: &Form) -> Markup {
    let back = format!("{}?year={}", ABOVE.0, at.1.year());
    let fields = html! {
        @for (n, (step, (name, label, max))) in Step::ALL.into_iter().zip(STANDING).enumerate() {
            @let counted = rung.and_then(|r| r.counted.get(n)).map(|c| said(*c)).unwrap_or_default();
            @let hint = if counted.is_empty() { "評価しないときは、選びません".to_owned() } else { format!("記録では: {counted}。評価しないときは、選びません") };
            (radio_group(form, FieldSpec::new(step.as_code(), step.label()).hint(hint), Rated::OPTIONS))
            (text_area(form, FieldSpec::new(name, label).hint("何を見てそう言えるか。個人がわかることは書きません").rows(2).maxlength(max)))
        }
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    html! {
        (trail(&[ABOVE]))
        (form_frame(&format!("/{}", key(at.0, at.1)), ctx.csrf(), form, fields))
    }
}
