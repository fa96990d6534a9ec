//! One file: its words, and taking it off.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, conflict_view, form_frame,
        link_button, radio_group, select_field, submit_row, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    files::{Attachment, AttachmentId, CAPTION, Class},
    form::{Form, Posted},
    http::{id, see_other},
    page::page,
};
use maud::{Markup, html};

use super::{Holder, PUBLISH, label, link};
use crate::files::{Change, at};

type Three = Path<(String, String, String)>;

async fn on_sheet(
    ctx: &Ctx,
    (of, block, file): &(String, String, String),
) -> Result<(Holder, Attachment)> {
    let mut conn = ctx.read().await?;
    let holder = Holder::sheet(&mut conn, ctx, of, block).await?;
    let file = at(&mut conn, ctx, holder.spot(), id::<AttachmentId>(file)?).await?;
    Ok((holder, file))
}

async fn on_goal(
    ctx: &Ctx,
    (of, year, file): &(String, String, String),
) -> Result<(Holder, Attachment)> {
    let mut conn = ctx.read().await?;
    let holder = Holder::goal(&mut conn, ctx, of, year).await?;
    let file = at(&mut conn, ctx, holder.spot(), id::<AttachmentId>(file)?).await?;
    Ok((holder, file))
}

pub async fn of_sheet(ctx: Ctx, Path(path): Three) -> Result<Markup> {
    let (holder, file) = on_sheet(&ctx, &path).await?;
    edit(&ctx, &holder, &file).await
}

pub async fn of_goal(ctx: Ctx, Path(path): Three) -> Result<Markup> {
    let (holder, file) = on_goal(&ctx, &path).await?;
    edit(&ctx, &holder, &file).await
}

pub async fn say_sheet(ctx: Ctx, Path(path): Three, posted: Posted) -> Result<Response> {
    let (holder, file) = on_sheet(&ctx, &path).await?;
    say(&ctx, &holder, &file, posted).await
}

pub async fn say_goal(ctx: Ctx, Path(path): Three, posted: Posted) -> Result<Response> {
    let (holder, file) = on_goal(&ctx, &path).await?;
    say(&ctx, &holder, &file, posted).await
}

pub async fn ask_sheet(ctx: Ctx, Path(path): Three) -> Result<Markup> {
    let (holder, file) = on_sheet(&ctx, &path).await?;
    Ok(ask(&ctx, &holder, &file))
}

pub async fn ask_goal(ctx: Ctx, Path(path): Three) -> Result<Markup> {
    let (holder, file) = on_goal(&ctx, &path).await?;
    Ok(ask(&ctx, &holder, &file))
}

pub async fn off_sheet(ctx: Ctx, Path(path): Three, posted: Posted) -> Result<Response> {
    let (holder, file) = on_sheet(&ctx, &path).await?;
    off(&ctx, &holder, &file, posted).await
}

pub async fn off_goal(ctx: Ctx, Path(path): Three, posted: Posted) -> Result<Response> {
    let (holder, file) = on_goal(&ctx, &path).await?;
    off(&ctx, &holder, &file, posted).await
}

fn key(holder: &Holder, file: &Attachment) -> String {
    format!("{}/{}", holder.draft_key(), file.id)
}

fn filled(file: &Attachment) -> Form {
    let mut form = Form::blank();
    form.version = Some(file.version);
    form.prefill("caption", file.label.caption.as_str());
    form.prefill("class", file.label.class.as_code());
    form.prefill("publish", if file.label.publish { "yes" } else { "no" });
    form
}

async fn edit(ctx: &Ctx, holder: &Holder, file: &Attachment) -> Result<Markup> {
    let form = drafts::restore(ctx, &key(holder, file), filled(file)).await?;
    Ok(view(ctx, holder, file, &form))
}

