//! `/rooms/conflicts`: relatives, neighbours, wards of a user. What is declared closes that person's
//! rooms to the user at once; only somebody else, a supervisor of the same body, ends it.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use engawa_kernel::{
    access::{self, Duty},
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, details, empty_state, form_frame, hidden,
        notice, submit_row, table, text_field,
    },
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::{BodyId, PersonId},
    notices, once,
    page::page as framed,
    search,
    tasks::{self, NewTask},
};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    rules::{REASON_MAX, RELATION_MAX},
    store::{self, Conflict},
};

const HERE: &str = "/rooms/conflicts";

/// Whom a declaration is about.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    person: String,
}

/// The page; with `?person=` it offers the declaration.
pub async fn page(ctx: Ctx, Query(wanted): Query<Wanted>) -> Result<Markup> {
    let mut form = Form::blank();
    if !wanted.person.is_empty() {
        let person: PersonId = super::id(&wanted.person)?;
        let mut conn = ctx.read().await?;
        if !access::person_is_visible(&mut conn, &ctx, person).await? {
            return Err(Error::NotFound);
        }
        form.prefill("person", person.to_string());
    }
    view(&ctx, &form, None).await
}

/// Saves a declaration about oneself.
pub async fn declare(ctx: Ctx, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let person: PersonId = super::id(form.value("person"))?;
    let relation = form.text("relation", "あなたとの関係", RELATION_MAX, true);
    if form.has_errors() {
        return Err(refused(view(&ctx, &form, None).await?));
    }
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    if !access::person_is_visible(&mut tx, &ctx, person).await? {
        return Err(Error::NotFound);
    }
    let owned = store::owned_rooms_about(&mut tx, &ctx, person).await?;
    access::declare_conflict(&mut tx, &ctx, ctx.actor.staff, person, &relation).await?;
    for (room, desk) in owned {
        // The owner can no longer open it: the desk needs another one, and soon.
        notices::to_owner(
            &mut tx,
            &ctx,
            room,
            "conflict_declared",
            json!({ "staff": ctx.actor.staff }),
        )
        .await?;
        tasks::add(
            &mut tx,
            &ctx,
            NewTask {
                room: Some(room),
                kind: "owner_conflict",
                title: "主担当が利益相反を届け出たため、主担当を替える".into(),
                posting: None,
                desk,
                due_on: Some(ctx.today()),
                source: None,
            },
        )
        .await?;
    }
    once::lead_to(&mut tx, &ctx, &form.once, HERE).await?;
    tx.commit().await?;
    Ok(see_other(HERE))
}

/// Ends somebody else's declaration.
pub async fn end(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let id: Uuid = super::id(&id)?;
    ctx.need(Duty::Reassign)?;
    let mut form = Form::from_posted(posted).scoped(id.to_string());
    let reason = form.text("reason", "終える理由", REASON_MAX, true);
    if form.has_errors() {
        return Err(refused(
            view(&ctx, &Form::blank(), Some((id, &form))).await?,
        ));
    }
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    end_in(&mut tx, &ctx, id, &reason).await?;
    once::lead_to(&mut tx, &ctx, &form.once, HERE).await?;
    tx.commit().await?;
    Ok(see_other(HERE))
}

async fn end_in(tx: &mut Tx, ctx: &Ctx, id: Uuid, reason: &str) -> Result<()> {
    let conflict = store::conflicts_of_bodies(tx, ctx, &supervised(ctx))
        .await?
        .into_iter()
        .find(|c| c.id == id);
    let Some(conflict) = conflict else {
        // One's own is known to oneself, and refused in words; anything else is nothing.
        let own = store::my_conflicts(tx, ctx)
            .await?
            .iter()
            .any(|c| c.id == id);
        return Err(if own {
            Error::Forbidden("自分の利益相反の届け出を、自分で終えることはできません。".into())
        } else {
            Error::NotFound
        });
    };
    access::end_conflict(tx, ctx, id).await?;
    audit::append_with_reason(
        tx,
        ctx,
        Entry::new("access.conflict_end")
            .person(conflict.person)
            .detail(json!({ "conflict": id, "staff": conflict.staff })),
        reason,
    )
    .await?;
    notices::to_staff(
        tx,
        ctx,
        conflict.staff,
        None,
        "conflict_ended",
        json!({ "by": ctx.actor.staff }),
    )
    .await
}

