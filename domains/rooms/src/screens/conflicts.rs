//! /rooms/conflicts: 利益相反の届け出

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use engawa_kernel::{
    access::{self, Duty},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, empty_state, form_frame, hidden, notice,
        submit_row, table, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::{PersonId, StaffId},
    once, page,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::moment;
use crate::store;

#[derive(Deserialize)]
pub struct Asked {
    person: Option<String>,
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    let person = match asked.person.as_deref() {
        None => None,
        Some(text) => Some(text.parse::<PersonId>().map_err(|_| Error::NotFound)?),
    };
    if let Some(person) = person
        && !store::seen_through(&mut ctx.read().await?, &ctx, person).await?
    {
        return Err(Error::NotFound);
    }
    view(&ctx, person, &Form::blank()).await
}

async fn view(ctx: &Ctx, person: Option<PersonId>, form: &Form) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let conflicts = store::conflicts(&mut conn, ctx).await?;
    let mut staff: Vec<StaffId> = conflicts.iter().map(|c| c.staff).collect();
    staff.sort_unstable();
    staff.dedup();
    let names = engawa_organisations::staff_names(&mut conn, &staff).await?;
    let may_end = ctx.actor.may(Duty::Reassign);
    let rows: Vec<Vec<Markup>> = conflicts
        .iter()
        .map(|c| {
            vec![
                html! { (names.get(&c.staff).cloned().unwrap_or_default()) },
                html! { (c.relation) },
                html! { (moment(ctx, c.declared_at)) },
                html! {
                    @if may_end && c.staff != ctx.actor.staff {
                        (form_frame(&format!("/rooms/conflicts/{}/end", c.id), ctx.csrf(), &Form::blank().scoped(c.id.to_string()), html! {
                            (button(ButtonKind::Secondary, "届け出を終える", None))
                        }))
                    } @else { "管理者・推進員が終えられます" }
                },
            ]
        })
        .collect();
    let body = html! {
        p { "親族・近所・後見している人など、関わりの近い人の記録は、届け出ると自分では開けなくなります。開こうとすると管理者に知らされます。" }
        @if let Some(person) = person {
            (form_frame("/rooms/conflicts", ctx.csrf(), form, html! {
                (notice(NoticeKind::Warn, "届け出ると、この人が関わる記録はすぐに開けなくなります", html! { p { "担当している場合は、先に主担当を引き継いでください。終えられるのは管理者・推進員だけです。" } }))
                (hidden("person", &person.to_string()))
                (text_field(form, FieldSpec::new("relation", "あなたとの関わり").hint("例: いとこ、隣に住んでいる、後見人をしている").required().maxlength(100)))
                (submit_row(button(ButtonKind::Danger, "届け出る", None)))
            }))
        } @else {
            p { "新しく届け出るときは、その人の画面の「利益相反を届け出る」から行います。" }
        }
        h2 { "届け出の一覧" }
        @if rows.is_empty() { (empty_state("届け出はありません。", html! {})) }
        @else { (table(&["職員", "関わり", "届け出た日時", ""], &rows, "届け出ている利益相反")) }
    };
    Ok(page::page(&ctx.frame(), "利益相反の届け出", body))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let person = form.parsed("person", "届け出る人", true, str::parse::<PersonId>);
    let relation = form.text("relation", "あなたとの関わり", 100, true);
    let Some(person) = person.filter(|_| !form.has_errors()) else {
        let page = view(&ctx, person, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    };
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    if !store::seen_through(&mut tx, &ctx, person).await? {
        return Err(Error::NotFound);
    }
    access::declare_conflict(&mut tx, &ctx, ctx.actor.staff, person, &relation).await?;
    once::lead_to(&mut tx, &ctx, &form.once, "/rooms/conflicts").await?;
    tx.commit().await?;
    Ok(see_other("/rooms/conflicts"))
}

pub async fn end(ctx: Ctx, Path(conflict): Path<String>, _posted: Posted) -> Result<Response> {
    ctx.need(Duty::Reassign)?;
    let conflict = uuid::Uuid::try_parse(&conflict).map_err(|_| Error::NotFound)?;
    let mut tx = ctx.write().await?;
    access::end_conflict(&mut tx, &ctx, conflict).await?;
    tx.commit().await?;
    Ok(see_other("/rooms/conflicts"))
}
