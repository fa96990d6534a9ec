//! `/organisations/{register}/new` and `…/{id}/edit`: one form for every register.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    clock::local,
    components::{
        ButtonKind, ConflictInfo, button, conflict_view, form_frame, link_button, submit_row,
    },
    context::Ctx,
    db::{Conn, sql},
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    once,
    page::page,
    text::wareki::format_date_time,
};
use maud::{Markup, html};
use uuid::Uuid;

use super::{Asked, id_of, trail};
use crate::{choices::Choices, draw, read, registers::Register};

/// GET `/organisations/{register}/new`; `?staff=…&desk=…` fills fields in.
pub(crate) async fn new(ctx: Ctx, Path(slug): Path<String>, asked: Asked) -> Result<Markup> {
    let register = Register::from_slug(&slug)?;
    let spec = register.spec();
    let mut form = Form::blank();
    let mut conn = ctx.read().await?;
    let choices = register.choices(&mut conn, &ctx).await?;
    for (key, value) in asked.iter() {
        let known = spec.field(key).and_then(|f| match f.kind {
            crate::field::Kind::Pick(source) => choices
                .list(source)
                .iter()
                .find(|c| c.code == *value || c.id.to_string() == *value)
                .map(|c| c.code.clone()),
            _ => None,
        });
        if let Some(code) = known {
            form.prefill(key, code);
        }
    }
    drop(conn);
    blank(
        &ctx,
        register,
        &format!("/organisations/{}", spec.slug),
        form,
    )
    .await
}

/// POST `/organisations/{register}/new`
pub(crate) async fn create(ctx: Ctx, Path(slug): Path<String>, posted: Posted) -> Result<Response> {
    let register = Register::from_slug(&slug)?;
    let base = format!("/organisations/{}", register.spec().slug);
    save(&ctx, register, &base, None, Form::from_posted(posted)).await
}

/// GET `/organisations/{register}/{id}/edit`
pub(crate) async fn edit(ctx: Ctx, Path((slug, id)): Path<(String, String)>) -> Result<Markup> {
    let register = Register::from_slug(&slug)?;
    let base = format!("/organisations/{}", register.spec().slug);
    filled(&ctx, register, &base, id_of(&id)?).await
}

