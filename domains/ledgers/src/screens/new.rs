//! `/ledgers/new`: the file.

use axum::{http::StatusCode, response::Response};
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    components::{ButtonKind, FieldSpec, button, file_field, submit_row, upload_form_frame},
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    once,
    page::page,
};
use maud::{Markup, html};
use serde_json::json;

use super::trail;
use crate::{book::Book, store};

pub(super) async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::ImportLedger)?;
    Ok(view(&ctx, &Form::blank()))
}

pub(super) async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::ImportLedger)?;
    let mut form = Form::from_posted(posted);
    let file = form.posted().files.iter().find(|f| f.field == "file");
    let file = file.filter(|f| !f.bytes.is_empty()).cloned();
    let read = match file {
        None => Err("「台帳のファイル」を選んでください。".to_owned()),
        Some(file) => tokio::task::spawn_blocking(move || {
            Book::read(&file.bytes, &file.file_name).map(|book| (book, file.file_name))
        })
        .await
        .map_err(|e| Error::Internal(e.to_string()))?,
    };
    let (book, file_name) = match read {
        Ok(read) => read,
        Err(why) => {
            form.error("file", "台帳のファイル", why);
            return Err(Error::Page(
                StatusCode::UNPROCESSABLE_ENTITY,
                Box::new(view(&ctx, &form)),
            ));
        }
    };
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let id = store::put(&mut tx, &ctx, &file_name, &book).await?;
    audit::append(
        &mut tx,
        &ctx,
        Entry::new("ledger.read").detail(json!({ "import": id, "rows": book.rows.len() })),
    )
    .await?;
    let to = format!("/ledgers/{id}/columns");
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

fn view(ctx: &Ctx, form: &Form) -> Markup {
    let spec = FieldSpec::new("file", "台帳のファイル").required().hint(
        "Excel(.xlsx .xls .ods)かCSV。Shift_JIS(Windows-31J)のCSVもそのまま読めます。月ごとにシートが分かれていても、見出しが同じなら続けて読みます。",
    );
    let body = html! {
        (trail(None))
        p { "見出しの行は自動で見つけます。上に題名の行があっても、セルが結合されていても、そのままで構いません。この段階では何も取り込みません。" }
        (upload_form_frame("/ledgers/new", ctx.csrf(), form, html! {
            (file_field(form, spec, ".xlsx,.xls,.ods,.csv,.tsv"))
            (submit_row(button(ButtonKind::Primary, "読み込む", None)))
        }))
    };
    page(&ctx.frame(), "台帳を選ぶ", body)
}
