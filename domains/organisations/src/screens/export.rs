//! `/organisations/export`: every list as Excel or CSV. What cp932 cannot hold is shown first.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    audit::{self, Entry},
    components::{ButtonKind, link_button, submit_row, table},
    context::Ctx,
    error::{Error, Result},
    page::page,
};
use engawa_sheets::{Cell, Loss, Orientation, OutSheet, write_list};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{Asked, trail};
use crate::{
    list_file::losses_shown,
    read,
    registers::{Query, Register},
};

/// Records in one file.
const LIMIT: i64 = 20_000;

/// GET `/organisations/export`
pub(crate) async fn index(ctx: Ctx, asked: Asked) -> Result<Markup> {
    let wanted = asked.get("list").map(String::as_str).unwrap_or_default();
    let registers: Vec<Register> = Register::ALL
        .into_iter()
        .filter(|r| ctx.actor.may(r.spec().duty))
        .collect();
    if registers.is_empty() {
        ctx.need(Register::Areas.spec().duty)?;
    }
    let rows: Vec<Vec<Markup>> = registers
        .iter()
        .filter(|r| wanted.is_empty() || r.spec().slug == wanted)
        .map(|r| {
            let link = |kind: &str, label: &str| html! {
                a href={ "/organisations/export/" (r.spec().slug) "?as=" (kind) } { (label) span.visually-hidden { "で「" (r.spec().title) "」を書き出す" } }
            };
            vec![
                html! { (r.spec().title) },
                link("xlsx", "Excel"),
                link("csv", "CSV(UTF-8)"),
                link("cp932", "CSV(Shift_JIS)"),
            ]
        })
        .collect();
    let body = html! {
        (trail(&[]))
        p { "Excelで開くならExcel形式を選びます。Shift_JISは古いシステムに渡すときだけ使います。使えない文字があれば、先に一覧をお見せします。書き出したことは監査記録に残ります。" }
        (table(&["一覧", "Excel", "CSV(UTF-8)", "CSV(Shift_JIS)"], &rows, "書き出し"))
    };
    Ok(page(&ctx.frame(), "書き出す", body))
}

/// GET `/organisations/export/{register}?as=xlsx|csv|cp932`
pub(crate) async fn file(ctx: Ctx, Path(slug): Path<String>, asked: Asked) -> Result<Response> {
    let register = Register::from_slug(&slug)?;
    let spec = register.spec();
    ctx.need(spec.duty)?;
    let kind = asked.get("as").map_or("xlsx", String::as_str);
    let (headers, rows) = sheet(&ctx, register).await?;
    let n = rows.len();
    let out = OutSheet {
        name: spec.title.to_owned(),
        headers,
        rows,
        notes: vec![read::CELL_NOTE.to_owned()],
        orientation: Orientation::Landscape,
    };
    let written = write_list(kind, out)
        .map_err(|e| Error::Invalid(e.to_string()))?
        .ok_or(Error::NotFound)?;
    if !written.losses.is_empty() && !asked.contains_key("ok") {
        return Ok(lost(&ctx, register, &written.losses).into_response());
    }
    let mut tx = ctx.write().await?;
    audit::append(
        &mut tx,
        &ctx,
        Entry::new("organisations.export")
            .detail(json!({ "list": spec.slug, "as": kind, "rows": n })),
    )
    .await?;
    tx.commit().await?;
    let day = ctx.today().format("%Y%m%d");
    let name = format!("{}_{day}.{}", spec.title, written.ending);
    download(written.bytes, written.mime, &name)
}

/// A register as headers and rows of text.
async fn sheet(ctx: &Ctx, register: Register) -> Result<(Vec<String>, Vec<Vec<Cell>>)> {
    let spec = register.spec();
    let mut conn = ctx.read().await?;
    let total = register.count(&mut conn, ctx, &Query::default()).await?;
    if total > LIMIT {
        return Err(Error::Invalid(format!(
            "一度に書き出せるのは{LIMIT}件までです(いま{total}件)。APIを使うか、管理者に相談してください。"
        )));
    }
    let query = Query {
        limit: LIMIT,
        ..Query::default()
    };
    let records = register.fetch(&mut conn, ctx, &query).await?;
    let choices = register.choices(&mut conn, ctx).await?;
    let rows = records
        .iter()
        .map(|r| {
            spec.fields
                .iter()
                .map(|f| Cell::text(read::cell(r, f, &choices)))
                .collect()
        })
        .collect();
    Ok((
        spec.fields.iter().map(|f| f.label.to_owned()).collect(),
        rows,
    ))
}

/// A file as the browser saves it.
pub(crate) fn download(bytes: Vec<u8>, mime: &'static str, name: &str) -> Result<Response> {
    let disposition = format!(
        "attachment; filename*=UTF-8''{}",
        utf8_percent_encode(name, NON_ALPHANUMERIC)
    );
    let disposition =
        HeaderValue::from_str(&disposition).map_err(|e| Error::Internal(e.to_string()))?;
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(mime)),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        bytes,
    )
        .into_response())
}

fn lost(ctx: &Ctx, register: Register, losses: &[Loss]) -> Markup {
    let slug = register.spec().slug;
    let body = html! {
        (trail(&[("/organisations/export", "書き出す")]))
        (losses_shown(losses))
        (submit_row(html! {
            (link_button(ButtonKind::Secondary, &format!("/organisations/export/{slug}?as=cp932&ok=1"), "置き換えて書き出す"))
            (link_button(ButtonKind::Primary, &format!("/organisations/export/{slug}?as=xlsx"), "Excelで書き出す"))
        }))
    };
    page(&ctx.frame(), "書き出す", body)
}