async fn say(ctx: &Ctx, holder: &Holder, file: &Attachment, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(key(holder, file));
    let Some(label) = label(&mut form) else {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(view(ctx, holder, file, &form)),
        ));
    };
    let mut tx = ctx.write().await?;
    let seen = form.version.unwrap_or_default();
    match holder
        .change(&mut tx, ctx, &Change::Say(file.id, label, seen))
        .await
    {
        Err(Error::Changed) => {
            drop(tx);
            let now = at(&mut ctx.read().await?, ctx, holder.spot(), file.id).await?;
            Err(Error::Page(
                StatusCode::CONFLICT,
                Box::new(conflict(ctx, holder, &now, &form)),
            ))
        }
        Err(e) => Err(e),
        Ok(()) => {
            drafts::clear(&mut tx, ctx, &key(holder, file)).await?;
            tx.commit().await?;
            Ok(see_other(&holder.address()))
        }
    }
}

fn view(ctx: &Ctx, holder: &Holder, file: &Attachment, form: &Form) -> Markup {
    let fields = html! {
        (text_field(form, FieldSpec::new("caption", "説明").required().maxlength(CAPTION)))
        (select_field(form, FieldSpec::new("class", "種類").required(), Class::OPTIONS))
        (radio_group(form, FieldSpec::new("publish", "公表").required(), PUBLISH))
        (submit_row(html! {
            (button(ButtonKind::Primary, "保存する", None))
            (link_button(ButtonKind::Quiet, &holder.address(), "やめる"))
        }))
    };
    let body = html! {
        (holder.trail())
        p { (link(None, file)) }
        (form_frame(&format!("{}/{}", holder.address(), file.id), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "ファイルの説明・公表を直す", body)
}

fn conflict(ctx: &Ctx, holder: &Holder, now: &Attachment, form: &Form) -> Markup {
    let theirs = filled(now);
    let mut found = Vec::new();
    if form.value("caption").trim() != theirs.value("caption") {
        let (mine, saved) = (form.value("caption"), theirs.value("caption"));
        found.push(Conflict::text("caption", "説明", mine, saved));
    }
    for (name, word, options) in [
        ("class", "種類", Class::OPTIONS),
        ("publish", "公表", PUBLISH),
    ] {
        let side = |f: &Form| {
            let code = f.value(name).to_owned();
            let word = options.iter().find(|(c, _)| *c == code);
            (vec![code], word.map_or("", |(_, w)| w).to_owned())
        };
        if form.value(name) != theirs.value(name) {
            found.push(Conflict::coded(name, word, side(form), side(&theirs)));
        }
    }
    let info = ConflictInfo {
        who: "ほかの推進員",
        when: "先ほど",
        version: now.version,
    };
    let action = format!("{}/{}", holder.address(), now.id);
    let body = html! { (holder.trail()) (conflict_view(&action, ctx.csrf(), form, info, &found)) };
    page(&ctx.frame(), "ファイルの説明・公表を直す", body)
}

fn ask(ctx: &Ctx, holder: &Holder, file: &Attachment) -> Markup {
    let mut form = Form::blank();
    form.version = Some(file.version);
    let at = holder.address();
    let fields = html! {
        p { "外すと、この画面と印刷から消えます。承認済みの版に付いているものは、そのまま残ります。" }
        (submit_row(html! {
            (button(ButtonKind::Danger, "外す", None))
            (link_button(ButtonKind::Quiet, &at, "やめる"))
        }))
    };
    let body = html! {
        (holder.trail())
        p { (link(None, file)) }
        (form_frame(&format!("{at}/{}/remove", file.id), ctx.csrf(), &form, fields))
    };
    page(&ctx.frame(), "ファイルを外す", body)
}

async fn off(ctx: &Ctx, holder: &Holder, file: &Attachment, posted: Posted) -> Result<Response> {
    let form = Form::from_posted(posted);
    let seen = form.version.unwrap_or_default();
    let mut tx = ctx.write().await?;
    holder
        .change(&mut tx, ctx, &Change::Remove(file.id, seen))
        .await?;
    tx.commit().await?;
    Ok(see_other(&holder.address()))
}
