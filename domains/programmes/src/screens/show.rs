//! `/programmes/{sheet}`: one sheet from top to bottom, in the form's order, with what changed since
//! last year.

use axum::{extract::Path, response::Response};
use engawa_indicators::report::Reader;
use engawa_kernel::{
    components::{
        ButtonKind, NoticeKind, TagKind, acts_and_two_columns, button, card, definition_list,
        form_frame, hidden, lines, link_button, notice, submit_row, tag,
    },
    context::Ctx,
    error::Result,
    form::{Form, Posted},
    http::{id, see_other},
    page::page,
};
use maud::{Markup, html};

use super::{
    parts::{Asked, asked_version, block_tag, by, field_text, name, people, trail, version_tag},
    results as table,
};
use crate::{
    figures::beside::Beside,
    files::{self, Numbered},
    form::{Block, PARTS},
    model::{Content, Origin, Sheet, SheetId, Version, VersionState},
    results::{self, Results},
    rules,
    store::{sheet, write},
};

pub async fn get(ctx: Ctx, Path(sheet): Path<String>, asked: Asked) -> Result<Markup> {
    let id: SheetId = id(&sheet)?;
    let mut conn = ctx.read().await?;
    let (sheet, version, content) =
        sheet::shown(&mut conn, &ctx, id, asked_version(&asked)?).await?;
    let newest = sheet::version(&mut conn, &ctx, id, None).await?;
    let last = match sheet.origin {
        Origin::Own => sheet::last_year(&mut conn, &ctx, sheet.year).await?,
        Origin::Other => None,
    };
    let reader = Reader::of(&mut conn, &ctx).await?;
    let results = results::load(&mut conn, &ctx, &sheet, &version, &reader).await?;
    let names = engawa_organisations::staff_names(&mut conn, &people(&[&version])).await?;
    let register = if rules::plans(&ctx) && sheet.origin == Origin::Own {
        Beside::of(&mut conn, &ctx).await?
    } else {
        Beside::default()
    };
    let attached = files::of_version(&mut conn, &ctx, version.id, false).await?;
    drop(conn);
    let writes =
        rules::plans(&ctx) && sheet.origin == Origin::Own && newest.number == version.number;
    let facts = definition_list(&[
        (
            "版",
            html! { "第" (version.number) "版 " (version_tag(version.state)) },
        ),
        (
            "最後に書いた人",
            html! { (by(&ctx, &names, version.written_by, version.written_at)) },
        ),
        (
            "承認",
            match version.approved {
                Some((staff, at)) => html! { (by(&ctx, &names, staff, at)) },
                None if sheet.origin == Origin::Other => html! { "比べるための計画書です" },
                None => html! { "まだ承認されていません" },
            },
        ),
        ("はじまり", html! { (sheet.made_from.label()) }),
    ]);
    let at = format!("/programmes/{id}");
    let query = format!("?version={}", version.number);
    let acts = html! {
        (card("この計画書", html! {
            (facts)
            (submit_row(html! {
                (link_button(ButtonKind::Secondary, &format!("{at}/compare{query}"), "見比べる"))
                (link_button(ButtonKind::Secondary, &format!("{at}/print.pdf{query}"), "様式で印刷する"))
                (link_button(ButtonKind::Secondary, &format!("{at}/sheet.xlsx{query}"), "Excelで受け取る"))
                (link_button(ButtonKind::Quiet, &format!("{at}/versions"), "版と変更の履歴"))
            }))
            @if rules::plans(&ctx) && sheet.origin == Origin::Own {
                p { a href={ (at) "/print.pdf" (query) "&public=1" } { "公表用に印刷する" } "（推進員の経歴を載せません）" }
            }
        }))
        @if writes { (approval(&ctx, &sheet, &version, &content, name(&names, version.written_by))) }
    };
    let opens = writes && sheet::is_draft(&version);
    let drawn = Drawn {
        ctx: &ctx,
        sheet: &sheet,
        content: &content,
        last: last.as_ref().map(|(_, c)| c),
        register: &register,
        results: results.as_ref(),
        writes,
    };
    let main = html! {
        @for block in Block::ALL {
            (block_of(&drawn, block, files_of(&sheet, block, &attached, opens)))
        }
    };
    let body = html! {
        (trail(&[]))
        @if newest.number != version.number {
            (notice(NoticeKind::Info, "", html! { p { "いま見ているのは第" (version.number) "版です。" a href=(at) { "いちばん新しい第" (newest.number) "版を開く" } } }))
        }
        (acts_and_two_columns(main, acts, html! {
            nav aria-label="この計画書の欄" { ul { @for block in Block::ALL { li { a href={ "#b" (block.as_code()) } { (block.label()) } } } } }
        }))
    };
    Ok(page(&ctx.frame(), &sheet.title(), body))
}

