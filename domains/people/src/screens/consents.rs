//! /people/{id}/consents: consents as history, who already holds what, taking a consent back.

use std::collections::HashMap;

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    access::RoomKey,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, date_field, empty_state, form_frame,
        link_button, notice, protected_mark, submit_row, table, text_area,
    },
    context::Ctx,
    db::Conn,
    error::Result,
    form::{Form, Posted},
    http::id,
    id::{DeskId, PersonId},
    saved::Saved,
};
use maud::{Markup, html};

use super::shell::{self, Place, again, day, href, or_dash, page_of, shown};
use crate::{
    door::{self, Via},
    model::{Consent, ConsentId, ConsentItem, Disclosure},
    panel::consent_tag,
    store, words,
};

pub(super) async fn get(ctx: Ctx, Path(path): Path<String>, via: Via) -> Result<Markup> {
    let person: PersonId = id(&path)?;
    let key = door::open(&ctx, person, via, "person.consents").await?;
    let mut conn = ctx.read().await?;
    let this = shell::card(&mut conn, &ctx, &key, person).await?;
    let consents = store::consent::of(&mut conn, &key, person).await?;
    let given = store::consent::disclosures(&mut conn, &key, person).await?;
    let named: Vec<DeskId> = consents
        .iter()
        .filter_map(|c| c.desks.shown())
        .flatten()
        .copied()
        .collect();
    let desks = words::desk_names(&mut conn, &named).await?;
    let body = html! {
        @if key.may_write() {
            p { (link_button(ButtonKind::Primary, &href(&key, person, "/consents/new"), "同意を記録する")) }
        }
        (consent_table(&ctx, &key, &this, &consents, &desks))
        (disclosure_table(&ctx, &given))
    };
    Ok(page_of(
        &ctx,
        &key,
        &this,
        Place::Consents,
        "同意と提供",
        body,
    ))
}

/// Codes as words.
pub(super) fn items(items: &[ConsentItem]) -> String {
    items
        .iter()
        .map(|i| i.label())
        .collect::<Vec<_>>()
        .join("、")
}

/// Desks by name and others in words; withheld of a protected person.
fn recipients(c: &Consent, names: &HashMap<DeskId, String>) -> Markup {
    let (Some(desks), Some(text)) = (c.desks.shown(), c.recipients.shown()) else {
        return protected_mark();
    };
    let mut all: Vec<String> = desks.iter().filter_map(|d| names.get(d).cloned()).collect();
    if !text.is_empty() {
        all.push(text.clone());
    }
    or_dash(&all.join("、"))
}

fn consent_table(
    ctx: &Ctx,
    key: &RoomKey,
    this: &shell::This,
    consents: &[Consent],
    desks: &HashMap<DeskId, String>,
) -> Markup {
    if consents.is_empty() {
        return empty_state(
            "同意の記録はまだありません。",
            html! { p { "説明したら、返事がまだでも「未取得」として記録できます。" } },
        );
    }
    let rows: Vec<Vec<Markup>> = consents
        .iter()
        .map(|c| {
            let takes_back = c.state.permits() && c.withdrawn_on.is_none() && key.may_write();
            vec![
                consent_tag(c.state_on(ctx.today())),
                html! { (items(&c.items)) },
                recipients(c, desks),
                html! { (c.purpose) },
                html! { (c.method.label()) @if !c.proxy.is_empty() { "（" (c.proxy) "）" } },
                html! { (shell::period(ctx, Some(c.valid_from), c.valid_until)) },
                html! {
                    @if !c.explained_by.is_empty() { "説明: " (c.explained_by) " " }
                    @if !c.witness.is_empty() { "立会: " (c.witness) " " }
                    (c.capacity_note)
                    @if let Some(on) = c.withdrawn_on { " 撤回: " (day(ctx, on)) "（" (c.withdrawn_how.as_deref().unwrap_or_default()) "）" }
                },
                html! { @if takes_back { a href=(href(key, this.id, &format!("/consents/{}/withdraw", c.id))) { "撤回を記録する" } } },
            ]
        })
        .collect();
    table(
        &[
            "状態",
            "項目",
            "提供先",
            "目的",
            "方法",
            "期間",
            "経緯",
            "操作",
        ],
        &rows,
        "同意の履歴（新しい順）",
    )
}

