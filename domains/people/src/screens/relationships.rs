//! /people/{id}/relationships: typed, dated edges to others in the same room.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, button, card, date_field, details, form_frame, select_field,
        submit_row, table, text_field,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    id::PersonId,
    once,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, href, page_of};
use crate::{
    door::{self, Via},
    model::{Relationship, RelationshipId},
    store::{self, relationships::NewRelationship},
    words::{self, Words},
};

struct Shown {
    this: shell::This,
    edges: Vec<Relationship>,
    others: Vec<(String, String)>,
    words: Words,
}

async fn load(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, person: PersonId) -> Result<Shown> {
    Ok(Shown {
        this: shell::card(conn, ctx, key, person).await?,
        edges: store::relationships::of(conn, ctx, key, person).await?,
        others: store::cards::of_room(conn, ctx, key)
            .await?
            .into_iter()
            .filter(|c| c.id != person)
            .map(|c| {
                (
                    c.id.to_string(),
                    format!("{}（{}）", c.shown_name, c.age_text),
                )
            })
            .collect(),
        words: words::load(conn, ctx).await?,
    })
}

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.relationships").await?;
    let shown = load(&mut ctx.read().await?, &ctx, &key, person).await?;
    Ok(view(&ctx, &key, &shown, &Form::blank()))
}

pub(super) async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let person: PersonId = id(&path)?;
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.relationships").await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let shown = load(&mut tx, &ctx, &key, person).await?;
    let options: Vec<(&str, &str)> = shown
        .others
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str()))
        .collect();
    let other = form.choice("other", "相手", &options, true);
    let kind = form.choice("kind", "続柄・関係", &shown.words.kinships(), true);
    let note = form.text("note", "補足", 200, false);
    let since = shell::date(&ctx, &mut form, "since", "始まりの日", false);
    let (Some(other), Some(kind), false) = (other, kind, form.has_errors()) else {
        return Err(again(view(&ctx, &key, &shown, &form)));
    };
    let new = NewRelationship {
        from: person,
        to: id(&other)?,
        kind,
        note,
        since,
    };
    store::relationships::add(&mut tx, &ctx, &key, new).await?;
    let to = href(&key, person, "/relationships");
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

pub(super) async fn post_end(
    ctx: Ctx,
    Path((path, edge)): Path<(String, String)>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let (person, edge): (PersonId, RelationshipId) = (id(&path)?, id(&edge)?);
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.relationships").await?;
    let Some(last) = shell::date(&ctx, &mut form, "last", "最後の日", true) else {
        let why = form
            .error_of("last")
            .unwrap_or("最後の日を入力してください。");
        return Err(Error::Invalid(why.to_owned()));
    };
    store::relationships::end(&mut tx, &ctx, &key, person, edge, last).await?;
    tx.commit().await?;
    Ok(see_other(&href(&key, person, "/relationships")))
}

fn view(ctx: &Ctx, key: &RoomKey, shown: &Shown, form: &Form) -> Markup {
    let options: Vec<(&str, &str)> = shown
        .others
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str()))
        .collect();
    let rows: Vec<Vec<Markup>> = shown
        .edges
        .iter()
        .map(|e| {
            let word = shown.words.kinship(&e.kind);
            vec![
                html! { a href=(href(key, e.other.id, "")) { (e.other.shown_name) } },
                html! { @if e.outgoing { (word) } @else { "（相手から見て" (word) "）" } },
                html! { (shell::period(ctx, e.from, e.to)) },
                html! { (e.note) },
                html! { @if e.to.is_none() && key.may_write() { (end_form(ctx, key, &shown.this, e)) } },
            ]
        })
        .collect();
    let body = html! {
        @if rows.is_empty() { p { "関係は登録されていません。" } }
        @else { (table(&["相手", "続柄・関係", "期間", "補足", "操作"], &rows, "関係")) }
        @if options.is_empty() { p { "同じ相談・ケースに登録された人がほかにいないため、関係は加えられません。先に世帯に加えてください。" } }
        @else if key.may_write() {
            (card("加える", form_frame(&href(key, shown.this.id, "/relationships"), ctx.csrf(), form, html! {
                (select_field(form, FieldSpec::new("other", "相手").required(), &options))
                (select_field(form, FieldSpec::new("kind", "続柄・関係").required()
                    .hint("相手は、この人の何にあたりますか。"), &shown.words.kinships()))
                (text_field(form, FieldSpec::new("note", "補足").maxlength(200)))
                (date_field(form, FieldSpec::new("since", "始まりの日")))
                (submit_row(button(ButtonKind::Primary, "加える", None)))
            })))
        }
    };
    page_of(ctx, key, &shown.this, Place::Relationships, "関係", body)
}

fn end_form(ctx: &Ctx, key: &RoomKey, this: &shell::This, edge: &Relationship) -> Markup {
    let form = Form::blank().scoped(format!("end-{}", edge.id));
    let action = href(key, this.id, &format!("/relationships/{}/end", edge.id));
    details(
        "終える",
        form_frame(
            &action,
            ctx.csrf(),
            &form,
            html! {
                (date_field(&form, FieldSpec::new("last", "最後の日").required()))
                (submit_row(button(ButtonKind::Secondary, "この日で終える", None)))
            },
        ),
    )
}
