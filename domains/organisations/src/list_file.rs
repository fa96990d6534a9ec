//! Any list as a file: Excel or CSV, with the purpose asked and the export written into the log, and
//! what Windows-31J cannot hold shown first.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, hidden, link_button, notice,
        radio_group, select_field, submit_row, table,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    page::page,
};
use engawa_sheets::{Cell, FORMS, Loss, Orientation, OutSheet, write_list};
use maud::{Markup, html};
use serde_json::json;

use crate::screens::export::download;

/// Lost characters shown on the page.
const SHOWN_LOSSES: usize = 200;

/// What a file is for; the log keeps the code.
const PURPOSES: [(&str, &str); 5] = [
    ("meeting", "会議・報告の資料"),
    ("handover", "引き継ぎ"),
    ("figures", "集計"),
    ("check", "点検・監査"),
    ("other", "その他"),
];

/// A list that can leave.
pub struct ListFile {
    /// As people call it; also the file's name.
    pub title: String,
    /// As the log calls it.
    pub code: &'static str,
    /// The address of the form; the list's own address is `back`.
    pub action: &'static str,
    /// Where one came from.
    pub back: String,
    /// Which part of the list: sent along with the form.
    pub view: String,
}

/// The form that asks what for and in which form.
#[must_use]
pub fn ask_for_list(ctx: &Ctx, list: &ListFile) -> Markup {
    let mut form = Form::blank();
    form.prefill("as", "xlsx");
    asking(ctx, list, &form)
}

fn asking(ctx: &Ctx, list: &ListFile, form: &Form) -> Markup {
    let fields = html! {
        (hidden("view", &list.view))
        (select_field(form, FieldSpec::new("purpose", "何に使いますか").required(), &PURPOSES))
        (radio_group(form, FieldSpec::new("as", "ファイルの形").required().hint("Shift_JISは古いシステムに渡すときだけ使います。使えない文字があれば、先に一覧をお見せします。"), &FORMS))
        (submit_row(html! {
            (button(ButtonKind::Primary, "書き出す", None))
            (link_button(ButtonKind::Quiet, &list.back, "やめる"))
        }))
    };
    let body = html! {
        p { "「" (list.title) "」を書き出します。入るのは、あなたが閲覧できるものだけです。書き出したことは監査記録に残ります。" }
        (form_frame(list.action, ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "一覧を書き出す", body)
}

/// Answers the form with the file, or with the characters that it could not hold.
///
/// # Errors
/// The form is not filled in, or the database refuses.
pub async fn send_list(
    ctx: &Ctx,
    posted: Posted,
    list: &ListFile,
    (headers, rows): (Vec<String>, Vec<Vec<Cell>>),
) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let purpose = form.choice("purpose", "何に使いますか", &PURPOSES, true);
    let chosen = form.choice("as", "ファイルの形", &FORMS, true);
    let (Some(purpose), Some(chosen)) = (purpose, chosen) else {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(asking(ctx, list, &form)),
        ));
    };
    let n = rows.len();
    let sheet = OutSheet {
        name: list.title.clone(),
        headers,
        rows,
        notes: Vec::new(),
        orientation: Orientation::Landscape,
    };
    let written = write_list(&chosen, sheet)
        .map_err(|e| Error::Invalid(e.to_string()))?
        .ok_or(Error::NotFound)?;
    if !written.losses.is_empty() && !form.flag("ok") {
        return Ok(lost(ctx, list, &purpose, &written.losses).into_response());
    }
    let mut tx = ctx.write().await?;
    let detail = json!({ "list": list.code, "view": list.view, "as": chosen, "for": purpose, "rows": n, "lost": written.losses.len() });
    audit::append(&mut tx, ctx, Entry::new("list.export").detail(detail)).await?;
    tx.commit().await?;
    let name = format!(
        "{}_{}.{}",
        list.title,
        ctx.today().format("%Y%m%d"),
        written.ending
    );
    download(written.bytes, written.mime, &name)
}

fn lost(ctx: &Ctx, list: &ListFile, purpose: &str, losses: &[Loss]) -> Markup {
    let again = |form: &str, kind: ButtonKind, label: &str| {
        let fields = html! {
            (hidden("view", &list.view)) (hidden("purpose", purpose)) (hidden("as", form)) (hidden("ok", "1"))
            (submit_row(button(kind, label, None)))
        };
        form_frame(list.action, ctx.csrf(), &Form::blank(), fields)
    };
    let body = html! {
        (losses_shown(losses))
        (again("xlsx", ButtonKind::Primary, "Excelで書き出す"))
        (again("cp932", ButtonKind::Secondary, "置き換えて書き出す"))
        p { a href=(list.back) { "やめる" } }
    };
    page(&ctx.frame(), "一覧を書き出す", body)
}

/// What Windows-31J could not take, with what stands there instead.
pub(crate) fn losses_shown(losses: &[Loss]) -> Markup {
    let rows: Vec<Vec<Markup>> = losses
        .iter()
        .take(SHOWN_LOSSES)
        .map(|l| {
            vec![
                html! { (l.row) "行目" },
                html! { (l.column) },
                html! { (l.character) },
                html! { (l.replaced_by) },
            ]
        })
        .collect();
    html! {
        (notice(NoticeKind::Warn, "Shift_JISで書けない文字があります", html! {
            p { (losses.len()) "か所の文字を置き換えて書き出します。もとの登録は変わりません。名前が大事なときは、ExcelかCSV(UTF-8)を選んでください。" }
        }))
        (table(&["行", "項目", "もとの文字", "書き出す文字"], &rows, "置き換える文字"))
        @if losses.len() > SHOWN_LOSSES { p { "ほか" (losses.len() - SHOWN_LOSSES) "か所" } }
    }
}
