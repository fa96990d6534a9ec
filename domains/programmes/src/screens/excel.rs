//! `/programmes/{sheet}/sheet.xlsx`: every field of the form, one in each row.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    context::Ctx,
    error::{Error, Result},
    files::Attachment,
};
use engawa_sheets::{Cell, Orientation, OutSheet, write_xlsx};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    parts::Asked,
    print::{HandedOut, handed_out, is_public},
};
use crate::{
    files::{self, Numbered},
    form::{Block, PARTS},
    model::{BlockState, Content, FieldState, Sheet, Version},
    results::Results,
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub async fn get(ctx: Ctx, Path(sheet): Path<String>, asked: Asked) -> Result<Response> {
    let HandedOut {
        sheet,
        version,
        content,
        results,
    } = handed_out(&ctx, &sheet, &asked, "xlsx").await?;
    let public = is_public(&asked);
    let attached = files::of_version(&mut ctx.read().await?, &ctx, version.id, public).await?;
    let bytes = book(&sheet, &version, &content, results.as_ref(), &attached)?;
    let name = format!(
        "{}_第{}版.xlsx",
        sheet.title().replace(' ', "_"),
        version.number
    );
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

fn book(
    sheet: &Sheet,
    version: &Version,
    content: &Content,
    results: Option<&Results>,
    attached: &[Numbered],
) -> Result<Vec<u8>> {
    let mut rows = Vec::new();
    for part in PARTS {
        for field in part.fields {
            let value = content.fields.get(field).cloned().unwrap_or_default();
            let number = value.number.parse().map_or(Cell::Empty, Cell::Number);
            rows.push(vec![
                Cell::text(part.block.as_code()),
                Cell::text(part.block.label()),
                Cell::text(part.heading),
                Cell::text(field.label()),
                Cell::text(value.shown()),
                number,
                Cell::text(value.unit.as_str()),
                value.as_of.map_or(Cell::Empty, Cell::Date),
                Cell::text(value.note.as_str()),
                Cell::text(if value.state == FieldState::Value {
                    ""
                } else {
                    value.state.label()
                }),
                Cell::text(field.as_code()),
            ]);
        }
    }
    let states = Block::PROGRAMMES
        .into_iter()
        .map(|block| {
            let record = content.blocks.get(&block);
            vec![
                Cell::text(block.label()),
                Cell::text(record.map_or(BlockState::Absent, |r| r.state).label()),
                Cell::text(record.map_or("", |r| r.start.as_str())),
            ]
        })
        .collect();
    let headers = |labels: &[&str]| labels.iter().map(|l| (*l).to_owned()).collect();
    let mut sheets = vec![
        OutSheet {
            name: "計画書".into(),
            headers: headers(&[
                "番号", "ところ", "見出し", "欄", "内容", "数", "単位", "時点", "注・出典", "状態", "項目コード",
            ]),
            rows,
            notes: vec![
                sheet.title(),
                format!("第{}版（{}）", version.number, version.state.label()),
                "「数」は文の中の数で、単位は書かれたままです。空欄と「なし」「不明」は「状態」で区別します。".into(),
            ],
            orientation: Orientation::Landscape,
        },
        OutSheet {
            name: "実施の状況".into(),
            headers: headers(&["事業", "状況", "開始の時期"]),
            rows: states,
            notes: Vec::new(),
            orientation: Orientation::Portrait,
        },
        OutSheet {
            name: "別紙・図".into(),
            headers: headers(&["番号", "ところ", "説明", "種類", "公表", "ファイル", "形式"]),
            rows: attached.iter().map(|(number, file)| row_of(*number, file)).collect(),
            notes: vec!["ファイルそのものは、画面の「別紙・図」から受け取ります。".into()],
            orientation: Orientation::Landscape,
        },
    ];
    if let Some(results) = results {
        sheets.push(promised(results));
    }
    write_xlsx(&sheets).map_err(|e| Error::Invalid(e.to_string()))
}

/// 前年度の目標と実績, one goal in each row.
fn promised(results: &Results) -> OutSheet {
    let rows = results
        .lines
        .iter()
        .map(|line| {
            let number = |n: Option<i64>| {
                n.and_then(|n| i32::try_from(n).ok())
                    .map_or(Cell::Empty, |n| Cell::Number(f64::from(n)))
            };
            vec![
                Cell::text(line.field.block().label()),
                Cell::text(line.field.label()),
                Cell::text(line.goal.as_str()),
                Cell::text(line.rule.as_str()),
                Cell::text(line.target.as_str()),
                Cell::text(line.actual.as_str()),
                number(line.count),
                number(line.of),
                Cell::text(line.standing.as_str()),
                Cell::text(line.rating.as_str()),
                Cell::text(line.evidence.as_str()),
                Cell::text(line.next.as_str()),
            ]
        })
        .collect();
    let headers = [
        "事業",
        "欄",
        "目標",
        "数え方",
        "目標の値",
        "実績",
        "数",
        "割る数",
        "様子",
        "評価",
        "根拠",
        "今度の目標の値",
    ];
    OutSheet {
        name: "前年度の目標と実績".into(),
        headers: headers.iter().map(|h| (*h).to_owned()).collect(),
        rows,
        notes: vec![format!(
            "{}の目標と実績です。実績は{}までの分です。",
            results.year_label(),
            results.until
        )],
        orientation: Orientation::Landscape,
    }
}

fn row_of(number: usize, file: &Attachment) -> Vec<Cell> {
    vec![
        Cell::text(format!("別紙{number}")),
        Cell::text(files::block(file).label()),
        Cell::text(file.label.caption.as_str()),
        Cell::text(file.label.class.label()),
        Cell::text(if file.label.publish {
            "公表してよい"
        } else {
            "公表しない"
        }),
        Cell::text(file.name.as_str()),
        Cell::text(file.media.label()),
    ]
}