fn approval(
    ctx: &Ctx,
    sheet: &Sheet,
    version: &Version,
    content: &Content,
    writer: &str,
) -> Markup {
    if version.state == VersionState::Approved {
        return card(
            "承認",
            html! { p { "この版は承認済みです。欄を直すと、第" (version.number + 1) "版の下書きができます。" } },
        );
    }
    let doubts = content.doubts();
    if doubts > 0 {
        return card(
            "承認",
            html! { p { "読み取りを確かめていない欄が" (doubts) "か所あります。「要確認」の欄を開いて確かめると、承認できるようになります。" } },
        );
    }
    if version.written_by == ctx.actor.staff {
        return card(
            "承認",
            html! { p { "最後に書いたのはあなたです。ほかの推進員かシステム管理者が承認します。" } },
        );
    }
    let mut form = Form::blank();
    form.version = Some(version.version);
    let fields = html! {
        p { "最後に書いたのは" (writer) "さんです。内容を確かめてから承認してください。承認した版は変わりません。" }
        (hidden("number", &version.number.to_string()))
        (submit_row(button(ButtonKind::Primary, &format!("第{}版を承認する", version.number), None)))
    };
    card(
        "承認",
        form_frame(
            &format!("/programmes/{}/approve", sheet.id),
            ctx.csrf(),
            &form,
            fields,
        ),
    )
}

/// POST `/programmes/{sheet}/approve`
pub async fn approve(ctx: Ctx, Path(sheet): Path<String>, posted: Posted) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let id: SheetId = id(&sheet)?;
    let form = Form::from_posted(posted);
    let number = form.value("number").parse().unwrap_or_default();
    let mut tx = ctx.write().await?;
    let sheet = sheet::sheet(&mut tx, &ctx, id).await?;
    write::approve(
        &mut tx,
        &ctx,
        &sheet,
        number,
        form.version.unwrap_or_default(),
    )
    .await?;
    tx.commit().await?;
    Ok(see_other(&format!("/programmes/{id}")))
}

/// What is attached to a block, and on a draft the way to attach more.
fn files_of(sheet: &Sheet, block: Block, all: &[Numbered], opens: bool) -> Markup {
    let here: Vec<&Numbered> = all
        .iter()
        .filter(|(_, f)| files::block(f) == block)
        .collect();
    html! {
        @if !here.is_empty() {
            h3 { "別紙・図" }
            ul { @for (number, file) in here { li { (super::files::link(Some(*number), file)) } } }
        }
        @if opens {
            p { a href={ "/programmes/" (sheet.id) "/files/" (block.as_code()) } { "別紙・図を付ける・直す" span.visually-hidden { "（" (block.label()) "）" } } }
        }
    }
}

/// What every block of the page needs.
struct Drawn<'a> {
    ctx: &'a Ctx,
    sheet: &'a Sheet,
    content: &'a Content,
    last: Option<&'a Content>,
    register: &'a Beside,
    results: Option<&'a Results>,
    writes: bool,
}

fn block_of(drawn: &Drawn, block: Block, attached: Markup) -> Markup {
    let Drawn {
        ctx,
        sheet,
        content,
        last,
        register,
        results,
        writes,
    } = *drawn;
    let record = content.blocks.get(&block);
    html! {
        section.card {
            h2.card-title id={ "b" (block.as_code()) } { (block.label()) }
            div.card-body {
                @if let Some(record) = record {
                    @if block.is_programme() {
                        p {
                            (block_tag(record.state))
                            @if !record.start.is_empty() { " 開始: " (record.start) }
                        }
                    }
                    @if !record.note.is_empty() { p.hint { (lines(&record.note)) } }
                }
                @for part in PARTS.iter().filter(|p| p.block == block) {
                    @if !part.heading.is_empty() { h3 { (part.heading) } }
                    (definition_list(&part.fields.iter().map(|field| {
                        let value = content.fields.get(field);
                        let kept = last.is_some_and(|l| !content.shown(*field).is_empty() && l.shown(*field) == content.shown(*field));
                        (field.label(), html! {
                            (field_text(ctx, *field, value))
                            @if kept { " " (tag(TagKind::Neutral, "前年度のまま")) }
                            @if value.is_some_and(|v| !v.doubt.is_empty()) { " " (tag(TagKind::Alert, "要確認")) }
                            @if let Some(v) = value { (super::register::otherwise(register, *field, v)) }
                        })
                    }).collect::<Vec<_>>()))
                    @for field in part.fields { (table::of(ctx, results, *field)) }
                }
                (attached)
                @if writes {
                    p { (link_button(ButtonKind::Secondary, &format!("/programmes/{}/edit/{}", sheet.id, block.as_code()), &format!("「{}」を書く", block.label()))) }
                }
            }
        }
    }
}
