//! /statistics/excel: the table as a workbook; its rules stand on a sheet of their own. Logged.

use axum::{
    extract::Query,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    error::{Error, Result},
};
use engawa_sheets::{Cell, Orientation, OutSheet, write_xlsx};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{
    asked::{Asked, Pairs},
    table,
};
use crate::{
    report::{self, Reader, Report, Shown},
    words::{self, Words},
};

pub async fn get(ctx: Ctx, Query(pairs): Pairs) -> Result<Response> {
    ctx.need(Duty::ReadFigures)?;
    let asked = Asked(pairs);
    let (report, sheet) = {
        let mut conn = ctx.read().await?;
        let words = Words::load(&mut conn, &ctx).await?;
        let reader = if asked.get("outside") == "1" {
            Reader::anybody(&mut conn, &ctx).await?
        } else {
            Reader::of(&mut conn, &ctx).await?
        };
        let compare = asked.get("compare") == "1";
        let report = report::make(
            &mut conn,
            &ctx,
            &words,
            &reader,
            asked.question(&ctx)?,
            compare,
        )
        .await?;
        let sheet = sheet(&report, &words);
        (report, sheet)
    };
    let bytes = write_xlsx(&[sheet]).map_err(|e| Error::Invalid(e.to_string()))?;
    logged(&ctx, "statistics", &table::title(&report)).await?;
    download(
        bytes,
        &format!(
            "統計_{}_{}.xlsx",
            report.question.source.label,
            ctx.today().format("%Y%m%d")
        ),
    )
}

fn sheet(report: &Report, words: &Words) -> OutSheet {
    let q = &report.question;
    let mut headers = vec![
        q.rows
            .map_or("", |d| words::dim_label(q.source, d))
            .to_owned(),
    ];
    headers.extend(report.columns.iter().map(|(_, label)| label.clone()));
    headers.push("計".to_owned());
    if report.before.is_some() {
        headers.push("前年同期".to_owned());
    }
    let rows = report
        .cells
        .iter()
        .enumerate()
        .map(|(n, row)| {
            let label = report.rows.get(n).map_or("計", |(_, l)| l.as_str());
            let before = report
                .before
                .iter()
                .map(|b| cell(b.get(n).copied().flatten()));
            [Cell::text(label)]
                .into_iter()
                .chain(row.iter().map(|n| cell(*n)))
                .chain(before)
                .collect()
        })
        .collect();
    let mut notes = vec![table::title(report)];
    notes.extend(table::sentences(report, words));
    notes.extend(report.counted_at.map(words::counted_at));
    if report.hidden() > 0 {
        notes.push("「非公表」は、小さい数と、引き算でそれが分かる数です。".to_owned());
    }
    OutSheet {
        name: "統計".to_owned(),
        headers,
        rows,
        notes,
        orientation: Orientation::Landscape,
    }
}

/// A number as a cell; a hidden one as its word.
pub fn cell(n: Shown) -> Cell {
    // Counts stay far below the 2^53 that a sheet's number holds.
    #[allow(clippy::cast_precision_loss)]
    n.map_or_else(|| Cell::text("非公表"), |n| Cell::Number(n as f64))
}

/// Writes down that figures left the house.
pub async fn logged(ctx: &Ctx, what: &str, title: &str) -> Result<()> {
    let mut tx = ctx.write().await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("indicators.export").detail(json!({ "what": what, "title": title })),
    )
    .await?;
    tx.commit().await
}

/// A workbook as the browser saves it.
pub fn download(bytes: Vec<u8>, name: &str) -> Result<Response> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let disposition = format!(
        "attachment; filename*=UTF-8''{}",
        utf8_percent_encode(name, NON_ALPHANUMERIC)
    );
    let disposition =
        HeaderValue::from_str(&disposition).map_err(|e| Error::Internal(e.to_string()))?;
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(XLSX)),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        bytes,
    )
        .into_response())
}
