//! `/programmes/{sheet}/print.pdf`: the sheet on the national form; `?public=1` leaves out what tells
//! of single persons, and files that are not for publication.

use std::collections::HashMap;

use axum::{extract::Path, response::Response};
use engawa_indicators::report::Reader;
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    error::Result,
    http::id,
    paper::{Document, Imprint},
    text::wareki,
};
use serde_json::json;

use super::parts::{Asked, asked_version};
use crate::{
    files,
    model::{Content, Sheet, SheetId, Version},
    paper::{FiguresPage, SheetPage},
    results::{self, Results},
    store::sheet,
};

/// Whether the address asks for what may be published.
pub(super) fn is_public(asked: &Asked) -> bool {
    asked.get("public").is_some_and(|p| p == "1")
}

/// What goes out.
pub(super) struct HandedOut {
    pub sheet: Sheet,
    pub version: Version,
    pub content: Content,
    /// 前年度の目標と実績
    pub results: Option<Results>,
}

/// What goes out on paper or as a file, written down before it goes.
pub(super) async fn handed_out(
    ctx: &Ctx,
    sheet: &str,
    asked: &Asked,
    form: &'static str,
) -> Result<HandedOut> {
    let id: SheetId = id(sheet)?;
    let mut conn = ctx.read().await?;
    let (sheet, version, content) = sheet::shown(&mut conn, ctx, id, asked_version(asked)?).await?;
    let public = is_public(asked);
    let reader = if public {
        Reader::anybody(&mut conn, ctx).await?
    } else {
        Reader::of(&mut conn, ctx).await?
    };
    let results = results::load(&mut conn, ctx, &sheet, &version, &reader).await?;
    drop(conn);
    let mut tx = ctx.write().await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("programmes.print").detail(json!({
            "sheet": id, "number": version.number, "as": form, "public": public
        })),
    )
    .await?;
    tx.commit().await?;
    let content = if public {
        content.for_public()
    } else {
        content
    };
    Ok(HandedOut {
        sheet,
        version,
        content,
        results,
    })
}

pub async fn get(ctx: Ctx, Path(sheet): Path<String>, asked: Asked) -> Result<Response> {
    let HandedOut {
        sheet,
        version,
        content,
        results,
    } = handed_out(&ctx, &sheet, &asked, "pdf").await?;
    let page = SheetPage::of(&sheet, &version, &content, results.as_ref(), |day| {
        wareki::format_date(day, ctx.calendar)
    });
    let mut document = Document::new(sheet.title(), Imprint::of(&ctx)).with(&page)?;
    let mut conn = ctx.read().await?;
    let attached = files::of_version(&mut conn, &ctx, version.id, is_public(&asked)).await?;
    let mut pictures = HashMap::new();
    for (number, file) in attached.iter().filter(|(_, f)| f.media.is_picture()) {
        let bytes = engawa_kernel::files::bytes(&mut conn, file.file).await?;
        pictures.insert(*number, document.picture(bytes));
    }
    drop(conn);
    if let Some(figures) = FiguresPage::of(&sheet, version.number, &attached, |(number, _)| {
        pictures.get(number).cloned()
    }) {
        document = document.with(&figures)?;
    }
    let name = format!("plan-sheet-{}.pdf", sheet.year.year());
    document.show(&ctx, &name).await
}
