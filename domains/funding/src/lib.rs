//! 財源・契約: what each activity is paid from, and what contracts and subsidies promise and deliver.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | activities and their sources, year by year (FND-01) |
//! | [`contract`] | contracts, parties, cost lines, deliverables, claims (FND-07) |
//! | [`rules`] | who writes and reads, which state follows which, who checks a claim |
//! | [`words`] | the words for the plan sheet, amounts that nobody knows |
//! | [`store`] | every SQL statement |
//! | `screens` | one file per URL under `/funding` |
//! | [`paper`], `screens/excel.rs` | the report of a contract on paper, the ledger as a workbook |
//! | `api` | the same as JSON |
//!
//! No case facts lie here. Planners (administrators and coordinators) write. Everybody reads which
//! source is how far; amounts are the planners'. A contractor's staff read the contracts of their own
//! body and report what was delivered, and nothing of another contractor.

mod api;
pub mod contract;
pub mod model;
pub mod paper;
pub mod rules;
mod screens;
pub mod store;
pub mod words;

use std::collections::HashMap;

use axum::Router;
use engawa_kernel::{
    context::{Ctx, Engine},
    db::{Conn, Tx},
    error::Result,
    id::BodyId,
    text::fiscal::FiscalYear,
};
use engawa_organisations::codes::{self, CodeList};

use model::{Cost, Kind, Scheme, Source, State};

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> utoipa_axum::router::OpenApiRouter<Engine> {
    api::routes()
}

/// The words of a plan sheet's 財源 field, out of the ledger; empty when it says nothing.
///
/// # Errors
/// The database refuses.
pub async fn sheet_words(
    conn: &mut Conn,
    ctx: &Ctx,
    programme: Scheme,
    year: FiscalYear,
) -> Result<String> {
    let years = store::activity::of_year(conn, ctx, year).await?;
    Ok(words::of_sheet(programme, &years))
}

/// The words of a plan sheet's ① 実施主体（委託先）, out of the contracts; empty when there is none.
///
/// # Errors
/// The database refuses.
pub async fn implementer_words(
    conn: &mut Conn,
    ctx: &Ctx,
    programme: Scheme,
    year: FiscalYear,
) -> Result<String> {
    let contracts = store::contract::list(conn, ctx, year).await?;
    let labels = codes::load(conn, ctx, &[CodeList::ContractMode]).await?;
    let names: HashMap<BodyId, String> = engawa_organisations::bodies(conn, ctx)
        .await?
        .into_iter()
        .collect();
    let worded: Vec<words::Worded> = contracts
        .iter()
        .map(|c| words::Worded {
            contract: &c.it,
            mode: labels.label(CodeList::ContractMode, &c.it.mode),
            bodies: c
                .it
                .parties
                .iter()
                .map(|p| names.get(&p.body).map_or("", String::as_str))
                .collect(),
        })
        .collect();
    Ok(words::implementer(
        &ctx.municipality_name,
        programme,
        year,
        &worded,
    ))
}

/// A source that a plan sheet names and a person has confirmed: being considered this year, for an
/// activity that is called like the programme. One of that name stays as it is.
///
/// # Errors
/// [`engawa_kernel::error::Error::Forbidden`] for who does not plan.
pub async fn from_sheet(
    tx: &mut Tx,
    ctx: &Ctx,
    programme: Scheme,
    name: &str,
    note: &str,
) -> Result<()> {
    let year = FiscalYear::of(ctx.today());
    let activity = store::activity::named(tx, ctx, programme, programme.label()).await?;
    let known = store::activity::in_year(tx, ctx, activity, year).await?;
    if known.sources.iter().any(|s| s.it.name == name) {
        return Ok(());
    }
    let source = Source {
        year,
        kind: Kind::of_words(name),
        name: name.to_owned(),
        cost: Cost::Undivided,
        state: State::Considering,
        amount: None,
        received_on: None,
        report: String::new(),
        note: note.to_owned(),
    };
    store::source::save(tx, ctx, activity, None, &source).await?;
    Ok(())
}
