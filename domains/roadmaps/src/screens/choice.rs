//! `/roadmaps/{plan}/choices` (a new one) and `/roadmaps/choices/{choice}`: options that were weighed,
//! the one chosen and why.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, form_frame, link_button, select_field, submit_row, text_area,
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

use super::parts::{Compared, Place, clash, refused, short, texts, trail};
use crate::{
    model::{ChoiceId, Kept, PlanId},
    rules,
    store::{choice, measure, plan},
    typed::{self, OPTIONS, Options, form_of_choice, option_name},
};

/// The plan's measures as choices.
pub(crate) async fn measures(conn: &mut Conn, ctx: &Ctx, of: PlanId) -> Result<Options> {
    let all = measure::of_plan(conn, ctx, of).await?;
    Ok(all
        .iter()
        .map(|m| (m.kept.id.to_string(), short(&m.kept.is.title())))
        .collect())
}

fn new_key(plan: PlanId) -> String {
    format!("roadmaps/{plan}/choices")
}

fn key(id: ChoiceId) -> String {
    format!("roadmaps/choices/{id}")
}

/// Where a choice stands: its plan, and itself when it is there already.
struct At {
    plan: PlanId,
    plan_name: String,
    known: Option<ChoiceId>,
    measures: Options,
}

impl At {
    fn key(&self) -> String {
        self.known.map_or_else(|| new_key(self.plan), key)
    }
}

async fn at(conn: &mut Conn, ctx: &Ctx, of: PlanId, known: Option<ChoiceId>) -> Result<At> {
    let plan = plan::one(conn, ctx, of).await?.kept.is;
    rules::need_open(&plan)?;
    Ok(At {
        plan: of,
        plan_name: plan.name,
        known,
        measures: measures(conn, ctx, of).await?,
    })
}

pub async fn new(ctx: Ctx, Path(plan): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let at = at(&mut ctx.read().await?, &ctx, id(&plan)?, None).await?;
    let form = drafts::restore(&ctx, &at.key(), Form::blank()).await?;
    Ok(view(&ctx, &at, &form))
}

pub async fn create(ctx: Ctx, Path(plan): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let of = id(&plan)?;
    save(&ctx, of, None, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(choice): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let mut conn = ctx.read().await?;
    let (plan, known) = choice::one(&mut conn, &ctx, id(&choice)?).await?;
    let at = at(&mut conn, &ctx, plan, Some(known.id)).await?;
    drop(conn);
    let mut form = form_of_choice(&known.is);
    form.version = Some(known.version);
    let form = drafts::restore(&ctx, &at.key(), form).await?;
    Ok(view(&ctx, &at, &form))
}

pub async fn update(ctx: Ctx, Path(choice): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let (plan, known) = choice::one(&mut ctx.read().await?, &ctx, id(&choice)?).await?;
    save(&ctx, plan, Some(known.id), Form::from_posted(posted)).await
}

async fn save(
    ctx: &Ctx,
    plan: PlanId,
    known: Option<ChoiceId>,
    mut form: Form,
) -> Result<Response> {
    let mut tx = ctx.write().await?;
    let at = at(&mut tx, ctx, plan, known).await?;
    form.draft_key = Some(at.key());
    let Some(new) = typed::choice(&mut form, &at.measures) else {
        return Err(refused(view(ctx, &at, &form)));
    };
    let old: Option<Kept<_, _>> = match known {
        Some(id) => Some(choice::one(&mut tx, ctx, id).await?.1),
        None => {
            once::claim(&mut tx, ctx, &form.once).await?;
            None
        }
    };
    let seen = old
        .as_ref()
        .map(|old| (old, form.version.unwrap_or_default()));
    match choice::save(&mut tx, ctx, plan, seen, &new).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(conflict(ctx, &at, known.ok_or(Error::Changed)?, &form).await?);
        }
        done => done?,
    };
    let to = format!("/roadmaps/{plan}#choices");
    drafts::clear(&mut tx, ctx, &at.key()).await?;
    once::lead_to(&mut tx, ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn conflict(ctx: &Ctx, at: &At, id: ChoiceId, form: &Form) -> Result<Error> {
    let (_, known) = choice::one(&mut ctx.read().await?, ctx, id).await?;
    let named: Options = (1..=OPTIONS)
        .map(|n| (option_name(n), format!("案{n}")))
        .collect();
    let places: Options = (1..=OPTIONS)
        .map(|n| (n.to_string(), format!("案{n}")))
        .collect();
    let (measures, places) = (borrowed(&at.measures), borrowed(&places));
    let mut fields = texts(&typed::CHOICE);
    fields.extend(
        named
            .iter()
            .map(|(name, label)| Compared::Text(name, label)),
    );
    fields.push(Compared::Choice("chosen", "選んだ案", &places));
    fields.push(Compared::Choice("measure", "どの施策のことか", &measures));
    let place = Place {
        title: "選択肢を直す",
        above: &[],
        action: &format!("/{}", at.key()),
    };
    let theirs = form_of_choice(&known.is);
    clash(ctx, &place, form, (&known, &theirs), &fields).await
}

fn view(ctx: &Ctx, at: &At, form: &Form) -> Markup {
    let back = format!("/roadmaps/{}", at.plan);
    let places: Options = (1..=OPTIONS)
        .map(|n| (n.to_string(), format!("案{n}")))
        .collect();
    let fields = html! {
        (text_area(form, FieldSpec::new("question", "決めること").required().hint("例: ちょっとした困りごとを、だれが引き受けるか").rows(2).maxlength(1000)))
        (select_field(form, FieldSpec::new("measure", "どの施策のことか").hint("計画全体のことなら、選びません"), &borrowed(&at.measures)))
        @for n in 1..=OPTIONS {
            @let spec = FieldSpec::new(option_name(n), format!("案{n}")).rows(2).maxlength(1000);
            (text_area(form, if n <= 2 { spec.required() } else { spec }))
        }
        (select_field(form, FieldSpec::new("chosen", "選んだ案").hint("まだ決めていなければ、選びません"), &borrowed(&places)))
        (text_area(form, FieldSpec::new("why", "選んだ理由").hint("案を選んだときは必ず書きます。選ばなかった案の理由も残せます").maxlength(2000)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let title = if at.known.is_some() {
        "選択肢を直す"
    } else {
        "選択肢を書く"
    };
    let body = html! {
        (trail(&[(back.as_str(), &at.plan_name)]))
        (form_frame(&format!("/{}", at.key()), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), title, body)
}
