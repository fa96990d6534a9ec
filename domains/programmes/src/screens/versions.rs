//! `/programmes/{sheet}/versions`: who wrote and approved what when, and what stood there before.

use axum::extract::Path;
use engawa_kernel::{
    components::{lines, list_table, table},
    context::Ctx,
    error::Result,
    http::id,
    page::page,
};
use maud::{Markup, html};

use super::parts::{by, people, trail, version_tag};
use crate::{
    model::SheetId,
    rules,
    store::{change, sheet},
};

pub async fn get(ctx: Ctx, Path(sheet): Path<String>) -> Result<Markup> {
    let id: SheetId = id(&sheet)?;
    let mut conn = ctx.read().await?;
    let sheet = sheet::sheet(&mut conn, &ctx, id).await?;
    // Nobody reads of a sheet of which they may see no version.
    sheet::version(&mut conn, &ctx, id, None).await?;
    let versions = sheet::versions(&mut conn, &ctx, id).await?;
    let changes = if rules::plans(&ctx) {
        change::of_sheet(&mut conn, id).await?
    } else {
        Vec::new()
    };
    let mut staff = people(&versions.iter().collect::<Vec<_>>());
    staff.extend(changes.iter().map(|c| c.staff));
    let names = engawa_organisations::staff_names(&mut conn, &staff).await?;
    drop(conn);
    let rows: Vec<Vec<Markup>> = versions
        .iter()
        .map(|v| {
            vec![
                html! { a href={ "/programmes/" (id) "?version=" (v.number) } { "第" (v.number) "版" } },
                version_tag(v.state),
                html! { (by(&ctx, &names, v.written_by, v.written_at)) },
                match v.approved {
                    Some((staff, at)) => html! { (by(&ctx, &names, staff, at)) },
                    None => html! { "―" },
                },
            ]
        })
        .collect();
    let changed: Vec<Vec<Markup>> = changes
        .iter()
        .map(|c| {
            vec![
                html! { (by(&ctx, &names, c.staff, c.at)) },
                html! { "第" (c.number) "版 " (c.field.block().label()) },
                html! { (c.field.label()) },
                lines(&c.text),
            ]
        })
        .collect();
    let above = format!("/programmes/{id}");
    let body = html! {
        (trail(&[(above.as_str(), &sheet.title())]))
        (list_table(&["版", "状態", "最後に書いた人", "承認"], &rows, "版"))
        @if !changed.is_empty() {
            h2 { "書き換える前の文" }
            (table(&["書き換えた人", "ところ", "欄", "前の文"], &changed, "書き換える前の文"))
        }
    };
    Ok(page(&ctx.frame(), "版と変更の履歴", body))
}
