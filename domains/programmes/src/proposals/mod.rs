//! What a plan sheet proposes for the municipality's registers: 圏域, 機関, 窓口, 推進員, linked
//! programmes, goals, funds, and for later domains meetings and places. Each with the words it comes
//! from; nothing enters before a person takes it.
//!
//! | file | finds |
//! |---|---|
//! | `areas.rs` | 対象地域, its range, counted or listed units |
//! | `bodies.rs` | legal forms, 社会福祉協議会 and other names of bodies |
//! | `desks.rs` | 地域包括, 自立相談, where consultations are taken in, where 推進員 sit |
//! | `around.rs` | 推進員, linked programmes, meetings, places, funds |
//! | `goals.rs` | goals one by one, with the figure in each |
//! | `words.rs` | how lists and names are written |
//! | `take.rs` | what becomes of one that a person takes |
//!
//! It reasons about the form and the language, never about a place.

mod areas;
mod around;
mod bodies;
mod desks;
mod goals;
mod take;
mod words;

use engawa_kernel::{code_enum, context::Ctx, db::Tx, error::Result, id_type};
use engawa_plansheet::PlanSheet;

use crate::{
    form::{self, Field},
    model::UploadId,
    store::proposal,
};

pub use take::{Correction, Decision, decide};

id_type!(/// 登録案
    ProposalId);

code_enum! {
    /// What is proposed.
    pub enum Kind {
        /// 圏域
        Area = "area", "圏域";
        /// 機関・法人
        Body = "body", "機関・法人";
        /// 窓口
        Desk = "desk", "窓口";
        /// 相談支援包括化推進員
        Coordinator = "coordinator", "推進員";
        /// 連携する法定事業等
        Link = "link", "連携する事業";
        /// 成果目標
        Goal = "goal", "成果目標";
        /// 会議 (kept for the domain that will hold meetings)
        Meeting = "meeting", "会議";
        /// 拠点 (kept)
        Place = "place", "拠点";
        /// 財源
        Fund = "fund", "財源";
    }
}

code_enum! {
    /// What became of it.
    pub enum State {
        /// Nobody has decided.
        Open = "open", "未確認";
        /// Entered, or kept for a later domain.
        Taken = "taken", "採用";
        /// Not wanted.
        Refused = "refused", "不採用";
    }
}

/// Something found in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Its name; empty where the sheet only counts.
    pub name: String,
    /// Of the code list of its kind: kind of area or body, function of a desk, statutory programme.
    pub code: String,
    /// Whose: who runs a desk or place, at which desk 推進員 sit; how often a meeting is held.
    pub body: String,
    /// Code of the list of contract modes.
    pub mode: String,
    /// A figure.
    pub number: String,
    /// Its unit.
    pub unit: String,
    /// What a person should know.
    pub note: String,
    /// Where the words stand.
    pub field: Field,
    /// The words.
    pub words: String,
}

impl Found {
    fn new(kind: Kind, name: impl Into<String>, field: Field, words: &str) -> Self {
        let name: String = name.into();
        // A goal keeps its words; a name is as long as the registers take.
        let longest = if kind == Kind::Goal { 2000 } else { 100 };
        Self {
            kind,
            name: name.chars().take(longest).collect(),
            code: String::new(),
            body: String::new(),
            mode: String::new(),
            number: String::new(),
            unit: String::new(),
            note: String::new(),
            field,
            words: words.chars().take(1000).collect(),
        }
    }
    fn code(mut self, code: &str) -> Self {
        self.code = code.to_owned();
        self
    }
    fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
    fn counted(mut self, number: &str, unit: &str) -> Self {
        number.clone_into(&mut self.number);
        unit.clone_into(&mut self.unit);
        self
    }
}

/// One stored proposal.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// What was found, with corrections once it is taken.
    pub found: Found,
    /// What became of it.
    pub state: State,
    /// For deciding on what one saw.
    pub version: i64,
}

/// Most proposals of one sheet: more than any real one holds.
const MOST: usize = 400;

/// The words of a sheet's fields.
pub(crate) struct Words {
    fields: Vec<(Field, String)>,
    /// 縁側市
    pub home: String,
}

impl Words {
    fn of(sheet: &PlanSheet) -> Self {
        let fields = form::of_sheet(sheet)
            .fields
            .into_iter()
            .map(|(field, value)| (field, value.text))
            .collect();
        let home = sheet
            .municipality
            .clone()
            .or_else(|| sheet.prefecture.clone())
            .unwrap_or_default();
        Self { fields, home }
    }

    pub(crate) fn text(&self, field: Field) -> &str {
        self.fields
            .iter()
            .find(|(known, _)| *known == field)
            .map_or("", |(_, text)| text)
    }
}

/// Everything that a sheet proposes, in the order in which it is taken: areas and bodies before the
/// desks that need them.
#[must_use]
pub fn find(sheet: &PlanSheet) -> Vec<Found> {
    let words = Words::of(sheet);
    let mut all = areas::find(&words);
    all.extend(bodies::find(&words));
    all.extend(desks::find(&words));
    all.extend(around::find(&words));
    all.extend(goals::find(&words));
    let mut once: Vec<Found> = Vec::new();
    for found in all {
        let again = once.iter().any(|o| {
            o.kind == found.kind
                && o.name == found.name
                && (found.kind != Kind::Goal || o.field.block() == found.field.block())
                && (!found.name.is_empty() || (o.code == found.code && o.mode == found.mode))
        });
        if !again {
            once.push(found);
        }
    }
    once.truncate(MOST);
    once
}

/// Keeps what a sheet proposes until somebody decides; what an earlier sheet proposed under the same
/// name is not asked again. Tells how many are new.
///
/// # Errors
/// The database refuses.
pub async fn keep(tx: &mut Tx, ctx: &Ctx, upload: UploadId, sheet: &PlanSheet) -> Result<usize> {
    let known = proposal::names(tx, ctx).await?;
    let new: Vec<Found> = find(sheet)
        .into_iter()
        .filter(|f| f.name.is_empty() || !known.contains(&(f.kind, f.name.clone())))
        .collect();
    proposal::keep(tx, ctx, upload, &new).await?;
    Ok(new.len())
}
