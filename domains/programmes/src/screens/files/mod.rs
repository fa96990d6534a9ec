//! 別紙・図・根拠資料, the same screens for both that have files:
//! `/programmes/{sheet}/files/{block}` and `/programmes/goals/{goal}/years/{year}/files`.

mod add;
mod one;

use axum::{Router, routing::get};
use engawa_kernel::{
    components::{TagKind, list_table, tag},
    context::{Ctx, Engine},
    db::{Conn, Tx},
    error::{Error, Result},
    files::{Attachment, Class, Label},
    form::Form,
    http::id,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::{goals::ABOVE, parts::trail};
use crate::{
    files::{self, Change, Spot},
    form::Block,
    goals::Kept,
    model::{Sheet, SheetId, Version},
    rules,
    store::{goal, sheet},
};

/// All addresses.
pub(super) fn routes() -> Router<Engine> {
    Router::new()
        .route(
            "/programmes/{sheet}/files/{block}",
            get(add::of_sheet).post(add::to_sheet),
        )
        .route(
            "/programmes/{sheet}/files/{block}/{file}",
            get(one::of_sheet).post(one::say_sheet),
        )
        .route(
            "/programmes/{sheet}/files/{block}/{file}/remove",
            get(one::ask_sheet).post(one::off_sheet),
        )
        .route(
            "/programmes/goals/{goal}/years/{year}/files",
            get(add::of_goal).post(add::to_goal),
        )
        .route(
            "/programmes/goals/{goal}/years/{year}/files/{file}",
            get(one::of_goal).post(one::say_goal),
        )
        .route(
            "/programmes/goals/{goal}/years/{year}/files/{file}/remove",
            get(one::ask_goal).post(one::off_goal),
        )
}

/// Whose files a page is about.
pub(super) enum Holder {
    /// A block of a sheet's newest version.
    Sheet(Sheet, Version, Block),
    /// A year of a goal.
    Goal(Box<Kept>, FiscalYear),
}

impl Holder {
    async fn sheet(conn: &mut Conn, ctx: &Ctx, of: &str, block: &str) -> Result<Self> {
        let known = sheet::sheet(conn, ctx, id::<SheetId>(of)?).await?;
        let block = Block::from_code(block).ok_or(Error::NotFound)?;
        sheet::need_own(ctx, &known)?;
        let newest = sheet::newest(conn, known.id).await?;
        Ok(Self::Sheet(known, newest, block))
    }

    async fn goal(conn: &mut Conn, ctx: &Ctx, of: &str, when: &str) -> Result<Self> {
        rules::need_planner(ctx)?;
        let when = id::<FiscalYear>(when)?;
        let known = goal::one(conn, ctx, id(of)?).await?;
        goal::within(&known, when)?;
        Ok(Self::Goal(Box::new(known), when))
    }

    fn spot(&self) -> Spot {
        match self {
            Self::Sheet(_, version, block) => Spot::Block(version.id, *block),
            Self::Goal(known, year) => Spot::Year(known.id, *year),
        }
    }

    /// The page with its files.
    fn address(&self) -> String {
        match self {
            Self::Sheet(sheet, _, block) => {
                format!("/programmes/{}/files/{}", sheet.id, block.as_code())
            }
            Self::Goal(known, year) => format!("{}/files", look(known, *year)),
        }
    }

    fn draft_key(&self) -> String {
        self.address().trim_start_matches('/').to_owned()
    }

    /// Whether files may be added and taken off now.
    fn is_open(&self) -> bool {
        match self {
            Self::Sheet(_, version, _) => sheet::is_draft(version),
            Self::Goal(..) => true,
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Sheet(_, _, block) => format!("「{}」の別紙・図", block.label()),
            Self::Goal(_, year) => format!("{}の根拠資料", year.label()),
        }
    }

    fn trail(&self) -> Markup {
        match self {
            Self::Sheet(sheet, _, block) => {
                let to = format!("/programmes/{}#b{}", sheet.id, block.as_code());
                trail(&[(&to, &sheet.title())])
            }
            Self::Goal(known, year) => {
                let to = look(known, *year);
                trail(&[ABOVE, (&to, &format!("{}の振り返り", year.label()))])
            }
        }
    }

    async fn held(&self, conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Attachment>> {
        let mut all = match self {
            Self::Sheet(_, version, _) => files::of_version(conn, ctx, version.id, false)
                .await?
                .into_iter()
                .map(|(_, file)| file)
                .collect(),
            Self::Goal(known, _) => files::of_goals(conn, ctx, std::slice::from_ref(known)).await?,
        };
        all.retain(|file| file.place == self.spot().place());
        Ok(all)
    }

    async fn change(&self, tx: &mut Tx, ctx: &Ctx, change: &Change) -> Result<()> {
        match self {
            Self::Sheet(sheet, _, block) => {
                files::change_sheet(tx, ctx, sheet, *block, change).await
            }
            Self::Goal(known, year) => files::change_goal(tx, ctx, known.id, *year, change).await,
        }
    }
}

fn look(known: &Kept, year: FiscalYear) -> String {
    format!("/programmes/goals/{}/years/{}", known.id, year.year())
}

const PUBLISH: &[(&str, &str)] = &[
    (
        "yes",
        "公表してよい（計画を読む人みんなと、公表用の印刷に出る）",
    ),
    ("no", "公表しない（計画を書く人だけが見る）"),
];

/// What was said about a file.
fn label(form: &mut Form) -> Option<Label> {
    let caption = form.text("caption", "説明", engawa_kernel::files::CAPTION, true);
    let class = form
        .choice("class", "種類", Class::OPTIONS, true)
        .and_then(|code| Class::from_code(&code));
    let publish = form.choice("publish", "公表", PUBLISH, true)?;
    Some(Label {
        caption,
        class: class?,
        publish: publish == "yes",
    })
    .filter(|_| !form.has_errors())
}

/// A file's caption as a link to it, with what it is.
pub(super) fn link(number: Option<usize>, file: &Attachment) -> Markup {
    html! {
        a href={ "/files/" (file.id) } {
            @if let Some(number) = number { "別紙" (number) "　" }
            (file.label.caption)
        }
        " （" (file.media.label()) "・" (file.size_label()) "）"
        @if !file.label.publish { " " (tag(TagKind::Alert, "公表しない")) }
    }
}

/// Evidence below its words; nothing when there is none.
pub(super) fn evidence(all: &[Attachment], known: &Kept, year: FiscalYear) -> Markup {
    let mut here = all
        .iter()
        .filter(|f| files::is_evidence(f, known.id, year))
        .peekable();
    html! {
        @if here.peek().is_some() { ul { @for file in here { li { (link(None, file)) } } } }
    }
}

/// The files of a spot; with an address, each with the way to change it.
fn list(files: &[Attachment], at: Option<&str>) -> Markup {
    let rows: Vec<Vec<Markup>> = files
        .iter()
        .map(|file| {
            let mut row = vec![
                html! { (link(None, file)) p.hint { (file.name) } },
                html! { (file.label.class.label()) },
            ];
            if let Some(at) = at {
                row.push(html! {
                    a href={ (at) "/" (file.id) } { "説明・公表を直す" span.visually-hidden { "（" (file.label.caption) "）" } }
                    br;
                    a href={ (at) "/" (file.id) "/remove" } { "外す" span.visually-hidden { "（" (file.label.caption) "）" } }
                });
            }
            row
        })
        .collect();
    let heads = ["ファイル", "種類", "直す"];
    html! {
        @if files.is_empty() { p { "まだ付いていません。" } }
        @else { (list_table(if at.is_some() { &heads } else { &heads[..2] }, &rows, "付いているファイル")) }
    }
}
