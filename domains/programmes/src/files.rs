//! 別紙・図・根拠資料: whose files they are, who may see them, who may change them.
//!
//! A version of a sheet has files in each block; an approved version keeps exactly its own, the next
//! one starts with the same. A goal has evidence for each year. What is not marked for publication is
//! seen by the planners only, like the careers in a sheet.

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx},
    error::{Error, Result},
    files::{self, Attachment, AttachmentId, Checked, Label, Owner, OwnerKind},
    text::fiscal::FiscalYear,
};
use serde_json::json;

use crate::{
    form::Block,
    goals::{GoalId, Kept},
    model::{Sheet, VersionId},
    rules,
    store::{goal, sheet, write},
};

const SHEET: &str = "programme_version";
const GOAL: &str = "programme_goal";

/// Records of this domain that files are attached to.
pub const OWNERS: [OwnerKind; 2] = [
    OwnerKind {
        code: SHEET,
        may_see: |conn, ctx, file| Box::pin(may_see_of_sheet(conn, ctx, file)),
    },
    OwnerKind {
        code: GOAL,
        may_see: |conn, ctx, file| Box::pin(may_see_of_goal(conn, ctx, file)),
    },
];

/// Where a file stands: in a block of a version, or with a year of a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// In a block of a version.
    Block(VersionId, Block),
    /// With the look back on a year.
    Year(GoalId, FiscalYear),
}

impl Spot {
    /// Whose its files are.
    #[must_use]
    pub const fn owner(self) -> Owner {
        match self {
            Self::Block(version, _) => Owner {
                kind: SHEET,
                id: version.0,
            },
            Self::Year(goal, _) => Owner {
                kind: GOAL,
                id: goal.0,
            },
        }
    }

    /// Where in the owner.
    #[must_use]
    pub fn place(self) -> String {
        match self {
            Self::Block(_, block) => block.as_code().to_owned(),
            Self::Year(_, year) => year.year().to_string(),
        }
    }
}

async fn may_see_of_sheet(conn: &mut Conn, ctx: &Ctx, file: &Attachment) -> Result<()> {
    sheet::may_read_version(conn, ctx, VersionId(file.owner_id)).await?;
    published(ctx, file)
}

async fn may_see_of_goal(conn: &mut Conn, ctx: &Ctx, file: &Attachment) -> Result<()> {
    goal::one(conn, ctx, GoalId(file.owner_id)).await?;
    published(ctx, file)
}

fn published(ctx: &Ctx, file: &Attachment) -> Result<()> {
    if file.label.publish || rules::plans(ctx) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// A file of a version with its number: 別紙1 is the first of the sheet, whoever reads it.
pub type Numbered = (usize, Attachment);

/// The files of a version that the reader may see; `public`: only what may be published.
///
/// # Errors
/// The database refuses.
pub async fn of_version(
    conn: &mut Conn,
    ctx: &Ctx,
    version: VersionId,
    public: bool,
) -> Result<Vec<Numbered>> {
    let owner = Spot::Block(version, Block::Head).owner();
    let all = files::held(conn, ctx, owner).await?;
    let seen = |a: &Attachment| a.label.publish || (rules::plans(ctx) && !public);
    Ok((1..).zip(all).filter(|(_, a)| seen(a)).collect())
}

/// The evidence of goals that the reader may see, of all their years.
///
/// # Errors
/// The database refuses.
pub async fn of_goals(conn: &mut Conn, ctx: &Ctx, goals: &[Kept]) -> Result<Vec<Attachment>> {
    let ids: Vec<_> = goals.iter().map(|g| g.id.0).collect();
    let mut all = files::held_by(conn, ctx, GOAL, &ids).await?;
    all.retain(|a| published(ctx, a).is_ok());
    Ok(all)
}

/// Whether a file is the evidence of this year of this goal.
#[must_use]
pub fn is_evidence(file: &Attachment, of: GoalId, year: FiscalYear) -> bool {
    file.owner_id == of.0 && file.place == year.year().to_string()
}

/// The block that a version's file stands in.
#[must_use]
pub fn block(file: &Attachment) -> Block {
    Block::from_code(&file.place).unwrap_or(Block::Attachments)
}

/// Where a file stands; none when it is no file of this domain.
#[must_use]
pub fn spot(file: &Attachment) -> Option<Spot> {
    match file.owner_kind.as_str() {
        SHEET => Some(Spot::Block(VersionId(file.owner_id), block(file))),
        GOAL => Some(Spot::Year(GoalId(file.owner_id), file.place.parse().ok()?)),
        _ => None,
    }
}

/// What is changed about the files of a spot.
#[derive(Debug, Clone)]
pub enum Change {
    /// A file more.
    Add(Label, Box<Checked>),
    /// Other words about a file, on top of the version seen.
    Say(AttachmentId, Label, i64),
    /// A file less, on top of the version seen.
    Remove(AttachmentId, i64),
}

/// Changes the files of a draft. Counts as writing the draft: the writer does not approve it, and an
/// approval that did not see it is refused.
///
/// # Errors
/// [`Error::Invalid`] on an approved version; [`Error::NotFound`] for a file of another spot;
/// [`Error::Changed`] when somebody changed the file in between.
pub async fn change_sheet(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    block: Block,
    change: &Change,
) -> Result<()> {
    let version = write::open_draft(tx, ctx, sheet).await?;
    apply(tx, ctx, Spot::Block(version, block), change).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.files")
            .detail(json!({ "sheet": sheet.id, "version": version, "block": block })),
    )
    .await
}

/// Changes the evidence of a year of a goal.
///
/// # Errors
/// As [`change_sheet`]; [`Error::Forbidden`] for who does not plan.
pub async fn change_goal(
    tx: &mut Tx,
    ctx: &Ctx,
    id: GoalId,
    of: FiscalYear,
    change: &Change,
) -> Result<()> {
    rules::need_planner(ctx)?;
    goal::within(&goal::one(tx, ctx, id).await?, of)?;
    apply(tx, ctx, Spot::Year(id, of), change).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.evidence").detail(json!({ "goal": id, "year": of.year() })),
    )
    .await
}

async fn apply(tx: &mut Tx, ctx: &Ctx, spot: Spot, change: &Change) -> Result<()> {
    match change {
        Change::Add(label, file) => {
            files::add(tx, ctx, spot.owner(), &spot.place(), label, file).await?;
        }
        Change::Say(id, label, seen) => {
            at(tx, ctx, spot, *id).await?;
            files::change(tx, ctx, *id, label, *seen).await?;
        }
        Change::Remove(id, seen) => {
            at(tx, ctx, spot, *id).await?;
            files::remove(tx, ctx, *id, *seen).await?;
        }
    }
    Ok(())
}

/// A file of this spot.
///
/// # Errors
/// [`Error::NotFound`] when it is another's.
pub async fn at(conn: &mut Conn, ctx: &Ctx, spot: Spot, id: AttachmentId) -> Result<Attachment> {
    let file = files::one(conn, ctx, id).await?;
    let owner = spot.owner();
    let same = file.owner_kind == owner.kind && file.owner_id == owner.id;
    if same && file.place == spot.place() {
        Ok(file)
    } else {
        Err(Error::NotFound)
    }
}

/// The next version, or next year's sheet, starts with the files of this version.
///
/// # Errors
/// The database refuses.
pub async fn carry_on(tx: &mut Tx, ctx: &Ctx, from: VersionId, to: VersionId) -> Result<()> {
    let of = |version| Spot::Block(version, Block::Head).owner();
    files::carry_on(tx, ctx, of(from), of(to)).await
}
