//! `/consultations/{room}/edit`: corrections. The old text stays in the history.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, conflict_view, form_frame,
        radio_group, select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
};
use engawa_organisations::codes::CodeList;
use maud::{Markup, html};

use super::{
    path,
    words::{Names, Words, when},
};
use crate::store::{self, EDITABLE, Edit};

const CODED: [(&str, CodeList); 3] = [
    ("channel", CodeList::Channel),
    ("route", CodeList::Route),
    ("urgency", CodeList::Urgency),
];

fn list_of(name: &str) -> Option<CodeList> {
    CODED.iter().find(|c| c.0 == name).map(|c| c.1)
}

async fn open(ctx: &Ctx, room: &str) -> Result<(RoomKey, Edit, Words)> {
    ctx.need(Duty::Triage)?;
    let key = super::read(ctx, room, "edit").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let now = store::editable(&mut conn, ctx, &key).await?;
    let words = Words::load(&mut conn, ctx).await?;
    Ok((key, now, words))
}

fn draft(key: &RoomKey) -> String {
    format!("consultations/{}/edit", key.room())
}

pub(super) async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Response> {
    let (key, now, words) = open(&ctx, &room).await?;
    let mut form = Form::blank();
    form.version = Some(now.version);
    for (name, text) in &now.values {
        form.prefill(name, text.clone());
    }
    let mut form = drafts::restore(&ctx, &draft(&key), form).await?;
    // A draft from before she was protected still holds what the form held then.
    let hidden = store::withheld_contact(&mut ctx.read().await?, &ctx, &key).await?;
    if hidden.is_some_and(|text| text == form.value("consulter_contact").trim()) {
        form.forget("consulter_contact");
    }
    Ok(page(&ctx, &key, &form, &now, &words).into_response())
}

pub(super) async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (key, now, words) = open(&ctx, &room).await?;
    let mut form = Form::from_posted(posted);
    form.draft_key = Some(draft(&key));
    let mut values = Vec::with_capacity(EDITABLE.len());
    for (name, label, max) in EDITABLE {
        let stored = now
            .values
            .iter()
            .find(|v| v.0 == name)
            .map_or("", |v| v.1.as_str());
        let text = match list_of(name) {
            Some(list) => {
                let options = words.options_with(list, &[stored]);
                form.choice(name, label, &options, true).unwrap_or_default()
            }
            None => form.text(name, label, max, name == "words"),
        };
        values.push((name, text));
    }
    if form.has_errors() {
        let page = page(&ctx, &key, &form, &now, &words);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    }
    let mine = Edit {
        values,
        version: form.version.unwrap_or(0),
    };
    match store::save_edit(&ctx, key.room(), &mine).await {
        Ok(()) => Ok(see_other(&path(key.room()))),
        Err(Error::Changed) => Err(conflict(&ctx, &key, &form, &mine, &words).await?),
        Err(e) => Err(e),
    }
}

/// Both texts of each field that differs, to choose from.
async fn conflict(
    ctx: &Ctx,
    key: &RoomKey,
    form: &Form,
    mine: &Edit,
    words: &Words,
) -> Result<Error> {
    let mut conn = ctx.read().await?;
    let theirs = store::editable(&mut conn, ctx, key).await?;
    let detail = store::detail(&mut conn, ctx, key).await?;
    let last = detail.revisions.last();
    let staff: Vec<_> = last.map(|r| r.by).into_iter().collect();
    let names = Names::load(&mut conn, ctx, &[], &[], &staff).await?;
    let word = |name: &str, code: &str| match name {
        "channel" => words.channel(code).to_owned(),
        "route" => words.route(code).to_owned(),
        _ => words.urgency(code).to_owned(),
    };
    let conflicts: Vec<Conflict> = EDITABLE
        .iter()
        .zip(mine.values.iter().zip(&theirs.values))
        .filter(|(_, (m, t))| m.1 != t.1)
        .map(|((name, label, _), (m, t))| {
            if list_of(name).is_some() {
                let side = |code: &String| (vec![code.clone()], word(name, code));
                Conflict::coded(name, label, side(&m.1), side(&t.1))
            } else {
                Conflict::text(name, label, &m.1, &t.1)
            }
        })
        .collect();
    let info = ConflictInfo {
        who: last.map_or("ほかの人", |r| names.staff(r.by)),
        when: &when(ctx, last.map_or_else(|| ctx.now(), |r| r.at)),
        version: theirs.version,
    };
    let view = conflict_view(
        &format!("{}/edit", path(key.room())),
        ctx.csrf(),
        form,
        info,
        &conflicts,
    );
    let page = engawa_kernel::page::page(&ctx.frame(), "記録を訂正する", view);
    Ok(Error::Page(StatusCode::CONFLICT, Box::new(page)))
}

fn page(ctx: &Ctx, key: &RoomKey, form: &Form, now: &Edit, words: &Words) -> Markup {
    let body = html! {
        @for (name, label, max) in EDITABLE {
            @let stored = now.values.iter().find(|v| v.0 == name).map_or("", |v| v.1.as_str());
            @match list_of(name) {
                Some(CodeList::Urgency) => (radio_group(form, FieldSpec::new(name, label).required(), &words.options_with(CodeList::Urgency, &[stored]))),
                Some(list) => (select_field(form, FieldSpec::new(name, label).required(), &words.options_with(list, &[stored]))),
                None if max > 500 => {
                    @let spec = FieldSpec::new(name, label).maxlength(max).rows(if name == "words" { 8 } else { 3 });
                    (text_area(form, if name == "words" { spec.required() } else { spec }))
                }
                None => (text_field(form, FieldSpec::new(name, label).maxlength(max))),
            }
        }
        (submit_row(html! {
            (button(ButtonKind::Primary, "訂正を保存する", None))
            a href=(path(key.room())) { "相談に戻る" }
        }))
    };
    let content = html! {
        p { "訂正前の文は、経過に残ります。" }
        (form_frame(&format!("{}/edit", path(key.room())), ctx.csrf(), form, body))
    };
    engawa_kernel::page::page(&ctx.frame(), "記録を訂正する", content)
}
