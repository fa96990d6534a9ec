//! `/roadmaps/{plan}/roadmap.xlsx`: measures × years, and each milestone and rating in a row.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    context::Ctx,
    error::{Error, Result},
};
use engawa_sheets::{Cell, Orientation, OutSheet, write_xlsx};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::print::handed_out;
use crate::{
    model::{KeptMeasure, Whole},
    owner::Bodies,
    roadmap::{self, By},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub async fn get(ctx: Ctx, Path(plan): Path<String>) -> Result<Response> {
    let (whole, bodies) = handed_out(&ctx, &plan, "xlsx").await?;
    let bytes = book(&whole, &bodies)?;
    let name = format!("{}_工程表.xlsx", whole.plan.kept.is.name);
    let disposition = format!(
        "attachment; filename*=UTF-8''{}",
        utf8_percent_encode(&name, NON_ALPHANUMERIC)
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

/// The columns that name a measure in every sheet.
fn head(m: &KeptMeasure) -> Vec<Cell> {
    let is = &m.kept.is;
    vec![
        Cell::text(is.heading.as_str()),
        Cell::text(is.number.as_str()),
        Cell::text(is.text.as_str()),
    ]
}

const HEAD: [&str; 3] = ["基本目標・柱", "番号", "施策・取組"];

fn headers(more: impl IntoIterator<Item = String>) -> Vec<String> {
    HEAD.iter().map(|h| (*h).to_owned()).chain(more).collect()
}

fn book(whole: &Whole, bodies: &Bodies) -> Result<Vec<u8>> {
    let plan = &whole.plan.kept.is;
    let notes = vec![
        plan.name.clone(),
        format!(
            "{}　{}　{}",
            bodies.name(plan.body),
            plan.period(),
            plan.state.label()
        ),
    ];
    let sheets = [
        board(whole, bodies, notes.clone()),
        milestones(whole, notes.clone()),
        ratings(whole, notes),
    ];
    write_xlsx(&sheets).map_err(|e| Error::Invalid(e.to_string()))
}

fn board(whole: &Whole, bodies: &Bodies, notes: Vec<String>) -> OutSheet {
    let columns = roadmap::columns(&whole.plan.kept.is, By::Fiscal);
    let rows = whole
        .measures
        .iter()
        .map(|m| {
            let is = &m.kept.is;
            let body = is.body.map_or("", |id| bodies.of(id));
            let mut row = head(m);
            row.push(Cell::text(format!("{body} {}", is.responsible).trim()));
            row.extend(
                columns
                    .iter()
                    .map(|c| Cell::text(roadmap::words(&roadmap::cell(m, *c)))),
            );
            row.push(Cell::text(is.budget.as_str()));
            row.push(Cell::text(is.dropped.as_str()));
            row
        })
        .collect();
    let years = columns.iter().map(|c| c.label());
    OutSheet {
        name: "工程表".into(),
        headers: headers(
            std::iter::once("担当".to_owned())
                .chain(years)
                .chain(["予算・財源".to_owned(), "取りやめた理由".to_owned()]),
        ),
        rows,
        notes,
        orientation: Orientation::Landscape,
    }
}

fn milestones(whole: &Whole, notes: Vec<String>) -> OutSheet {
    let rows = whole
        .measures
        .iter()
        .flat_map(|m| {
            m.milestones.iter().map(|s| {
                let is = &s.is;
                let mut row = head(m);
                row.extend([
                    Cell::text(is.year.label()),
                    Cell::Date(is.due()),
                    Cell::text(is.text.as_str()),
                    Cell::text(is.state.label()),
                    Cell::text(is.reason.as_str()),
                    Cell::text(is.to_year.map(|y| y.label()).unwrap_or_default()),
                ]);
                row
            })
        })
        .collect();
    OutSheet {
        name: "工程".into(),
        headers: headers(
            ["年度", "いつまでに", "工程", "状態", "理由", "延期先"].map(str::to_owned),
        ),
        rows,
        notes,
        orientation: Orientation::Landscape,
    }
}

fn ratings(whole: &Whole, notes: Vec<String>) -> OutSheet {
    let rows = whole
        .measures
        .iter()
        .flat_map(|m| {
            m.ratings.iter().map(|r| {
                let is = &r.is;
                let mut row = head(m);
                row.extend([
                    Cell::text(is.year.label()),
                    Cell::text(is.degree.label()),
                    Cell::text(is.words.as_str()),
                    Cell::text(is.evidence.as_str()),
                ]);
                row
            })
        })
        .collect();
    OutSheet {
        name: "実行度".into(),
        headers: headers(["年度", "実行度", "評価のことば", "根拠"].map(str::to_owned)),
        rows,
        notes,
        orientation: Orientation::Landscape,
    }
}
