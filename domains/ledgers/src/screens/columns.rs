//! `/ledgers/{id}/columns`: which column says what, and what the file leaves open.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, form_frame, link_button, notice,
        select_field, submit_row, table,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::see_other,
    page::page,
    text::fiscal::FiscalYear,
};
use engawa_organisations::{self as organisations, DeskRef};
use maud::{Markup, html};

use super::{load, trail};
use crate::{
    book::Book,
    check,
    fields::{FIELDS, RECEIVED},
    model::{Choice, Import},
    store,
};

/// Rows shown as they are.
const SAMPLE: usize = 3;
/// Fiscal years to choose from: this one and those before.
const YEARS: i32 = 12;

struct Setting {
    import: Import,
    book: Book,
    desks: Vec<DeskRef>,
}

async fn setting(ctx: &Ctx, id: &str) -> Result<Setting> {
    let import = load(ctx, id).await?;
    let mut conn = ctx.read().await?;
    let mut desks = organisations::desks(&mut conn, ctx).await?;
    if let Ok(own) = ctx.actor.desk_for(Duty::ImportLedger)
        && !desks.iter().any(|d| d.id == own)
    {
        desks.push(organisations::desk(&mut conn, ctx, own).await?);
    }
    Ok(Setting {
        book: store::book(&mut conn, import.id).await?,
        desks,
        import,
    })
}

pub(super) async fn get(ctx: Ctx, Path(id): Path<String>) -> Result<Markup> {
    let s = setting(&ctx, &id).await?;
    let known = !s.import.choice.columns.is_empty();
    let choice = if known {
        s.import.choice.clone()
    } else {
        check::proposed(&s.book.headers)
    };
    let mut form = Form::blank();
    for (key, column) in &choice.columns {
        form.prefill(&format!("column_{key}"), column.to_string());
    }
    let desk = choice
        .desk
        .or_else(|| ctx.actor.desk_for(Duty::ImportLedger).ok());
    if let Some(desk) = desk {
        form.prefill("desk", desk.to_string());
    }
    if let Some(year) = choice.year {
        form.prefill("year", year.to_string());
    }
    for (name, on) in [
        ("blank_is_closed", choice.blank_is_closed),
        ("one_person", choice.one_person),
    ] {
        if on {
            form.prefill(name, "1");
        }
    }
    Ok(view(&ctx, &form, &s, known))
}

pub(super) async fn post(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let s = setting(&ctx, &id).await?;
    let mut form = Form::from_posted(posted);
    let Some(choice) = read(&mut form, &ctx, &s) else {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(view(&ctx, &form, &s, true)),
        ));
    };
    check::check(&ctx, &s.import, &choice).await?;
    Ok(see_other(&format!("/ledgers/{}", s.import.id)))
}

fn read(form: &mut Form, ctx: &Ctx, s: &Setting) -> Option<Choice> {
    let headers = header_options(&s.book);
    let headers: Vec<(&str, &str)> = borrowed(&headers);
    let mut choice = Choice {
        blank_is_closed: form.flag("blank_is_closed"),
        one_person: form.flag("one_person"),
        ..Choice::default()
    };
    let mut taken: Vec<(usize, &str)> = Vec::new();
    for f in FIELDS {
        let name = format!("column_{}", f.key);
        let Some(column) = form.choice(&name, f.label, &headers, f.key == RECEIVED) else {
            continue;
        };
        let Ok(column) = column.parse::<usize>() else {
            continue;
        };
        if let Some((_, other)) = taken.iter().find(|(c, _)| *c == column) {
            let why =
                format!("「{other}」と同じ列です。一つの列は一つの項目だけに使ってください。");
            form.error(&name, f.label, why);
        }
        taken.push((column, f.label));
        choice.columns.insert(f.key.to_owned(), column);
    }
    let desks = desk_options(&s.desks);
    choice.desk = form
        .choice("desk", "受け持つ窓口", &borrowed(&desks), true)
        .and_then(|d| d.parse().ok());
    let years = FiscalYear::choices(ctx.today(), YEARS - 1, 0);
    choice.year = form
        .choice("year", "年のない日付の年度", &borrowed(&years), false)
        .and_then(|y| y.parse().ok());
    (!form.has_errors()).then_some(choice)
}

fn header_options(book: &Book) -> Vec<(String, String)> {
    let label = |(place, header): (usize, &String)| {
        let shown = if header.is_empty() {
            format!("({}列目・見出しなし)", place + 1)
        } else {
            header.clone()
        };
        (place.to_string(), shown)
    };
    book.headers.iter().enumerate().map(label).collect()
}

fn desk_options(desks: &[DeskRef]) -> Vec<(String, String)> {
    desks
        .iter()
        .map(|d| (d.id.to_string(), format!("{} {}", d.body_name, d.name)))
        .collect()
}

fn view(ctx: &Ctx, form: &Form, s: &Setting, known: bool) -> Markup {
    let headers = header_options(&s.book);
    let headers = borrowed(&headers);
    let desks = desk_options(&s.desks);
    let mut years = FiscalYear::choices(ctx.today(), YEARS - 1, 0);
    years.reverse();
    let labels: Vec<&str> = s.book.headers.iter().map(String::as_str).collect();
    let sample: Vec<Vec<Markup>> = s
        .book
        .rows
        .iter()
        .take(SAMPLE)
        .map(|r| r.cells.iter().map(|c| html! { (c) }).collect())
        .collect();
    let fields = html! {
        fieldset.field-grid {
            legend { "台帳の列" }
            @for f in FIELDS {
                @let spec = FieldSpec::new(format!("column_{}", f.key), f.label);
                (select_field(form, if f.key == RECEIVED { spec.required() } else { spec }, &headers))
            }
        }
        fieldset.form {
            legend { "取り込み方" }
            (select_field(form, FieldSpec::new("desk", "受け持つ窓口").required().hint("取り込んだ相談は、この窓口の記録になります。開けるのは、ふだんの相談と同じく、この窓口の職員です。"), &borrowed(&desks)))
            (select_field(form, FieldSpec::new("year", "年のない日付の年度").hint("「4/1」「6.4.1」のような日付があるときに選びます。選ばなければ、そのような行は取り込まずにお返しします。"), &borrowed(&years)))
            (check_box(form, FieldSpec::new("blank_is_closed", "終結の欄が空の行も、終わった相談として取り込む").hint("外すと「判断待ち」の一覧に並びます。")))
            (check_box(form, FieldSpec::new("one_person", "氏名と生年月日が同じ行は、同じ人の相談にまとめる")))
        }
        (submit_row(html! {
            (button(ButtonKind::Primary, "すべての行を確かめる", None))
            (link_button(ButtonKind::Quiet, "/ledgers", "やめる"))
        }))
    };
    let body = html! {
        (trail(None))
        p { (s.import.file_name) "(" (s.book.rows.len()) "行" @if s.book.sheets.len() > 1 { "、シート " (s.book.sheets.join("・")) } ")" }
        @if !s.book.left_out.is_empty() {
            (notice(NoticeKind::Warn, "読まないシートがあります", html! { p { "見出しが違うため、次のシートは読みません: " (s.book.left_out.join("、")) } }))
        }
        @if known { p { "前に選んだ列の対応を出しています。変えなければ、そのまま進めます。" } }
        (table(&labels, &sample, "初めの行"))
        (form_frame(&format!("/ledgers/{}/columns", s.import.id), ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "台帳の列を確かめる", body)
}
