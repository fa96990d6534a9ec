//! `/ledgers`: the imports of one's own and of one's desk.

use engawa_kernel::{
    access::Duty,
    clock,
    components::{ButtonKind, empty_state, link_button, list_table},
    context::Ctx,
    error::Result,
    page::page,
    text::wareki,
};
use engawa_organisations as organisations;
use maud::{Markup, html};

use crate::store;

pub(super) async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::ImportLedger)?;
    let mut conn = ctx.read().await?;
    let imports = store::list(&mut conn, &ctx).await?;
    let desks: Vec<_> = imports.iter().filter_map(|i| i.desk).collect();
    let desks = organisations::desk_names(&mut conn, &desks).await?;
    let staff: Vec<_> = imports.iter().map(|i| i.staff).collect();
    let staff = organisations::staff_names(&mut conn, &staff).await?;
    let rows: Vec<Vec<Markup>> = imports
        .iter()
        .map(|i| {
            let at = clock::local(i.created_at);
            vec![
                html! { a href={ "/ledgers/" (i.id) } { (i.file_name) } },
                html! { (i.line_count) "行" },
                html! { (i.state.label()) },
                html! { (i.desk.and_then(|d| desks.get(&d)).map_or("", String::as_str)) },
                html! { (staff.get(&i.staff).map_or("", String::as_str)) },
                html! { (wareki::format_date_time(at, ctx.calendar)) },
            ]
        })
        .collect();
    let body = html! {
        p { "Excel・CSVの相談台帳を、相談受付の記録として取り込みます。取り込む前にすべての行を確かめられ、取り込んだあとも、まとめて取り消せます。" }
        p { (link_button(ButtonKind::Primary, "/ledgers/new", "台帳を選ぶ")) }
        @if rows.is_empty() {
            (empty_state("まだ取り込んだ台帳はありません。", html! {}))
        } @else {
            (list_table(&["ファイル", "行数", "状態", "窓口", "取り込んだ人", "日時"], &rows, "取り込み（新しい順）"))
        }
    };
    Ok(page(&ctx.frame(), "台帳の取り込み", body))
}
