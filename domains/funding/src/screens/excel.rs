//! The ledger of sources, and the reports of contracts, as workbooks.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    error::{Error, Result},
};
use engawa_organisations::codes::CodeList;
use engawa_sheets::{Cell, Orientation, OutSheet, write_xlsx};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{
    parts::{Asked, asked_year},
    print::{HandedOut, all_of_body, one_contract, parties},
};
use crate::{
    model::{Answer, Year},
    rules,
    store::activity,
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn sent(name: &str, sheets: &[OutSheet]) -> Result<Response> {
    let bytes = write_xlsx(sheets).map_err(|e| Error::Invalid(e.to_string()))?;
    let disposition = format!(
        "attachment; filename*=UTF-8''{}",
        utf8_percent_encode(&name.replace(' ', "_"), NON_ALPHANUMERIC)
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

fn sheet(name: &str, headers: &[&str], rows: Vec<Vec<Cell>>, notes: Vec<String>) -> OutSheet {
    OutSheet {
        name: name.into(),
        headers: headers.iter().map(|h| (*h).to_owned()).collect(),
        rows,
        notes,
        orientation: Orientation::Landscape,
    }
}

/// A number that may be unknown: an empty cell then, never 0.
fn number(value: Option<i64>) -> Cell {
    // Yen and counts have at most twelve digits: a workbook loses none.
    value.map_or(Cell::Empty, |n| Cell::Number(n as f64))
}

/// `/funding/sources.xlsx`: every source of a year, one in each row.
pub async fn sources(ctx: Ctx, asked: Asked) -> Result<Response> {
    rules::need_planner(&ctx)?;
    let of = asked_year(&ctx, &asked)?;
    let years = activity::of_year(&mut ctx.read().await?, &ctx, of).await?;
    let mut tx = ctx.write().await?;
    let entry = Entry::new("funding.print").detail(json!({ "year": of.year(), "as": "xlsx" }));
    audit::append(&mut tx, &ctx, entry).await?;
    tx.commit().await?;
    let rows = years.iter().flat_map(rows_of).collect();
    let title = format!("{}の財源", of.label());
    let headers = [
        "活動・事業",
        "計画書の事業",
        "財源",
        "種類",
        "何の費用か",
        "状態",
        "額（円）",
        "入金日",
        "使い道の報告",
        "備考",
    ];
    let notes = vec![
        title.clone(),
        "額が空欄の財源は、額が分かっていません（0円ではありません）。".into(),
    ];
    sent(
        &format!("{title}.xlsx"),
        &[sheet("財源", &headers, rows, notes)],
    )
}

fn rows_of(y: &Year) -> Vec<Vec<Cell>> {
    let a = &y.activity.it;
    let head = || vec![Cell::text(a.name.as_str()), Cell::text(a.scheme.label())];
    if y.sources.is_empty() {
        let mut row = head();
        row.push(Cell::text(match y.answer {
            Answer::Unsaid => "",
            said => said.label(),
        }));
        return vec![row];
    }
    y.sources
        .iter()
        .map(|s| {
            let mut row = head();
            row.extend([
                Cell::text(s.it.called()),
                Cell::text(s.it.kind.label()),
                Cell::text(s.it.cost.label()),
                Cell::text(s.it.state.label()),
                number(s.it.amount),
                s.it.received_on.map_or(Cell::Empty, Cell::Date),
                Cell::text(s.it.report.as_str()),
                Cell::text(s.it.note.as_str()),
            ]);
            row
        })
        .collect()
}

/// `/funding/contracts/{contract}/report.xlsx`
pub async fn contract(ctx: Ctx, Path(contract): Path<String>) -> Result<Response> {
    report(&one_contract(&ctx, &contract, "xlsx").await?)
}

/// `/funding/bodies/{body}/report.xlsx`
pub async fn body(ctx: Ctx, Path(body): Path<String>) -> Result<Response> {
    report(&all_of_body(&ctx, &body, "xlsx").await?)
}

fn report(out: &HandedOut) -> Result<Response> {
    let (mut contracts, mut deliverables) = (Vec::new(), Vec::new());
    let (mut costs, mut claims) = (Vec::new(), Vec::new());
    for full in &out.all {
        let c = &full.contract.it;
        let name = || Cell::text(c.name.as_str());
        let schemes: Vec<&str> = c.schemes.iter().map(|s| s.label()).collect();
        contracts.push(vec![
            name(),
            Cell::text(out.labels.label(CodeList::ContractMode, &c.mode)),
            Cell::text(parties(out, full)),
            Cell::text(schemes.join("、")),
            Cell::text(c.part.as_str()),
            Cell::Date(c.from),
            c.to.map_or(Cell::Empty, Cell::Date),
            Cell::text(c.note.as_str()),
        ]);
        deliverables.extend(full.deliverables.iter().map(|d| {
            let report = d.it.report.as_ref();
            vec![
                name(),
                Cell::text(d.it.name.as_str()),
                number(d.it.number),
                number(report.and_then(|r| r.value)),
                Cell::text(d.it.unit.as_str()),
                report.map_or(Cell::Empty, |r| Cell::Date(r.on)),
                Cell::text(report.map_or("", |r| r.text.as_str())),
            ]
        }));
        costs.extend(c.costs.iter().map(|l| {
            vec![
                name(),
                Cell::text(l.kind.label()),
                Cell::text(l.what.as_str()),
                Cell::text(l.subsidised.label()),
                number(l.amount),
            ]
        }));
        claims.extend(full.claims.iter().map(|l| {
            vec![
                name(),
                Cell::text(l.it.what.as_str()),
                Cell::text(l.it.basis.as_str()),
                number(Some(l.it.amount)),
                Cell::Date(l.it.on),
                Cell::text(l.state.label()),
            ]
        }));
    }
    let unknown = || vec!["空欄の数と額は、まだ分かっていません（0ではありません）。".to_owned()];
    sent(
        &format!("{}.xlsx", out.title),
        &[
            sheet(
                "委託・補助",
                &[
                    "名前",
                    "実施方法",
                    "実施する機関",
                    "計画書の事業",
                    "部分",
                    "始まり",
                    "終わり",
                    "備考",
                ],
                contracts,
                vec![out.title.clone()],
            ),
            sheet(
                "成果物",
                &[
                    "名前",
                    "成果物",
                    "約束した数",
                    "実績",
                    "単位",
                    "時点",
                    "報告",
                ],
                deliverables,
                unknown(),
            ),
            sheet(
                "経費の内訳",
                &["名前", "種類", "だれの・何の経費か", "補助", "額（円）"],
                costs,
                unknown(),
            ),
            sheet(
                "請求",
                &["名前", "請求の内容", "積算", "額（円）", "請求日", "状態"],
                claims,
                Vec::new(),
            ),
        ],
    )
}
