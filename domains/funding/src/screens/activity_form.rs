//! `/funding/activities/new` and `/funding/activities/{activity}/edit`.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, button, form_frame, link_button, radio_group, select_field,
        submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once,
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::parts::{Shown, conflict, differences, refused, trail};
use crate::{
    model::{Activity, ActivityId, KeptActivity, Scheme},
    rules,
    store::activity,
};

pub async fn new(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let form = drafts::restore(&ctx, &key(None), Form::blank()).await?;
    Ok(view(&ctx, None, &form))
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, None, Form::from_posted(posted)).await
}

pub async fn edit(ctx: Ctx, Path(activity): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let known = activity::one(&mut ctx.read().await?, &ctx, id(&activity)?).await?;
    let form = drafts::restore(&ctx, &key(Some(known.id)), filled(&known)).await?;
    Ok(view(&ctx, Some(known.id), &form))
}

pub async fn update(ctx: Ctx, Path(activity): Path<String>, posted: Posted) -> Result<Response> {
    let id = id(&activity)?;
    save(ctx, Some(id), Form::from_posted(posted)).await
}

fn key(id: Option<ActivityId>) -> String {
    id.map_or_else(
        || "funding/activities/new".to_owned(),
        |id| format!("funding/activities/{id}/edit"),
    )
}

fn address(id: Option<ActivityId>) -> String {
    format!("/{}", key(id))
}

fn filled(k: &KeptActivity) -> Form {
    let mut form = Form::blank();
    form.version = Some(k.version);
    form.prefill("name", k.it.name.as_str());
    form.prefill("scheme", k.it.scheme.as_code());
    form.prefill(
        "last_year",
        k.it.last_year
            .map(|y| y.year().to_string())
            .unwrap_or_default(),
    );
    form.prefill("note", k.it.note.as_str());
    form
}

fn parse(ctx: &Ctx, form: &mut Form) -> Option<Activity> {
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let name = form.text("name", "活動・事業の名前", 200, true);
    let scheme = form.choice("scheme", "計画書の事業", Scheme::OPTIONS, true);
    let last = form.choice("last_year", "終わった年度", &borrowed(&years), false);
    let note = form.text("note", "備考", 1000, false);
    let activity = Activity {
        scheme: Scheme::from_code(&scheme?)?,
        name,
        last_year: last.and_then(|code| code.parse().ok()),
        note,
    };
    (!form.has_errors()).then_some(activity)
}

async fn save(ctx: Ctx, known: Option<ActivityId>, mut form: Form) -> Result<Response> {
    rules::need_planner(&ctx)?;
    form.draft_key = Some(key(known));
    let Some(activity) = parse(&ctx, &mut form) else {
        return Err(refused(view(&ctx, known, &form)));
    };
    let mut tx = ctx.write().await?;
    if known.is_none() {
        once::claim(&mut tx, &ctx, &form.once).await?;
    }
    let seen = known.map(|id| (id, form.version.unwrap_or_default()));
    let id = match activity::save(&mut tx, &ctx, seen, &activity).await {
        Err(Error::Changed) => {
            drop(tx);
            return Err(changed(&ctx, known.ok_or(Error::Changed)?, &form).await?);
        }
        done => done?,
    };
    let to = format!("/funding/activities/{id}");
    drafts::clear(&mut tx, &ctx, &key(known)).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn changed(ctx: &Ctx, id: ActivityId, form: &Form) -> Result<Error> {
    let mut conn = ctx.read().await?;
    let known = activity::one(&mut conn, ctx, id).await?;
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let found = differences(form, &filled(&known), |name| match name {
        "name" => Some(Shown::text("活動・事業の名前")),
        "note" => Some(Shown::text("備考")),
        "scheme" => Some(Shown::choice("計画書の事業", Scheme::OPTIONS)),
        "last_year" => Some(Shown::choice("終わった年度", &borrowed(&years))),
        _ => None,
    });
    conflict(
        ctx,
        &mut conn,
        &address(Some(id)),
        "活動を直す",
        &known,
        form,
        &found,
    )
    .await
}

fn view(ctx: &Ctx, known: Option<ActivityId>, form: &Form) -> Markup {
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let back = known.map_or_else(
        || "/funding".to_owned(),
        |id| format!("/funding/activities/{id}"),
    );
    let fields = html! {
        (text_field(form, FieldSpec::new("name", "活動・事業の名前").required().hint("例: 地区サロン、住民による配食").maxlength(200)))
        (radio_group(form, FieldSpec::new("scheme", "計画書の事業").required(), Scheme::OPTIONS))
        @if known.is_some() {
            (select_field(form, FieldSpec::new("last_year", "終わった年度").hint("続いている活動は、選びません"), &borrowed(&years)))
        }
        (text_area(form, FieldSpec::new("note", "備考").rows(2).maxlength(1000)))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let title = if known.is_some() {
        "活動を直す"
    } else {
        "活動を書く"
    };
    let body = html! { (trail(&[])) (form_frame(&address(known), ctx.csrf(), form, fields)) };
    page(&ctx.frame(), title, body)
}
