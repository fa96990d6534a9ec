//! `/organisations/import`: a file, a trial with every refused row named, then the confirmation.

use axum::{extract::Path, http::StatusCode, response::Response};
use chrono::Duration;
use engawa_kernel::{
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, file_field, form_frame, link_button, notice,
        select_field, submit_row, table, upload_form_frame,
    },
    context::Ctx,
    db::{Conn, sql},
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    page::page,
};
use engawa_sheets::{Table, error_sheet, read, write_xlsx};
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::{Asked, export::download, id_of, trail};
use crate::{
    intake::{self, Kept, MAX_ROWS, Outcome},
    registers::Register,
};

/// Errors shown on the page; the Excel file has all.
const SHOWN: usize = 100;

fn allowed(ctx: &Ctx) -> Result<Vec<(&'static str, &'static str)>> {
    let lists: Vec<_> = Register::ALL
        .into_iter()
        .map(Register::spec)
        .filter(|s| ctx.actor.may(s.duty))
        .map(|s| (s.slug, s.title))
        .collect();
    if lists.is_empty() {
        ctx.need(Register::Areas.spec().duty)?;
    }
    Ok(lists)
}

/// GET `/organisations/import`
pub(crate) async fn get(ctx: Ctx, asked: Asked) -> Result<Markup> {
    let lists = allowed(&ctx)?;
    let mut form = Form::blank();
    if let Some(list) = asked.get("list") {
        form.prefill("list", list.as_str());
    }
    Ok(upload(&ctx, &form, &lists))
}

/// POST `/organisations/import`: reads the file and shows what it would do.
pub(crate) async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    let lists = allowed(&ctx)?;
    let mut form = Form::from_posted(posted);
    let list = form.choice("list", "取り込む一覧", &lists, true);
    let file = form
        .posted()
        .files
        .iter()
        .find(|f| f.field == "file")
        .cloned();
    let mut found = None;
    match file.filter(|f| !f.bytes.is_empty()) {
        None => form.error("file", "ファイル", "「ファイル」を選んでください。"),
        Some(file) => match table_of(&file.bytes, &file.file_name) {
            Ok(table) if table.rows.len() > MAX_ROWS => form.error(
                "file",
                "ファイル",
                format!("一度に取り込めるのは{MAX_ROWS}行までです(このファイルは{}行)。何も取り込んでいません。ファイルを分けてください。", table.rows.len()),
            ),
            Ok(table) if table.rows.is_empty() => form.error("file", "ファイル", "見出しの下に、取り込む行がありません。"),
            Ok(table) => found = Some((table, file.file_name)),
            Err(why) => form.error("file", "ファイル", why),
        },
    }
    let (Some(list), Some((table, file_name)), false) = (list, found, form.has_errors()) else {
        let page = upload(&ctx, &form, &lists);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    };
    let id = engawa_kernel::id::new_uuid();
    let mut tx = ctx.write().await?;
    tx.exec(
        sql("delete from organisations_import where created_at < :old")
            .bind("old", ctx.now() - Duration::days(1)),
    )
    .await?;
    tx.exec(
        sql("insert into organisations_import (id, municipality_id, staff_id, list, file_name, sheet, created_at)
             values (:id, :m, :staff, :list, :file, :sheet, :now)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("staff", ctx.actor.staff)
            .bind("list", list.as_str())
            .bind("file", file_name.chars().take(200).collect::<String>())
            .bind("sheet", serde_json::to_string(&Kept::of(&table))?)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        &mut tx,
        &ctx,
        Entry::new("organisations.import_read")
            .detail(json!({ "import": id, "list": list, "rows": table.rows.len() })),
    )
    .await?;
    tx.commit().await?;
    Ok(see_other(&format!("/organisations/import/{id}")))
}

fn table_of(bytes: &[u8], name: &str) -> Result<Table, String> {
    let book = read(bytes, name).map_err(|e| e.to_string())?;
    let sheet = book
        .sheets
        .iter()
        .find(|s| !s.rows.is_empty())
        .ok_or("ファイルに中身がありません。")?;
    Table::from_sheet(sheet, None).map_err(|e| e.to_string())
}

/// GET `/organisations/import/{id}`: the trial.
pub(crate) async fn preview(ctx: Ctx, Path(id): Path<String>) -> Result<Markup> {
    let (id, register, file, table) = load(&ctx, &id).await?;
    let mut tx = ctx.write().await?;
    let outcome = intake::run(&mut tx, &ctx, register, &table).await?;
    // Given up: nothing of the trial is kept.
    drop(tx);
    let mapping = intake::mapping(register, &table);
    let missing: Vec<&str> = mapping.missing.iter().map(|c| c.label).collect();
    let unknown: Vec<&str> = mapping
        .unknown
        .iter()
        .map(|(_, label)| label.as_str())
        .collect();
    let work = outcome.new + outcome.changed;
    let body = html! {
        (trail(&[("/organisations/import", "取り込む")]))
        p { "「" (register.spec().title) "」 ← " (file) "(" (table.rows.len()) "行)。まだ何も取り込んでいません。" }
        (counts(&outcome))
        @if !missing.is_empty() { p { "ファイルに無い列: " (missing.join("、")) "。登録済みのものは今の内容のまま、新しいものは空欄になります。" } }
        @if !unknown.is_empty() { p { "使わない列: " (unknown.join("、")) } }
        (taken(&outcome))
        (errors(id, &outcome))
        @if work > 0 {
            (form_frame(&format!("/organisations/import/{id}"), ctx.csrf(), &Form::blank(), submit_row(html! {
                (button(ButtonKind::Primary, &format!("{work}件を取り込む"), None))
                (link_button(ButtonKind::Quiet, "/organisations/import", "やめる"))
            })))
        } @else {
            p { a href="/organisations/import" { "別のファイルを選ぶ" } }
        }
    };
    Ok(page(&ctx.frame(), "取り込みの確認", body))
}