fn disclosure_table(ctx: &Ctx, given: &[Disclosure]) -> Markup {
    let rows: Vec<Vec<Markup>> = given
        .iter()
        .map(|d| {
            vec![
                html! { (day(ctx, d.on)) },
                shown(&d.to_name),
                html! { (items(&d.items)) },
                html! { (d.basis.label()) },
                html! { (d.purpose) },
            ]
        })
        .collect();
    html! {
        @if rows.is_empty() { p { "この人の情報を提供した記録はありません。" } }
        @else { (table(&["日", "提供先", "項目", "根拠", "目的"], &rows, "すでに提供した情報")) }
    }
}

pub(super) async fn get_withdraw(
    ctx: Ctx,
    Path((path, consent)): Path<(String, String)>,
    via: Via,
) -> Result<Markup> {
    let (person, consent): (PersonId, ConsentId) = (id(&path)?, id(&consent)?);
    let key = door::open(&ctx, person, via, "person.consents").await?;
    key.need_write()?;
    let mut form = Form::blank();
    form.prefill("on", day(&ctx, ctx.today()));
    withdraw_page(&mut ctx.read().await?, &ctx, &key, person, consent, &form).await
}

pub(super) async fn post_withdraw(
    ctx: Ctx,
    Path((path, consent)): Path<(String, String)>,
    via: Via,
    posted: Posted,
) -> Result<Response> {
    let (person, consent): (PersonId, ConsentId) = (id(&path)?, id(&consent)?);
    let mut form = Form::from_posted(posted);
    let (mut tx, key) = door::open_for_write(&ctx, person, via, "person.consents").await?;
    let on = shell::date(&ctx, &mut form, "on", "撤回の日", true);
    let how = form.text("how", "どのように", 300, true);
    if on.is_some_and(|on| on > ctx.today()) {
        form.error("on", "撤回の日", "「撤回の日」に先の日は入れられません。");
    }
    let Some(on) = on.filter(|_| !form.has_errors()) else {
        let page = withdraw_page(&mut tx, &ctx, &key, person, consent, &form).await?;
        return Err(again(page));
    };
    // Only a consent of this person can be named in the address.
    let named = store::consent::one(&mut tx, &key, person, consent).await?;
    store::consent::withdraw(&mut tx, &ctx, &key, named.person, consent, on, &how).await?;
    tx.commit().await?;
    Ok(Saved::Withdrawn.then(&href(&key, person, "/consents")))
}

async fn withdraw_page(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    consent: ConsentId,
    form: &Form,
) -> Result<Markup> {
    let this = shell::card(conn, ctx, key, person).await?;
    let c = store::consent::one(conn, key, person, consent).await?;
    let given = store::consent::disclosures(conn, key, person).await?;
    let action = href(key, person, &format!("/consents/{consent}/withdraw"));
    let body = html! {
        (notice(NoticeKind::Warn, "これからの提供が止まります", html! {
            p { "撤回より前に提供した情報は、相手の手元に残っています。必要なら下の提供先に連絡してください。" }
        }))
        p { "項目: " (items(&c.items)) "　目的: " (c.purpose) }
        (disclosure_table(ctx, &given))
        (form_frame(&action, ctx.csrf(), form, html! {
            (date_field(form, FieldSpec::new("on", "撤回の日").required()))
            (text_area(form, FieldSpec::new("how", "どのように").required().maxlength(300).rows(2)
                .hint("例: 電話で本人から申し出")))
            (submit_row(button(ButtonKind::Danger, "撤回を記録する", None)))
        }))
    };
    Ok(page_of(
        ctx,
        key,
        &this,
        Place::Consents,
        "同意の撤回",
        body,
    ))
}
