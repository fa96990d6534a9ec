//! `/roadmaps/ladder/statements` (a new one) and `/roadmaps/ladder/statements/{statement}`.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, check_box, form_frame, link_button, radio_group,
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
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::ABOVE;
use crate::{
    ladder::{Actor, Horizon, STATEMENT, Statement, StatementId, Step, count},
    rules,
    screens::{
        history::changes,
        parts::{Compared, Place, clash, refused, texts, trail},
    },
    store::{change, ladder, statement},
    typed::{Options, form_of},
};

fn key(id: Option<StatementId>) -> String {
    id.map_or_else(
        || "roadmaps/ladder/statements".into(),
        |id| format!("roadmaps/ladder/statements/{id}"),
    )
}

/// The areas of the ladder as choices.
pub(crate) async fn areas(conn: &mut Conn, ctx: &Ctx) -> Result<Options> {
    let settings = ladder::settings(conn, ctx).await?;
    let all = count::areas(conn, ctx, &settings, FiscalYear::of(ctx.today())).await?;
    Ok(all
        .into_iter()
        .map(|a| (a.id.to_string(), a.name))
        .collect())
}

pub async fn new(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let areas = areas(&mut ctx.read().await?, &ctx).await?;
    let form = drafts::restore(&ctx, &key(None), Form::blank()).await?;
    Ok(view(&ctx, None, &areas, &form, &html! {}))
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, None, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(statement): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let known = statement::one(&mut conn, &ctx, id(&statement)?).await?;
    let areas = areas(&mut conn, &ctx).await?;
    let before = change::of_record(&mut conn, &ctx, known.id.0).await?;
    let before = changes(&mut conn, &ctx, &before).await?;
    drop(conn);
    let mut form = form_of(&known.is);
    form.version = Some(known.version);
    let form = drafts::restore(&ctx, &key(Some(known.id)), form).await?;
    Ok(view(&ctx, Some(known.id), &areas, &form, &before))
}

pub async fn update(ctx: Ctx, Path(statement): Path<String>, posted: Posted) -> Result<Response> {
    let id = id(&statement)?;
    save(ctx, Some(id), Form::from_posted(posted)).await
}

async fn save(ctx: Ctx, known: Option<StatementId>, mut form: Form) -> Result<Response> {
    rules::need_planner(&ctx)?;
    form.draft_key = Some(key(known));
    let mut tx = ctx.write().await?;
    let areas = areas(&mut tx, &ctx).await?;
    let Some(new) = Statement::read(&mut form, &areas) else {
        return Err(refused(view(&ctx, known, &areas, &form, &html! {})));
    };
    let old = match known {
        Some(id) => Some(statement::one(&mut tx, &ctx, id).await?),
        None => {
            once::claim(&mut tx, &ctx, &form.once).await?;
            None
        }
    };
    let seen = old
        .as_ref()
        .map(|old| (old, form.version.unwrap_or_default()));
    match statement::save(&mut tx, &ctx, seen, &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(conflict(&ctx, known.ok_or(Error::Changed)?, &areas, &form).await?);
        }
        done => done?,
    };
    let to = format!("{}#statements", ABOVE.0);
    drafts::clear(&mut tx, &ctx, &key(known)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn conflict(ctx: &Ctx, id: StatementId, areas: &Options, form: &Form) -> Result<Error> {
    let known = statement::one(&mut ctx.read().await?, ctx, id).await?;
    let areas = borrowed(areas);
    let mut fields = texts(&STATEMENT);
    fields.extend([
        Compared::Choice("actor", "だれの変化か", Actor::OPTIONS),
        Compared::Choice("horizon", "いつまでに", Horizon::OPTIONS),
        Compared::Choice("step", "どの段階か", Step::OPTIONS),
        Compared::Choice("area", "どの圏域か", &areas),
        Compared::Choice(
            "withdrawn",
            "もう掲げていない",
            &[("1", "もう掲げていない")],
        ),
    ]);
    let place = Place {
        title: "成果のことばを直す",
        above: &[ABOVE],
        action: &format!("/{}", key(Some(id))),
    };
    clash(ctx, &place, form, (&known, &form_of(&known.is)), &fields).await
}

fn view(
    ctx: &Ctx,
    known: Option<StatementId>,
    areas: &Options,
    form: &Form,
    before: &Markup,
) -> Markup {
    let fields = html! {
        (text_area(form, FieldSpec::new("text", "成果のことば").required().hint("何がどうなっているか。例: 気になる人のことを、民生委員に話せる").rows(3).maxlength(1000)))
        (radio_group(form, FieldSpec::new("actor", "だれの変化か").required(), Actor::OPTIONS))
        (radio_group(form, FieldSpec::new("horizon", "いつまでに").required(), Horizon::OPTIONS))
        (radio_group(form, FieldSpec::new("step", "どの段階か").required(), Step::OPTIONS))
        (select_field(form, FieldSpec::new("area", "どの圏域か").hint("自治体の全体のことなら、選びません"), &borrowed(areas)))
        @if known.is_some() { (check_box(form, FieldSpec::new("withdrawn", "もう掲げていない"))) }
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, ABOVE.0, "やめる"))
        }))
    };
    let title = if known.is_some() {
        "成果のことばを直す"
    } else {
        "成果のことばを書く"
    };
    let body = html! {
        (trail(&[ABOVE]))
        (form_frame(&format!("/{}", key(known)), ctx.csrf(), form, fields))
        (before)
    };
    page(&ctx.frame(), title, body)
}
