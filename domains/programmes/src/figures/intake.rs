//! A table of figures, pasted or out of a file: one figure in each row, all of them or none.

use chrono::NaiveDate;
use engawa_kernel::{id::AreaId, text::wareki::parse_date};
use engawa_sheets::{Cell, Column, Mapping, Row, Table, read};

use super::{Figure, Sure, rules};

/// Rows at most.
pub const MOST: usize = 2_000;

const fn column(
    key: &'static str,
    label: &'static str,
    aliases: &'static [&'static str],
) -> Column {
    Column {
        key,
        label,
        aliases,
    }
}

/// The columns of the table; the first four must be there.
pub const COLUMNS: [Column; 8] = [
    column("kind", "種類", &["項目", "指標", "統計"]),
    column("area", "区域", &["圏域", "地区", "町丁", "町丁別", "地域"]),
    column("as_of", "時点", &["年月日", "基準日", "日付"]),
    column("number", "数", &["値", "数値", "人数"]),
    column("unit", "単位", &[]),
    column("sure", "確かさ", &["状態"]),
    column("source", "出典", &["資料"]),
    column("note", "注", &["備考"]),
];
const NEEDED: usize = 4;

/// A row as read: a figure, or why it is none.
pub type Line = Result<Figure, String>;

/// The table of a file or of pasted text.
///
/// # Errors
/// The sentence for the user: no table, too many rows, a column missing.
pub fn table(bytes: &[u8], name: &str) -> Result<Table, String> {
    let book = read(bytes, name).map_err(|e| e.to_string())?;
    let sheet = book
        .sheets
        .iter()
        .find(|s| !s.rows.is_empty())
        .ok_or("表に行がありません。見出しの行と、その下の行を入れてください。")?;
    let table = Table::from_sheet(sheet, None).map_err(|e| e.to_string())?;
    if table.rows.is_empty() {
        return Err("見出しの下に行がありません。".into());
    }
    if table.rows.len() > MOST {
        return Err(format!(
            "一度に登録できるのは{MOST}行までです。表を分けてください。"
        ));
    }
    let missing: Vec<&str> = mapping(&table)
        .missing
        .iter()
        .filter(|c| COLUMNS.iter().take(NEEDED).any(|n| n.key == c.key))
        .map(|c| c.label)
        .collect();
    if missing.is_empty() {
        Ok(table)
    } else {
        Err(format!(
            "見出しに「{}」の列がありません。1行目に「種類　区域　時点　数」の見出しを付けてください。",
            missing.join("」「")
        ))
    }
}

fn mapping(table: &Table) -> Mapping {
    Mapping::by_headers(&table.headers, &COLUMNS.each_ref())
}

/// The table with tabs between its cells, to be looked at and mended before it is saved.
#[must_use]
pub fn as_text(table: &Table) -> String {
    let plain = |cell: &str| cell.replace(['\t', '\n', '\r'], " ");
    let line = |cells: Vec<String>| {
        cells
            .iter()
            .map(|c| plain(c))
            .collect::<Vec<_>>()
            .join("\t")
    };
    let mut text = line(table.headers.clone());
    for row in &table.rows {
        text.push('\n');
        text.push_str(&line(row.cells.iter().map(Cell::as_text).collect()));
    }
    text
}

/// Every row with its number in the table.
#[must_use]
pub fn lines(
    table: &Table,
    areas: &[(AreaId, String)],
    municipality: &str,
    today: NaiveDate,
) -> Vec<(usize, Line)> {
    let mapping = mapping(table);
    mapping
        .rows(table)
        .map(|row| (row.number(), line(&row, areas, municipality, today)))
        .collect()
}

fn line(row: &Row, areas: &[(AreaId, String)], municipality: &str, today: NaiveDate) -> Line {
    let text = |key: &str| row.text(key).trim().to_owned();
    let kind = text("kind");
    if kind.is_empty() || kind.chars().count() > 40 {
        return Err("「種類」は1文字以上40文字までで書いてください。".into());
    }
    let as_of = parse_date(&text("as_of"), today).map_err(|e| format!("「時点」: {e}"))?;
    let said = match text("sure").as_str() {
        "" => None,
        word => Some(
            Sure::ALL
                .into_iter()
                .find(|s| s.label() == word || s.label().starts_with(word))
                .ok_or_else(|| format!("「確かさ」の「{word}」がわかりません。確かな数、約、推計、不明、未集計のどれかで書いてください。"))?,
        ),
    };
    let (sure, number, unit) = rules::read(&kind, &text("number"), &text("unit"), said)
        .map_err(|e| format!("「数」: {e}"))?;
    let figure = Figure {
        area: area(&text("area"), areas, municipality)?,
        kind,
        as_of,
        sure,
        number,
        unit: unit.chars().take(20).collect(),
        source: text("source").chars().take(200).collect(),
        note: text("note").chars().take(500).collect(),
    };
    rules::check(&figure, today)?;
    Ok(figure)
}

/// A registered area by its name; the whole by the words for it.
fn area(
    name: &str,
    areas: &[(AreaId, String)],
    municipality: &str,
) -> Result<Option<AreaId>, String> {
    let whole = [
        "",
        "全体",
        "全域",
        "市全体",
        "町全体",
        "村全体",
        "区全体",
        "総数",
        "計",
        "合計",
    ];
    if whole.contains(&name) || name == municipality {
        return Ok(None);
    }
    areas
        .iter()
        .find(|(_, known)| known == name)
        .map(|(id, _)| Some(*id))
        .ok_or_else(|| {
            format!("「区域」の「{name}」は圏域に登録されていません。「機関・職員」の圏域に登録するか、登録した名前に合わせてください。")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_table_becomes_figures_or_reasons() {
        let east = (AreaId::new(), "東地区".to_owned());
        let text = "種類\t地区\t時点\t数\t単位\t出典\n高齢化率\t東地区\tR8.4.1\t50\t%\t住民基本台帳\n高齢化率\t全体\t令和8年4月1日\t25％\t\t住民基本台帳\n人口\t北の里\tR8.4.1\t1\t\t\n人口\t\t2040-10-01\t40,000\t人\t社人研";
        let table = table(text.as_bytes(), "貼り付け.tsv").unwrap();
        let lines = lines(
            &table,
            std::slice::from_ref(&east),
            "縁側市",
            "2026-11-22".parse().unwrap(),
        );
        let first = lines[0].1.as_ref().unwrap();
        assert_eq!((first.area, first.shown().as_str()), (Some(east.0), "50%"));
        assert_eq!(lines[1].1.as_ref().unwrap().area, None);
        assert!(lines[2].1.as_ref().unwrap_err().contains("北の里"));
        assert!(lines[3].1.as_ref().unwrap_err().contains("推計"));
        let again = super::table(as_text(&table).as_bytes(), "貼り付け.tsv").unwrap();
        assert_eq!(again, table);
    }

    #[test]
    fn a_table_without_its_columns_is_refused() {
        let said = table("名前\t年齢\n見本\t3".as_bytes(), "x.tsv").unwrap_err();
        assert!(said.contains("種類"), "{said}");
    }
}
