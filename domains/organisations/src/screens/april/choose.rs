//! The first half: which postings end.

use engawa_kernel::{
    access::{self, Duty},
    components::{ButtonKind, button, hidden, submit_row, table},
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    form::{Form, Posted},
    id::{DeskId, PostingId},
    page::page,
    text::wareki::format_date,
};
use maud::{Markup, html};

use super::{super::trail, MAX_LEAVING, SOURCES, allowed};
use crate::{
    choices::Choices,
    field::{Field, Kind, Source},
    handover,
    lookup::{self, PostingRef},
};

/// The postings of today, filtered, with the number of their rooms; and what is planned.
pub(super) async fn choose(ctx: &Ctx, asked: &Posted) -> Result<Markup> {
    let manages = allowed(ctx)?;
    let mut conn = ctx.read().await?;
    let choices = Choices::load(&mut conn, ctx, SOURCES, None).await?;
    let mut form = Form::blank();
    for field in SOURCES {
        form.prefill(field.key, asked.get(field.key).unwrap_or_default());
    }
    let id = |field: &str, source| choices.id(source, form.value(field));
    let found = postings_like(
        &mut conn,
        ctx,
        manages,
        [
            id("body", Source::Bodies),
            id("desk", Source::Desks),
            id("staff", Source::Staff),
        ],
    )
    .await?;
    let ids: Vec<PostingId> = found.iter().map(|p| p.id).collect();
    let counts = access::owned_counts(&mut conn, ctx, &ids).await?;
    let planned = handover::planned(&mut conn, ctx).await?;
    let mut known: Vec<PostingId> = planned
        .iter()
        .flat_map(|p| [Some(p.from), p.to])
        .flatten()
        .collect();
    known.dedup();
    let names = lookup::postings(&mut conn, ctx, &known).await?;
    let name = |id: &PostingId| {
        names
            .get(id)
            .map_or_else(String::new, |p| format!("{} {}", p.place, p.staff_name))
    };
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .map(|p| {
            let (cases, consultations) = counts.get(&p.id).copied().unwrap_or_default();
            vec![
                html! { div.choice { input type="checkbox" id={ "leave-" (p.id) } name="leave" value=(p.id); label for={ "leave-" (p.id) } { (p.staff_name) } } },
                html! { (p.place) },
                html! { (p.role_label) },
                html! { (cases) "件" },
                html! { (consultations) "件" },
                html! { @if cases > 0 { a href={ "/cases/packet.pdf?posting=" (p.id) } { "引継書" span.visually-hidden { " " (p.staff_name) } } } },
            ]
        })
        .collect();
    let body = html! {
        (trail(&[]))
        p { "異動・退職・委託先の変更で離れる配置を選び、次の画面で後任と日を決めます。記録の中身は表示しません。" }
        p { "引継書には、あなたに閲覧権のあるケースだけが載ります。引き継いだあとは、" a href="/cases/takeovers" { "後任の確認" } "で、一件ずつの確認が済んだかが分かります。" }
        @if manages {
            form method="get" action="/organisations/april" {
                (submit_row(html! {
                    @for field in SOURCES {
                        @if let Kind::Pick(source) = field.kind { (filter(&form, field, &choices.options(source, &[]))) }
                    }
                    (button(ButtonKind::Secondary, "絞り込む", None))
                }))
            }
        }
        @if rows.is_empty() { p { "合う配置がありません。絞り込みを変えてください。" } } @else {
            // As wide as the page: the table needs it.
            form method="get" action="/organisations/april" {
                (table(&["離れる職員", "配置", "役割", "ケース", "相談受付", "PDF"], &rows, "今の配置"))
                @if found.len() >= MAX_LEAVING { p { "先頭の" (MAX_LEAVING) "件を表示しています。機関や窓口で絞り込んでください。" } }
                (submit_row(button(ButtonKind::Primary, "選んだ配置の後任を決める", None)))
            }
        }
        @if !planned.is_empty() {
            h2 { "予定されている引き継ぎ" }
            ul {
                @for p in &planned {
                    li {
                        (format_date(p.day, ctx.calendar)) "から: " (name(&p.from)) " → "
                        @if let Some(to) = &p.to { (name(to)) } @else { "窓口で預かる" }
                        @if let Some(n) = p.rooms { "（" (n) "件）" } @else { "（すべて）" }
                        @if p.day < ctx.today() { " 実行できていません。取り消して、もう一度決めてください。" }
                        @if manages {
                            form method="post" action={ "/organisations/april/" (p.id) "/cancel" } {
                                (hidden("csrf", ctx.csrf()))
                                (button(ButtonKind::Quiet, "この予定を取り消す", None))
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&ctx.frame(), "異動・引き継ぎ", body))
}

/// One of the boxes that narrow the list down; at first it narrows nothing.
fn filter(form: &Form, field: &Field, options: &[(&str, &str)]) -> Markup {
    let value = form.value(field.key);
    html! {
        label for=(form.id_of(field.key)) { (field.label) }
        select.input.input-short id=(form.id_of(field.key)) name=(field.key) {
            option value="" { "すべて" }
            @for (code, label) in options { option value=(code) selected[*code == value] { (label) } }
        }
    }
}

/// Postings of today; a supervisor gets those of the own desks.
pub(super) async fn postings_like(
    conn: &mut Conn,
    ctx: &Ctx,
    manages: bool,
    [body, desk, staff]: [Option<uuid::Uuid>; 3],
) -> Result<Vec<PostingRef>> {
    let own: Vec<DeskId> = ctx
        .actor
        .postings
        .iter()
        .filter(|p| p.role.may(Duty::Reassign))
        .filter_map(|p| p.desk)
        .collect();
    let mut q = sql(
        "select p.id from posting p join staff s on s.id = p.staff_id where s.municipality_id = :m
            and (p.valid_to is null or p.valid_to >= :today) and p.valid_from <= :today",
    )
    .bind("m", ctx.municipality)
    .bind("today", ctx.today());
    if !manages {
        q = q.push("and p.desk_id in (:own)").bind_all("own", own);
    }
    if let Some(body) = body {
        q = q.push("and p.body_id = :body").bind("body", body);
    }
    if let Some(desk) = desk {
        q = q.push("and p.desk_id = :desk").bind("desk", desk);
    }
    if let Some(staff) = staff {
        q = q.push("and p.staff_id = :staff").bind("staff", staff);
    }
    let limit = i64::try_from(MAX_LEAVING).unwrap_or(i64::MAX);
    let ids: Vec<PostingId> = conn
        .rows(
            q.push("order by s.kana, s.name, p.id limit :limit")
                .bind("limit", limit),
        )
        .await?
        .iter()
        .map(|r| r.get("id"))
        .collect::<Result<_>>()?;
    let mut refs = lookup::postings(conn, ctx, &ids).await?;
    Ok(ids.iter().filter_map(|id| refs.remove(id)).collect())
}