/// POST `/organisations/{register}/{id}/edit`
pub(crate) async fn update(
    ctx: Ctx,
    Path((slug, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response> {
    let register = Register::from_slug(&slug)?;
    let base = format!("/organisations/{}", register.spec().slug);
    save(
        &ctx,
        register,
        &base,
        Some(id_of(&id)?),
        Form::from_posted(posted),
    )
    .await
}

/// An empty form, or this user's draft of it.
pub(crate) async fn blank(ctx: &Ctx, register: Register, base: &str, form: Form) -> Result<Markup> {
    ctx.need(register.spec().duty)?;
    let form = drafts::restore(ctx, &draft_key(base, None), form).await?;
    let mut conn = ctx.read().await?;
    let choices = register.choices(&mut conn, ctx).await?;
    Ok(form_page(ctx, register, base, None, &form, &choices))
}

/// The form of a stored record, or this user's draft of it.
pub(crate) async fn filled(ctx: &Ctx, register: Register, base: &str, id: Uuid) -> Result<Markup> {
    ctx.need(register.spec().duty)?;
    let mut conn = ctx.read().await?;
    let record = register.get(&mut conn, ctx, id).await?;
    let choices = register.choices(&mut conn, ctx).await?;
    drop(conn);
    let form = draw::form_of(&record, register.spec().fields, ctx.calendar);
    let form = drafts::restore(ctx, &draft_key(base, Some(id)), form).await?;
    Ok(form_page(ctx, register, base, Some(id), &form, &choices))
}

/// Saves a posted form: a new record, or a changed one.
pub(crate) async fn save(
    ctx: &Ctx,
    register: Register,
    base: &str,
    id: Option<Uuid>,
    mut form: Form,
) -> Result<Response> {
    let spec = register.spec();
    ctx.need(spec.duty)?;
    let mut tx = ctx.write().await?;
    if let Some(id) = id {
        register.get(&mut tx, ctx, id).await?;
    } else if form.value("add_row").is_empty() {
        once::claim(&mut tx, ctx, &form.once).await?;
    }
    let mut choices = register.choices(&mut tx, ctx).await?;
    if !form.value("add_row").is_empty() {
        return Ok(form_page(ctx, register, base, id, &form, &choices).into_response());
    }
    let mut values = read::read(&mut form, spec.fields, &choices, ctx.today());
    register
        .check(&mut tx, ctx, id, &mut values, &choices, &mut form)
        .await?;
    if form.has_errors() {
        let page = form_page(ctx, register, base, id, &form, &choices);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    }
    let known = id.map(|id| (id, form.version.unwrap_or_default()));
    let saved = match register
        .save(&mut tx, ctx, known, &values, &mut choices)
        .await
    {
        Ok(saved) => saved,
        Err(Error::Changed) => {
            drop(tx);
            return conflict(ctx, register, base, id.ok_or(Error::Changed)?, &form).await;
        }
        Err(e) => return Err(e),
    };
    let to = format!("{base}/{saved}");
    drafts::clear(&mut tx, ctx, &draft_key(base, id)).await?;
    once::lead_to(&mut tx, ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

async fn conflict(
    ctx: &Ctx,
    register: Register,
    base: &str,
    id: Uuid,
    form: &Form,
) -> Result<Response> {
    let spec = register.spec();
    let mut conn = ctx.read().await?;
    let theirs = register.get(&mut conn, ctx, id).await?;
    let choices = register.choices(&mut conn, ctx).await?;
    let (who, when) = last_saved(&mut conn, ctx, id).await?;
    let (shown, found) = draw::conflicts(form, &theirs, spec.fields, &choices, ctx.calendar);
    let info = ConflictInfo {
        who: &who,
        when: &when,
        version: theirs.version,
    };
    let view = conflict_view(
        &format!("{base}/{id}/edit"),
        ctx.csrf(),
        &shown,
        info,
        &found,
    );
    let page = page(&ctx.frame(), &format!("{}を直す", spec.title), view);
    Err(Error::Page(StatusCode::CONFLICT, Box::new(page)))
}

/// Who saved a record last and when, in words.
pub(super) async fn last_saved(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<(String, String)> {
    let row = conn
        .row(
            sql("select s.name, o.at from organisations_saved o join staff s on s.id = o.staff_id where o.record_id = :id")
                .bind("id", id),
        )
        .await?;
    Ok(match row {
        Some(row) => (
            row.get("name")?,
            format_date_time(local(row.get("at")?), ctx.calendar),
        ),
        None => ("ほかの職員".into(), "先ほど".into()),
    })
}

fn draft_key(base: &str, id: Option<Uuid>) -> String {
    let base = base.trim_start_matches('/');
    id.map_or_else(|| format!("{base}/new"), |id| format!("{base}/{id}"))
}

fn form_page(
    ctx: &Ctx,
    register: Register,
    base: &str,
    id: Option<Uuid>,
    form: &Form,
    choices: &Choices,
) -> Markup {
    let spec = register.spec();
    let (action, back, title) = match id {
        Some(id) => (
            format!("{base}/{id}/edit"),
            format!("{base}/{id}"),
            format!("{}を直す", spec.title),
        ),
        None => (
            format!("{base}/new"),
            base.to_owned(),
            format!("{}を登録する", spec.title),
        ),
    };
    let fields = html! {
        (draw::fields(form, spec.fields, choices, form.value("add_row")))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &back, "やめる"))
        }))
    };
    let body = html! {
        (trail(&[(base, spec.title)]))
        (form_frame(&action, ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), &title, body)
}
