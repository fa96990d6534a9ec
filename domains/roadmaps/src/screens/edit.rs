//! `/roadmaps/new` and `/roadmaps/{plan}/edit`: what a plan is called, whose it is, its years and
//! where it stands.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, form_frame, link_button, radio_group, select_field,
        submit_row, text_area, text_field,
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

use super::parts::{Compared, Place, clash, refused, texts, trail};
use crate::{
    model::{PlanId, PlanKind, PlanState},
    owner::Bodies,
    rules,
    store::plan,
    typed::{self, PlanOptions, form_of},
};

/// What a plan's form offers; a plan does not stand under itself.
pub(crate) async fn options(
    conn: &mut Conn,
    ctx: &Ctx,
    known: Option<PlanId>,
) -> Result<PlanOptions> {
    let plans = plan::list(conn, ctx).await?;
    let own = plans.iter().find(|k| Some(k.kept.id) == known);
    let mut years = typed::plan_years(ctx.today());
    if let Some(own) = own {
        // A plan of long ago keeps its years.
        years.extend([own.kept.is.first_year, own.kept.is.last_year]);
        years.sort_unstable();
        years.dedup();
    }
    Ok(PlanOptions {
        bodies: Bodies::load(conn, ctx).await?.options(),
        above: plans
            .iter()
            .filter(|k| Some(k.kept.id) != known)
            .map(|k| {
                (
                    k.kept.id.to_string(),
                    format!("{}（{}）", k.kept.is.name, k.kept.is.period()),
                )
            })
            .collect(),
        years: typed::years(years),
    })
}

pub async fn new(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let options = options(&mut ctx.read().await?, &ctx, None).await?;
    let mut form = Form::blank();
    let now = FiscalYear::of(ctx.today()).year();
    form.prefill("first_year", now.to_string());
    form.prefill("last_year", (now + 2).to_string());
    form.prefill("state", PlanState::Draft.as_code());
    let form = drafts::restore(&ctx, &key(None), form).await?;
    Ok(view(&ctx, None, &options, &form))
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, None, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(plan): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let id: PlanId = id(&plan)?;
    let mut conn = ctx.read().await?;
    let known = plan::one(&mut conn, &ctx, id).await?;
    let options = options(&mut conn, &ctx, Some(id)).await?;
    drop(conn);
    let mut form = form_of(&known.kept.is);
    form.version = Some(known.kept.version);
    let form = drafts::restore(&ctx, &key(Some(id)), form).await?;
    Ok(view(&ctx, Some(id), &options, &form))
}

pub async fn update(ctx: Ctx, Path(plan): Path<String>, posted: Posted) -> Result<Response> {
    let id = id(&plan)?;
    save(ctx, Some(id), Form::from_posted(posted)).await
}

fn key(id: Option<PlanId>) -> String {
    id.map_or_else(|| "roadmaps/new".into(), |id| format!("roadmaps/{id}/edit"))
}

async fn save(ctx: Ctx, known: Option<PlanId>, mut form: Form) -> Result<Response> {
    rules::need_planner(&ctx)?;
    form.draft_key = Some(key(known));
    let options = options(&mut ctx.read().await?, &ctx, known).await?;
    let Some(new) = typed::plan(&mut form, &options) else {
        return Err(refused(view(&ctx, known, &options, &form)));
    };
    let mut tx = ctx.write().await?;
    let done = match known {
        None => {
            once::claim(&mut tx, &ctx, &form.once).await?;
            plan::add(&mut tx, &ctx, &new, None).await
        }
        Some(id) => {
            let seen = form.version.unwrap_or_default();
            plan::change(&mut tx, &ctx, id, seen, &new)
                .await
                .map(|()| id)
        }
    };
    let id = match (done, known) {
        (Err(Error::Changed), Some(id)) => {
            drop(tx);
            return Err(conflict(&ctx, id, &options, &form).await?);
        }
        (Err(Error::Invalid(why)), _) => {
            form.error("state", "状態と期間", why);
            return Err(refused(view(&ctx, known, &options, &form)));
        }
        (done, _) => done?,
    };
    let to = format!("/roadmaps/{id}");
    drafts::clear(&mut tx, &ctx, &key(known)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn conflict(ctx: &Ctx, id: PlanId, options: &PlanOptions, form: &Form) -> Result<Error> {
    let known = plan::one(&mut ctx.read().await?, ctx, id).await?.kept;
    let (bodies, above, years) = (
        borrowed(&options.bodies),
        borrowed(&options.above),
        borrowed(&options.years),
    );
    let mut fields = texts(&typed::PLAN);
    fields.extend([
        Compared::Choice("kind", "計画の種類", PlanKind::OPTIONS),
        Compared::Choice("body", "どこの計画か", &bodies),
        Compared::Choice("above", "上位計画", &above),
        Compared::Choice("first_year", "始まりの年度", &years),
        Compared::Choice("last_year", "終わりの年度", &years),
        Compared::Choice("state", "状態", PlanState::OPTIONS),
    ]);
    let place = Place {
        title: "計画を直す",
        above: &[],
        action: &format!("/{}", key(Some(id))),
    };
    clash(ctx, &place, form, (&known, &form_of(&known.is)), &fields).await
}

/// The fields of a plan; the next plan's form has the same.
pub(super) fn fields(form: &Form, options: &PlanOptions, back: &str) -> Markup {
    let years = borrowed(&options.years);
    html! {
        (select_field(form, FieldSpec::new("kind", "計画の種類").required(), PlanKind::OPTIONS))
        (text_field(form, FieldSpec::new("name", "計画の名前").required().hint("例: 第4次縁側市地域福祉計画").maxlength(200)))
        (select_field(form, FieldSpec::new("body", "どこの計画か").hint("選ばなければ、自治体の計画です"), &borrowed(&options.bodies)))
        (select_field(form, FieldSpec::new("above", "上位計画").hint("この計画を包む計画や構想があるとき"), &borrowed(&options.above)))
        (select_field(form, FieldSpec::new("first_year", "始まりの年度").required(), &years))
        (select_field(form, FieldSpec::new("last_year", "終わりの年度").required(), &years))
        (radio_group(form, FieldSpec::new("state", "状態").required().hint("「終了」にすると、施策の文は変えられません。評価は書けます"), PlanState::OPTIONS))
        (text_area(form, FieldSpec::new("note", "経過・備考").hint("策定の経過、決めた会議など。個人がわかることは書きません").maxlength(2000)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, back, "やめる"))
        }))
    }
}

fn view(ctx: &Ctx, known: Option<PlanId>, options: &PlanOptions, form: &Form) -> Markup {
    let back = known.map_or_else(|| "/roadmaps".to_owned(), |id| format!("/roadmaps/{id}"));
    let fields = fields(form, options, &back);
    let title = if known.is_some() {
        "計画を直す"
    } else {
        "計画を登録する"
    };
    let body = html! {
        (trail(&[]))
        (form_frame(&format!("/{}", key(known)), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), title, body)
}
