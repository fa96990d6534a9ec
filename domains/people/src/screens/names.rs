//! GET, POST /people/{id}/names: names exactly as typed; one no longer used keeps its date.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::{RoomKey, RoomKind},
    components::{
        ButtonKind, Conflict, ConflictInfo, FieldSpec, button, conflict_view, form_frame,
        repeated_group, select_field, submit_row, text_field,
    },
    context::Ctx,
    drafts,
    error::{Error, Result},
    form::{Form, Posted},
    http::id,
    id::PersonId,
    saved::Saved,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, conflict, href, page_of};
use crate::{
    door::{self, Via},
    model::{NameKind, NewName, Person},
    store,
};

const MAX_NAME: usize = 100;

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.names").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let this = shell::card(&mut conn, &ctx, &key, person).await?;
    let record = store::person::load(&mut conn, &ctx, &key, person).await?;
    drop(conn);
    let mut form = Form::blank();
    form.version = Some(record.version);
    for (name, value) in fields(&record) {
        form.prefill(&name, value);
    }
    let form = drafts::restore(&ctx, &draft_key(person), form).await?;
    Ok(view(&ctx, &key, &this, &form, 1))
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.names").await?;
    let this = shell::card(&mut tx, &ctx, &key, person).await?;
    if !form.value("add_row").is_empty() {
        let rows = form.indexed("name").len() + 1;
        return Err(again(view(&ctx, &key, &this, &form, rows)));
    }
    let names = read(&mut form);
    let Some(version) = form.version else {
        return Err(Error::Changed);
    };
    if form.has_errors() {
        return Err(again(view(&ctx, &key, &this, &form, 1)));
    }
    let nameless = store::person::load(&mut tx, &ctx, &key, person)
        .await?
        .names
        .is_empty();
    match store::names::replace(&mut tx, &ctx, &key, person, version, &names).await {
        Ok(()) => {}
        Err(Error::Changed) => {
            let theirs = store::person::load(&mut tx, &ctx, &key, person).await?;
            let who = store::staff_name(&mut tx, &ctx, theirs.updated_by).await?;
            return Err(conflict(both(&ctx, &key, &this, &form, &theirs, &who)));
        }
        Err(e) => return Err(e),
    }
    drafts::clear(&mut tx, &ctx, &draft_key(person)).await?;
    tx.commit().await?;
    // What was called after somebody without a name goes on being called so: one is told.
    let first = nameless && !names.is_empty() && key.kind() == RoomKind::Case;
    let saved = if first { Saved::FirstName } else { Saved::Name };
    Ok(saved.then(&href(&key, person, "")))
}

fn draft_key(person: PersonId) -> String {
    format!("people/{person}/names")
}

fn fields(p: &Person) -> Vec<(String, String)> {
    p.names
        .iter()
        .filter(|n| n.ended_at.is_none())
        .enumerate()
        .flat_map(|(i, n)| {
            [
                (format!("name[{i}].kind"), n.kind.as_code().to_owned()),
                (format!("name[{i}].text"), n.text.clone()),
                (format!("name[{i}].kana"), n.kana.clone()),
            ]
        })
        .collect()
}

fn read(form: &mut Form) -> Vec<NewName> {
    let rows = form.indexed("name");
    if rows.len() > store::names::MAX {
        form.error(
            "name",
            "氏名",
            format!(
                "氏名は{}件までです（いま{}件）。",
                store::names::MAX,
                rows.len()
            ),
        );
        return Vec::new();
    }
    let mut names = Vec::new();
    for i in rows {
        let text = form.text(&format!("name[{i}].text"), "氏名", MAX_NAME, false);
        let kana = form.text(&format!("name[{i}].kana"), "ふりがな", MAX_NAME, false);
        let kind = form.choice(&format!("name[{i}].kind"), "種類", NameKind::OPTIONS, false);
        if text.is_empty() && kana.is_empty() {
            continue;
        }
        names.push(NewName {
            kind: kind
                .and_then(|c| NameKind::from_code(&c))
                .unwrap_or(NameKind::Heard),
            text,
            kana,
        });
    }
    names
}

fn view(ctx: &Ctx, key: &RoomKey, this: &shell::This, form: &Form, rows: usize) -> Markup {
    let body = html! {
        p { "書かれたとおりに保存します（旧字・異体字もそのまま）。検索では読みや異体字の違いを問わず見つかります。ここから消した氏名も履歴に残り、検索で見つかります。" }
        (repeated_group(form, "name", "氏名", "氏名を加える", rows, |i| html! {
            (select_field(form, FieldSpec::new(format!("name[{i}].kind"), "種類").short(), NameKind::OPTIONS))
            (text_field(form, FieldSpec::new(format!("name[{i}].text"), "氏名").maxlength(MAX_NAME)))
            (text_field(form, FieldSpec::new(format!("name[{i}].kana"), "ふりがな").maxlength(MAX_NAME)))
        }))
        (submit_row(button(ButtonKind::Primary, "保存する", None)))
    };
    page_of(
        ctx,
        key,
        this,
        Place::Below,
        "氏名を直す",
        form_frame(&href(key, this.id, "/names"), ctx.csrf(), form, body),
    )
}

fn both(
    ctx: &Ctx,
    key: &RoomKey,
    this: &shell::This,
    form: &Form,
    theirs: &Person,
    who: &str,
) -> Markup {
    let stored = fields(theirs);
    let rows = form
        .indexed("name")
        .into_iter()
        .chain((0..stored.len() / 3).collect::<Vec<_>>())
        .collect::<std::collections::BTreeSet<_>>();
    let mut conflicts = Vec::new();
    for i in rows {
        for (part, label) in [("kind", "種類"), ("text", "氏名"), ("kana", "ふりがな")] {
            let name = format!("name[{i}].{part}");
            let mine = form.value(&name).to_owned();
            let saved = stored
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| v.clone())
                .unwrap_or_default();
            if mine.trim() == saved {
                continue;
            }
            let label = format!("{}番目の{label}", i + 1);
            conflicts.push(if part == "kind" {
                let word = |c: &str| {
                    NameKind::from_code(c)
                        .map_or("", NameKind::label)
                        .to_owned()
                };
                let (a, b) = (word(&mine), word(&saved));
                Conflict::coded(&name, &label, (vec![mine], a), (vec![saved], b))
            } else {
                Conflict::text(&name, &label, &mine, &saved)
            });
        }
    }
    let when = shell::moment(ctx, theirs.updated_at);
    let info = ConflictInfo {
        who,
        when: &when,
        version: theirs.version,
    };
    let body = conflict_view(
        &href(key, this.id, "/names"),
        ctx.csrf(),
        form,
        info,
        &conflicts,
    );
    page_of(ctx, key, this, Place::Below, "氏名を直す", body)
}
