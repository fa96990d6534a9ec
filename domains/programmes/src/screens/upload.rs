//! `/programmes/upload`: a sheet's text file; `/programmes/upload/{upload}`: what was read in it,
//! beside its words, for a person to confirm.

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_box, details, file_field, form_frame,
        lines, link_button, notice, radio_group, select_field, submit_row, table,
        upload_form_frame,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    http::{id, see_other},
    once,
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::parts::{block_tag, trail};
use crate::{
    form::{self, Block, Field, Read},
    model::{FieldValue, Origin, UploadId},
    proposals, rules, sheets,
    store::upload::{self, Brought, Upload},
};

/// Characters of the original that the page shows.
const SHOWN: usize = 60_000;

pub async fn get(ctx: Ctx) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    Ok(bring(&ctx, &Form::blank()))
}

fn bring(ctx: &Ctx, form: &Form) -> Markup {
    let fields = html! {
        (file_field(form, FieldSpec::new("file", "計画書のテキストファイル").required()
            .hint("PDFをテキストにしたファイル（.txt .md）。1MBまで。文字コードはUTF-8、UTF-16、Shift_JISを読みます。"), ".txt,.md,.csv,.tsv,text/plain"))
        (submit_row(html! {
            (button(ButtonKind::Primary, "読み取る", None))
            (link_button(ButtonKind::Quiet, "/programmes", "やめる"))
        }))
    };
    let body = html! {
        (trail(&[]))
        p { "読み取った内容を、もとの文のことばと並べて見せます。確かめるまで、計画書にはなりません。ほかの自治体の計画書も、見比べるために読み取れます。" }
        (upload_form_frame("/programmes/upload", ctx.csrf(), form, fields))
    };
    page(&ctx.frame(), "計画書のファイルを読み取る", body)
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
        None => Err(Error::Invalid(
            "「計画書のテキストファイル」を選んでください。".into(),
        )),
        Some(file) => Brought::read(&file.file_name, &file.bytes),
    };
    match read {
        Ok(brought) => {
            let mut tx = ctx.write().await?;
            once::claim(&mut tx, &ctx, &form.once).await?;
            let id = upload::keep(&mut tx, &ctx, &brought).await?;
            let to = format!("/programmes/upload/{id}");
            once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
            tx.commit().await?;
            Ok(see_other(&to))
        }
        Err(Error::Invalid(why)) => {
            form.error("file", "計画書のテキストファイル", why);
            Err(Error::Page(
                StatusCode::UNPROCESSABLE_ENTITY,
                Box::new(bring(&ctx, &form)),
            ))
        }
        Err(e) => Err(e),
    }
}

/// GET `/programmes/upload/{upload}`
pub async fn check(ctx: Ctx, Path(upload): Path<String>) -> Result<Markup> {
    rules::need_planner(&ctx)?;
    let (upload, brought) = upload::one(&mut ctx.read().await?, &ctx, id(&upload)?).await?;
    let mut form = Form::blank();
    form.prefill("year", FiscalYear::of(ctx.today()).year().to_string());
    let same = brought
        .parsed
        .municipality
        .as_deref()
        .is_none_or(|name| name == ctx.municipality_name);
    let origin = if same { Origin::Own } else { Origin::Other };
    form.prefill("origin", origin.as_code());
    if same {
        form.prefill("setup", "1");
    }
    Ok(view(&ctx, &upload, &brought, &form))
}

/// POST `/programmes/upload/{upload}`
pub async fn take(ctx: Ctx, Path(upload): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let upload: UploadId = id(&upload)?;
    let mut form = Form::from_posted(posted);
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let year = form
        .choice("year", "年度", &borrowed(&years), true)
        .and_then(|year| year.parse().ok());
    let origin = form
        .choice("origin", "どこの計画書か", Origin::OPTIONS, true)
        .and_then(|code| Origin::from_code(&code));
    let sure: Vec<Field> = form
        .values("sure")
        .into_iter()
        .filter_map(Field::from_code)
        .collect();
    let mut tx = ctx.write().await?;
    let (known, brought) = upload::one(&mut tx, &ctx, upload).await?;
    if let Some(sheet) = known.sheet {
        return Ok(see_other(&format!("/programmes/{sheet}")));
    }
    let (Some(year), Some(origin), false) = (year, origin, form.has_errors()) else {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(view(&ctx, &known, &brought, &form)),
        ));
    };
    let sheet = sheets::take(&mut tx, &ctx, upload, origin, year, &sure).await?;
    if origin == Origin::Own && form.flag("setup") {
        proposals::keep(&mut tx, &ctx, upload, &brought.parsed).await?;
    }
    tx.commit().await?;
    Ok(see_other(&format!("/programmes/{sheet}")))
}