/// POST `/organisations/import/{id}`: takes the good rows in, all in one transaction.
pub(crate) async fn take(ctx: Ctx, Path(id): Path<String>) -> Result<Markup> {
    let (id, register, _, table) = load(&ctx, &id).await?;
    let mut tx = ctx.write().await?;
    let outcome = intake::run(&mut tx, &ctx, register, &table).await?;
    audit::append(
        &mut tx,
        &ctx,
        Entry::new("organisations.import").detail(json!({
            "import": id, "list": register.spec().slug, "new": outcome.new, "changed": outcome.changed, "refused": outcome.refused
        })),
    )
    .await?;
    tx.commit().await?;
    let body = html! {
        (trail(&[("/organisations/import", "取り込む")]))
        (notice(NoticeKind::Success, "取り込みました", html! { (counts(&outcome)) }))
        (errors(id, &outcome))
        p { a href={ "/organisations/" (register.spec().slug) } { "「" (register.spec().title) "」の一覧へ" } }
    };
    Ok(page(&ctx.frame(), "取り込みの結果", body))
}

/// GET `/organisations/import/{id}/errors.xlsx`: the refused rows, to be mended and sent again.
pub(crate) async fn refused(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let (_, register, file, table) = load(&ctx, &id).await?;
    let mut tx = ctx.write().await?;
    let outcome = intake::run(&mut tx, &ctx, register, &table).await?;
    drop(tx);
    let bytes = write_xlsx(&[error_sheet(&table, &outcome.errors)])
        .map_err(|e| Error::Invalid(e.to_string()))?;
    let stem = file
        .rsplit_once('.')
        .map_or(file.as_str(), |(stem, _)| stem);
    download(
        bytes,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &format!("{stem}_取り込めなかった行.xlsx"),
    )
}

/// One's own upload only.
async fn load(ctx: &Ctx, id: &str) -> Result<(Uuid, Register, String, Table)> {
    let id = id_of(id)?;
    let mut conn: Conn = ctx.read().await?;
    let row = conn
        .one(
            sql("select list, file_name, sheet from organisations_import where id = :id and staff_id = :me and municipality_id = :m")
                .bind("id", id)
                .bind("me", ctx.actor.staff)
                .bind("m", ctx.municipality),
        )
        .await?;
    let register = Register::from_slug(&row.get::<String>("list")?)?;
    ctx.need(register.spec().duty)?;
    let kept: Kept = serde_json::from_str(&row.get::<String>("sheet")?)?;
    Ok((id, register, row.get("file_name")?, kept.table()))
}

fn counts(o: &Outcome) -> Markup {
    html! {
        ul {
            li { "新しく登録: " (o.new) "件" }
            li { "内容が変わる: " (o.changed) "件" }
            li { "登録済みと同じ: " (o.same) "件" }
            li { "取り込めない行: " (o.refused) "件" }
        }
    }
}

/// What the confirmation will do, row by row.
fn taken(o: &Outcome) -> Markup {
    if o.taken.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = o
        .taken
        .iter()
        .take(SHOWN)
        .map(|t| {
            vec![
                html! { (t.row) "行目" },
                html! { (t.name) },
                match &t.changes {
                    None => html! { "新しく登録" },
                    Some(labels) => html! { "変わる項目: " (labels.join("、")) },
                },
            ]
        })
        .collect();
    html! {
        (table(&["行", "名前", "取り込むと"], &rows, "取り込む行"))
        @if o.taken.len() > SHOWN { p { "ほか" (o.taken.len() - SHOWN) "件を取り込みます。" } }
    }
}

fn errors(id: Uuid, o: &Outcome) -> Markup {
    if o.errors.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = o
        .errors
        .iter()
        .take(SHOWN)
        .map(|e| {
            vec![
                html! { (e.row) "行目" },
                html! { (e.column.as_deref().unwrap_or_default()) },
                html! { (e.message) },
            ]
        })
        .collect();
    html! {
        h2 { "取り込めない行" }
        p { a href={ "/organisations/import/" (id) "/errors.xlsx" } { "取り込めない行をExcelで受け取る" } "(直して、そのまま取り込めます)" }
        (table(&["行", "項目", "内容"], &rows, "取り込めない行"))
        @if o.errors.len() > SHOWN { p { "ほか" (o.errors.len() - SHOWN) "件はExcelにあります。" } }
    }
}

fn upload(ctx: &Ctx, form: &Form, lists: &[(&str, &str)]) -> Markup {
    let fields = html! {
        (select_field(form, FieldSpec::new("list", "取り込む一覧").required(), lists))
        (file_field(form, FieldSpec::new("file", "ファイル").required().hint("Excel(.xlsx .xls .ods)かCSV。見出しの名前で列を見つけます。"), ".xlsx,.xls,.ods,.csv,.tsv"))
        (submit_row(button(ButtonKind::Primary, "内容を確かめる", None)))
    };
    let body = html! {
        (trail(&[]))
        p { "一度に" (MAX_ROWS) "行まで取り込めます。取り込む前に、何が登録され、どの行が取り込めないかを確かめられます。同じコードの行は上書きになるので、同じファイルを何度取り込んでも二重にはなりません。" }
        p { "見出しの見本がほしいときは、" a href="/organisations/export" { "書き出したExcel" } "を使ってください。" }
        (upload_form_frame("/organisations/import", ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "Excel・CSVから取り込む", body)
}