fn refused(page: Markup) -> Error {
    Error::Page(StatusCode::UNPROCESSABLE_ENTITY, Box::new(page))
}

/// Bodies in which the actor decides about hand-overs.
fn supervised(ctx: &Ctx) -> Vec<BodyId> {
    ctx.actor
        .postings
        .iter()
        .filter(|p| p.role.may(Duty::Reassign))
        .map(|p| p.body)
        .collect()
}

async fn view(ctx: &Ctx, form: &Form, failed: Option<(Uuid, &Form)>) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let mine = store::my_conflicts(&mut conn, ctx).await?;
    let bodies = supervised(ctx);
    let theirs = if bodies.is_empty() {
        vec![]
    } else {
        store::conflicts_of_bodies(&mut conn, ctx, &bodies).await?
    };
    let about: Option<PersonId> = form.value("person").parse().ok();
    let name = match about {
        Some(person) => search::shown_name(&mut conn, ctx, person).await?,
        None => None,
    };
    let mut others = Vec::new();
    for c in &theirs {
        let person = search::shown_name(&mut conn, ctx, c.person).await?;
        others.push(vec![
            html! { (c.staff_name) },
            html! { (person.as_deref().unwrap_or("（閲覧権がないため表示しません）")) },
            html! { (c.relation) },
            html! { (super::when(ctx, c.declared_at)) },
            end_form(ctx, c, failed),
        ]);
    }
    let own: Vec<Vec<Markup>> = mine
        .iter()
        .map(|c| {
            vec![
                html! { (super::when(ctx, c.declared_at)) },
                html! { (c.relation) },
            ]
        })
        .collect();
    let body = html! {
        p { "親族・近隣の人・後見している人など、あなたと近い関係にある人の記録は、届け出ると開けなくなります。開こうとすると、主担当とその管理者に知らされます。" }
        @if about.is_some() { (declaration(ctx, form, name.as_deref())) }
        h2 { "あなたの届け出" }
        @if own.is_empty() {
            (empty_state("届け出はありません。", html! { p { "届け出るときは、その人のページの「利益相反を届け出る」から行います。" } }))
        } @else {
            (table(&["届け出た日時", "あなたとの関係"], &own, "あなたの利益相反の届け出"))
            p { "事情が変わったときは、所属の管理者が終わりにします。自分では取り消せません。" }
        }
        @if !others.is_empty() {
            h2 { "所属の職員の届け出" }
            (table(&["職員", "対象者", "関係", "届け出た日時", "終える"], &others, "所属の職員の利益相反の届け出"))
        }
    };
    Ok(framed(&ctx.frame(), "利益相反の届け出", body))
}

fn declaration(ctx: &Ctx, form: &Form, name: Option<&str>) -> Markup {
    html! {
        h2 { "新しい届け出" }
        (notice(NoticeKind::Warn, "届け出ると、すぐに開けなくなります", html! {
            p { "この人の相談とケースは、保存した時からあなたには開けません。自分では元に戻せません。" }
        }))
        (form_frame(HERE, ctx.csrf(), form, html! {
            (hidden("person", form.value("person")))
            p { "対象者: " strong { (name.unwrap_or("（氏名の登録なし）")) } }
            (text_field(form, FieldSpec::new("relation", "あなたとの関係").required().maxlength(RELATION_MAX)
                .hint("例: 母、隣の家、後見人をしている")))
            (submit_row(button(ButtonKind::Primary, "届け出る", None)))
        }))
    }
}

fn end_form(ctx: &Ctx, c: &Conflict, failed: Option<(Uuid, &Form)>) -> Markup {
    let again = failed
        .filter(|(id, _)| *id == c.id)
        .map(|(_, form)| form.clone());
    let open = again.is_some();
    let form = again.unwrap_or_else(|| Form::blank().scoped(c.id.to_string()));
    let fields = form_frame(
        &format!("{HERE}/{}/end", c.id),
        ctx.csrf(),
        &form,
        html! {
            (text_field(&form, FieldSpec::new("reason", "終える理由").required().maxlength(REASON_MAX)))
            (submit_row(button(ButtonKind::Danger, "届け出を終える", None)))
        },
    );
    if open {
        fields
    } else {
        details("終える", fields)
    }
}