fn view(ctx: &Ctx, upload: &Upload, brought: &Brought, form: &Form) -> Markup {
    let read = form::of_sheet(&brought.parsed);
    let doubts = read
        .fields
        .iter()
        .filter(|(_, v)| !v.doubt.is_empty())
        .count();
    let filled = read
        .fields
        .iter()
        .filter(|(_, v)| !v.text.is_empty())
        .count();
    let years = FiscalYear::choices(ctx.today(), 10, 2);
    let name = brought
        .parsed
        .municipality
        .as_deref()
        .unwrap_or("（市区町村名なし）");
    let fields = html! {
        (radio_group(form, FieldSpec::new("origin", "どこの計画書か").required(), Origin::OPTIONS))
        (select_field(form, FieldSpec::new("year", "年度").required().hint("この年度の計画書がすでにあるときは、読み取った内容が次の下書きになり、前の文は履歴に残ります。"), &borrowed(&years)))
        (check_box(form, FieldSpec::new("setup", "圏域・機関・窓口などの登録案も作る（登録は一つずつ確かめてからです）")))
        @for block in Block::ALL { (block_table(form, block, &read)) }
        (submit_row(html! {
            (button(ButtonKind::Primary, "確かめた内容で計画書にする", None))
            (link_button(ButtonKind::Quiet, "/programmes", "あとで確かめる"))
        }))
    };
    let body = html! {
        (trail(&[("/programmes/upload", "計画書のファイルを読み取る")]))
        p { (upload.file_name) "（" (name) "）から、" (filled) "欄を読み取りました。まだ計画書にはなっていません。" }
        @if let Some(sheet) = upload.sheet {
            (notice(NoticeKind::Info, "", html! { p { "このファイルは、すでに" a href={ "/programmes/" (sheet) } { "計画書" } "になっています。" } }))
        }
        @if doubts > 0 {
            (notice(NoticeKind::Warn, "確かめたい欄があります", html! {
                p { (doubts) "か所に注意があります。正しいと確かめた欄に印を付けてください。印のない欄は「要確認」のまま計画書に入り、確かめるまで承認できません。" }
            }))
        }
        (form_frame(&format!("/programmes/upload/{}", upload.id), ctx.csrf(), form, fields))
        (details("もとの文書の全文", html! {
            p { (lines(&brought.body.chars().take(SHOWN).collect::<String>())) }
        }))
    };
    page(&ctx.frame(), "読み取りを確かめる", body)
}

fn block_table(form: &Form, block: Block, read: &Read) -> Markup {
    let rows: Vec<Vec<Markup>> = read
        .fields
        .iter()
        .filter(|(field, value)| {
            field.block() == block && (!value.text.is_empty() || !value.doubt.is_empty())
        })
        .map(|(field, value)| {
            vec![
                html! { (field.label()) },
                html! {
                    (lines(value.shown()))
                    @if !value.number.is_empty() { p.hint { "数として: " (value.number) (value.unit) } }
                },
                html! { (lines(if value.raw.is_empty() { value.shown() } else { &value.raw })) },
                doubt(form, *field, value),
            ]
        })
        .collect();
    let state = read.states.iter().find(|(b, _)| *b == block);
    html! {
        @if !rows.is_empty() {
            h2 { (block.label()) @if let Some((_, state)) = state { " " (block_tag(*state)) } }
            (table(&["欄", "読み取った内容", "もとの文書のことば", "確かめること"], &rows, block.label()))
        }
    }
}

fn doubt(form: &Form, field: Field, value: &FieldValue) -> Markup {
    if value.doubt.is_empty() {
        return html! { "なし" };
    }
    let id = format!("sure-{}", field.as_code().replace('.', "-"));
    html! {
        p { (lines(&value.doubt)) }
        div.choice {
            input type="checkbox" id=(id) name="sure" value=(field.as_code()) checked[form.is_checked("sure", field.as_code())];
            label for=(id) { "この読み取りで正しい" span.visually-hidden { "（" (field.label()) "）" } }
        }
    }
}
