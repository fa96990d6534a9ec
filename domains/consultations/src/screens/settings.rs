//! `/consultations/settings`: whom to call in an emergency, and who goes on reading.

use axum::{http::StatusCode, response::Response};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, form_frame, notice, repeated_group,
        submit_row, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
};
use maud::{Markup, html};

use crate::store::{self, EmergencyContact, SettingsForm};

const CONTACTS: &str = "contact";
const MAX_CONTACTS: usize = 50;

pub(super) async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::Configure)?;
    let mut conn = ctx.read().await?;
    let mut form = Form::blank();
    form.version = Some(store::settings_version(&mut conn, &ctx).await?);
    if store::sender_keeps_read(&mut conn, &ctx).await? {
        form.prefill("sender_keeps_read", "1");
    }
    for (i, c) in store::emergency_contacts(&mut conn, &ctx)
        .await?
        .into_iter()
        .enumerate()
    {
        form.prefill(&format!("{CONTACTS}[{i}].kind"), c.kind);
        form.prefill(&format!("{CONTACTS}[{i}].name"), c.name);
        form.prefill(&format!("{CONTACTS}[{i}].phone"), c.phone);
        form.prefill(&format!("{CONTACTS}[{i}].basis"), c.basis);
    }
    Ok(page(&ctx, &form, 1, false))
}

pub(super) async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Configure)?;
    let add_row = posted.get("add_row") == Some(CONTACTS);
    let mut form = Form::from_posted(posted);
    let rows = form.indexed(CONTACTS);
    if rows.len() > MAX_CONTACTS {
        return Err(Error::Invalid(format!(
            "緊急の連絡先は{MAX_CONTACTS}件までです(いま{}件)。保存はしていません。",
            rows.len()
        )));
    }
    if add_row {
        let page = page(&ctx, &form, rows.len() + 1, false);
        return Err(Error::Page(StatusCode::OK, Box::new(page)));
    }
    let mut contacts = Vec::new();
    for n in rows {
        let name = |field: &str| format!("{CONTACTS}[{n}].{field}");
        let c = EmergencyContact {
            kind: form.text(&name("kind"), "とき", 100, false),
            name: form.text(&name("name"), "連絡先", 200, false),
            phone: form.text(&name("phone"), "電話", 50, false),
            basis: form.text(&name("basis"), "根拠", 300, false),
        };
        if c.name.is_empty() && !(c.kind.is_empty() && c.phone.is_empty() && c.basis.is_empty()) {
            form.error(
                &name("name"),
                "連絡先",
                "「連絡先」の名前を入力してください。",
            );
        }
        if !c.name.is_empty() {
            contacts.push(c);
        }
    }
    if form.has_errors() {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page(&ctx, &form, 1, false)),
        ));
    }
    let new = SettingsForm {
        sender_keeps_read: form.flag("sender_keeps_read"),
        contacts,
        version: form.version.unwrap_or(0),
    };
    match store::save_settings(&ctx, new).await {
        Ok(()) => Ok(see_other("/consultations/settings")),
        Err(Error::Changed) => {
            let mut conn = ctx.read().await?;
            form.version = Some(store::settings_version(&mut conn, &ctx).await?);
            Err(Error::Page(
                StatusCode::CONFLICT,
                Box::new(page(&ctx, &form, 1, true)),
            ))
        }
        Err(e) => Err(e),
    }
}

fn page(ctx: &Ctx, form: &Form, rows: usize, changed: bool) -> Markup {
    let body = html! {
        (check_box(form, FieldSpec::new("sender_keeps_read", "ほかの窓口に渡した相談を、渡した窓口も読み続けられる")))
        (repeated_group(form, CONTACTS, "緊急のときの連絡先", "連絡先を追加", rows, |n| {
            let name = |field: &str| format!("{CONTACTS}[{n}].{field}");
            html! {
                (text_field(form, FieldSpec::new(name("kind"), "とき").maxlength(100)))
                (text_field(form, FieldSpec::new(name("name"), "連絡先").maxlength(200)))
                (text_field(form, FieldSpec::new(name("phone"), "電話").inputmode("tel").maxlength(50)))
                (text_field(form, FieldSpec::new(name("basis"), "根拠").maxlength(300)))
            }
        }))
        (submit_row(button(ButtonKind::Primary, "保存する", None)))
    };
    let content = html! {
        @if changed {
            (notice(NoticeKind::Warn, "ほかの人が先に保存しました", html! {
                p { "あなたの入力は下に残っています。このまま保存すると、先に保存された内容と置き換わります。" a href="/consultations/settings" { "保存されている内容を見る" } }
            }))
        }
        (form_frame("/consultations/settings", ctx.csrf(), form, body))
    };
    engawa_kernel::page::page(&ctx.frame(), "受付の設定", content)
}
