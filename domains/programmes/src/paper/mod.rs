//! The sheet on the national form, for A4.

mod figures;

pub use figures::{FigurePage, FiguresPage, OtherPage};

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

use crate::{
    form::{Block, Field, PARTS},
    model::{BlockState, Content, FieldState, Sheet, Version, VersionState},
    results::{Line, Results},
};

/// What the template draws.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SheetPage {
    /// 令和8年度
    pub year: String,
    /// 第2版（令和8年4月1日承認）
    pub version: String,
    /// Not approved: said on the first page.
    pub draft: bool,
    /// 都道府県名
    pub prefecture: String,
    /// 市区町村名
    pub municipality: String,
    /// The three programmes with their ○.
    pub programmes: Vec<Mark>,
    /// Blocks 1-1 to 9.
    pub blocks: Vec<BlockPage>,
}

/// A programme and its ○.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Mark {
    /// 地域力強化推進事業
    pub name: String,
    /// Whether it carries the ○.
    pub marked: bool,
    /// Where it stands, when that is more than the ○ says.
    pub state: String,
}

/// A block of the form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BlockPage {
    /// 3 地域力強化推進事業
    pub title: String,
    /// Its headings.
    pub parts: Vec<PartPage>,
}

/// A heading with its boxes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PartPage {
    /// As printed; empty: none.
    pub heading: String,
    /// Boxes beside each other (figures) instead of below.
    pub short: bool,
    /// The boxes.
    pub fields: Vec<FieldPage>,
}

/// A box.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FieldPage {
    /// Its label.
    pub label: String,
    /// What it says.
    pub text: String,
    /// 時点・注
    pub note: String,
    /// 前年度の目標と実績, below a goal box.
    pub results: Option<ResultTable>,
}

/// 前年度の目標と実績
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResultTable {
    /// 令和7年度の目標と実績（令和8年3月31日まで）
    pub title: String,
    /// One goal each.
    pub rows: Vec<ResultRow>,
}

/// A goal of the year before.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResultRow {
    /// In words.
    pub goal: String,
    /// What was promised.
    pub target: String,
    /// What happened.
    pub actual: String,
    /// How it was judged, and what shows it.
    pub look: String,
    /// What is promised now.
    pub next: String,
}

impl Page for SheetPage {
    const FORM: Form = Form {
        name: "plan-sheet",
        source: include_str!("../../print/plan-sheet.typ"),
    };
}

impl SheetPage {
    /// The page of a version; `day` writes a day as the reader likes it.
    #[must_use]
    pub fn of(
        sheet: &Sheet,
        version: &Version,
        content: &Content,
        results: Option<&Results>,
        day: impl Fn(chrono::NaiveDate) -> String,
    ) -> Self {
        let approved = version
            .approved
            .map(|(_, at)| format!("（{}承認）", day(engawa_kernel::clock::local(at).date())));
        let programmes = Block::PROGRAMMES
            .into_iter()
            .map(|block| {
                let state = content
                    .blocks
                    .get(&block)
                    .map_or(BlockState::Absent, |b| b.state);
                Mark {
                    name: name_of(block),
                    marked: marked(state),
                    state: match state {
                        BlockState::Absent | BlockState::Marked => String::new(),
                        state => state.label().to_owned(),
                    },
                }
            })
            .collect();
        let blocks = Block::ALL
            .into_iter()
            .filter(|block| *block != Block::Head && printed(content, *block))
            .map(|block| BlockPage {
                title: block.label().to_owned(),
                parts: PARTS
                    .iter()
                    .filter(|part| part.block == block)
                    .map(|part| PartPage {
                        heading: part.heading.to_owned(),
                        short: part.fields.iter().all(|f| f.is_short()),
                        fields: part
                            .fields
                            .iter()
                            .map(|f| field(content, results, *f, &day))
                            .collect(),
                    })
                    .collect(),
            })
            .collect();
        Self {
            year: sheet.year.label(),
            version: format!("第{}版{}", version.number, approved.unwrap_or_default()),
            draft: version.state == VersionState::Draft,
            prefecture: content.shown(Field::Prefecture).to_owned(),
            municipality: content.shown(Field::Municipality).to_owned(),
            programmes,
            blocks,
        }
    }
}

/// Whether the form carries a ○ for a programme in this state.
fn marked(state: BlockState) -> bool {
    matches!(
        state,
        BlockState::Marked | BlockState::NoBudget | BlockState::NoSubsidy
    )
}

fn name_of(block: Block) -> String {
    let label = block.label();
    label
        .split_once(' ')
        .map_or(label, |(_, name)| name)
        .to_owned()
}

/// Blocks that are not carried out and say nothing are left out, and so are empty attachments.
fn printed(content: &Content, block: Block) -> bool {
    let says = block.fields().any(|f| !content.shown(f).is_empty());
    let state = content
        .blocks
        .get(&block)
        .map_or(BlockState::Absent, |b| b.state);
    match block {
        Block::Community | Block::MultiAgency | Block::Prefectural => {
            says || state != BlockState::Absent
        }
        Block::Attachments => says,
        _ => true,
    }
}

fn field(
    content: &Content,
    results: Option<&Results>,
    field: Field,
    day: impl Fn(chrono::NaiveDate) -> String,
) -> FieldPage {
    let value = content.fields.get(&field);
    let unit = value.map_or("", |v| {
        // The form prints the unit behind a bare figure.
        let bare = v.state == FieldState::Value && v.unit.is_empty() && !v.number.is_empty();
        if bare { field.printed_unit() } else { "" }
    });
    let mut note = value
        .and_then(|v| v.as_of)
        .map(|on| format!("{}時点", day(on)))
        .unwrap_or_default();
    if let Some(v) = value.filter(|v| !v.note.is_empty()) {
        if !note.is_empty() {
            note.push('　');
        }
        note.push_str(&v.note);
    }
    FieldPage {
        label: field.label().to_owned(),
        text: format!("{}{unit}", content.shown(field)),
        note,
        results: results.and_then(|r| table(r, field, &day)),
    }
}

fn table(
    results: &Results,
    field: Field,
    day: impl Fn(chrono::NaiveDate) -> String,
) -> Option<ResultTable> {
    let rows: Vec<ResultRow> = results.of(field).map(row).collect();
    (!rows.is_empty()).then(|| ResultTable {
        title: format!(
            "{}の目標と実績（実績は{}まで）",
            results.year_label(),
            day(results.until)
        ),
        rows,
    })
}

fn row(line: &Line) -> ResultRow {
    let beside = |words: &str, aside: &str| match (words, aside) {
        (words, "") => words.to_owned(),
        (words, aside) => format!("{words}（{aside}）"),
    };
    let actual = if line.actual.is_empty() {
        "数えない"
    } else {
        &line.actual
    };
    let look: Vec<&str> = [line.rating.as_str(), line.evidence.as_str()]
        .into_iter()
        .filter(|w| !w.is_empty())
        .collect();
    ResultRow {
        goal: line.goal.clone(),
        target: line.target.clone(),
        actual: beside(actual, &line.standing),
        look: look.join("。"),
        next: line.next.clone(),
    }
}
