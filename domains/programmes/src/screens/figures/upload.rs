//! `/programmes/figures/upload`: a table, out of a file or pasted, looked at before it is saved.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, file_field, link_button, notice,
        submit_row, table, tag, text_area, upload_form_frame,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::AreaId,
    once,
    page::page,
    text::wareki::format_date,
};
use maud::{Markup, html};

use super::{ABOVE, area_name};
use crate::{
    figures::{
        Figure,
        intake::{self, Line},
        rules as figure_rules,
    },
    rules,
    screens::parts::trail,
    store::figures,
};

/// Rows that the page shows.
const SHOWN: usize = 100;
/// Characters of a pasted table at most.
const LONGEST: usize = 400_000;

pub async fn get(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    Ok(view(&ctx, &Form::blank(), &[], &[]))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let mut form = Form::from_posted(posted);
    let file = form
        .posted()
        .files
        .iter()
        .find(|f| f.field == "file" && !f.bytes.is_empty())
        .cloned();
    let read = match file {
        Some(file) => {
            intake::table(&file.bytes, &file.file_name).map_err(|why| ("file", "表のファイル", why))
        }
        None => {
            let text = form.text("rows", "表", LONGEST, true);
            if form.has_errors() {
                return Err(refused(&ctx, &form, &[], &[]));
            }
            intake::table(text.as_bytes(), "貼り付け.tsv").map_err(|why| ("rows", "表", why))
        }
    };
    let found = match read {
        Ok(found) => found,
        Err((name, label, why)) => {
            form.error(name, label, why);
            return Err(refused(&ctx, &form, &[], &[]));
        }
    };
    let mut tx = ctx.write().await?;
    let areas = engawa_organisations::figures::area_names(&mut tx, &ctx).await?;
    let lines = intake::lines(&found, &areas, &ctx.municipality_name, ctx.today());
    let good: Vec<Figure> = lines.iter().filter_map(|(_, l)| l.clone().ok()).collect();
    let asked = form.value("act") == "save";
    if asked && good.len() == lines.len() {
        once::claim(&mut tx, &ctx, &form.once).await?;
        figures::take_in(&mut tx, &ctx, &good).await?;
        let kind = good.first().map_or("", |f| f.kind.as_str());
        let kind = percent_encoding::utf8_percent_encode(kind, percent_encoding::NON_ALPHANUMERIC);
        let to = format!("{}?kind={kind}", ABOVE.0);
        once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
        tx.commit().await?;
        return Ok(see_other(&to));
    }
    drop(tx);
    form.forget("rows");
    form.prefill("rows", intake::as_text(&found));
    let wrong = lines.len() - good.len();
    if wrong > 0 {
        let why = format!(
            "{wrong}行に、直すところがあります。何も登録していません。下の表の理由を見て直してください。"
        );
        form.error("rows", "表", why);
        return Err(refused(&ctx, &form, &lines, &areas));
    }
    // Looked at first: nothing is saved yet.
    Ok(view(&ctx, &form, &lines, &areas).into_response())
}

fn refused(ctx: &Ctx, form: &Form, lines: &[(usize, Line)], areas: &[(AreaId, String)]) -> Error {
    let shown = view(ctx, form, lines, areas);
    Error::Page(StatusCode::UNPROCESSABLE_ENTITY, Box::new(shown))
}

fn view(ctx: &Ctx, form: &Form, lines: &[(usize, Line)], areas: &[(AreaId, String)]) -> Markup {
    let ready = !lines.is_empty() && lines.iter().all(|(_, l)| l.is_ok());
    let fields = html! {
        (text_area(form, FieldSpec::new("rows", "表").rows(10)
            .hint("Excelの表を見出しごと写して貼り付けます。見出しは「種類　区域　時点　数」と、あれば「単位　確かさ　出典　注」。区域が空欄か「全体」の行は、自治体全体の数です。")))
        (file_field(form, FieldSpec::new("file", "表のファイル").hint("貼り付けるかわりに、Excel（.xlsx）かCSVを選べます。"), ".xlsx,.xls,.ods,.csv,.tsv,.txt"))
        (submit_row(html! {
            @if ready { (button(ButtonKind::Primary, "この内容で登録する", Some(("act", "save")))) }
            (button(if ready { ButtonKind::Secondary } else { ButtonKind::Primary }, "読み取って確かめる", Some(("act", "look"))))
            (link_button(ButtonKind::Quiet, ABOVE.0, "やめる"))
        }))
    };
    let body = html! {
        (trail(&[ABOVE]))
        @if ready {
            (notice(NoticeKind::Info, "まだ登録していません", html! { p { (lines.len()) "行を読み取りました。下の表を確かめて「この内容で登録する」を押してください。すでに同じ数がある行は、二重には登録しません。" } }))
        }
        @if !lines.is_empty() { (preview(ctx, lines, areas)) }
        (upload_form_frame("/programmes/figures/upload", ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "表をまとめて登録する", body)
}

fn preview(ctx: &Ctx, lines: &[(usize, Line)], areas: &[(AreaId, String)]) -> Markup {
    // Rows to be mended first: they must not lie behind the hundredth.
    let mut sorted: Vec<_> = lines.iter().collect();
    sorted.sort_by_key(|(_, line)| line.is_ok());
    let rows: Vec<Vec<Markup>> = sorted
        .into_iter()
        .take(SHOWN)
        .map(|(number, line)| match line {
            Ok(f) => vec![
                html! { (number) },
                html! { (f.kind) },
                html! { (area_name(areas, f.area, &ctx.municipality_name)) },
                html! { (format_date(f.as_of, ctx.calendar)) },
                html! { (f.shown()) (super::mark(f, ctx.today())) },
                html! {
                    (f.source)
                    @if let Some(doubt) = figure_rules::doubt(f) { " " (tag(TagKind::Alert, &doubt)) }
                },
            ],
            Err(why) => {
                let mut row = vec![html! { (number) }];
                row.extend((0..4).map(|_| html! { "―" }));
                row.push(html! { (tag(TagKind::Alert, "直す")) " " (why) });
                row
            }
        })
        .collect();
    html! {
        (table(&["行", "種類", "区域", "時点", "数", "出典・確かめること"], &rows, "読み取った行"))
        @if lines.len() > SHOWN { p.hint { "全部で" (lines.len()) "行のうち、" (SHOWN) "行を表示しています。" } }
    }
}
