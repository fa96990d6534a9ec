//! Puts the house together: the engine from a data folder, and the router from all domains.

use axum::{Router, extract::State, middleware, response::Redirect, routing::get};
use engawa_kernel::{
    access::Duty,
    assets,
    audit::Signer,
    clock::Clock,
    context::{Ctx, Engine, EngineParts},
    db::Db,
    drafts,
    error::{Error, Result},
    files, http, migrate,
    source::EventSource,
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{Place, openapi};

/// The menu: path, label, the duty that one needs to see it.
const MENU: &[(&str, &str, Option<Duty>)] = &[
    ("/today", "きょう", None),
    ("/consultations", "相談受付", Some(Duty::Receive)),
    ("/cases", "ケース", Some(Duty::WorkCase)),
    ("/referrals", "つなぐ", Some(Duty::WorkCase)),
    ("/statistics", "統計", Some(Duty::ReadFigures)),
    ("/indicators", "指標", Some(Duty::ReadFigures)),
    ("/programmes", "実施計画", None),
    ("/organisations", "機関・職員", None),
    (
        "/people/protections",
        "秘匿の管理",
        Some(Duty::DecideProtection),
    ),
    ("/referrals/peers", "相手の自治体", Some(Duty::Configure)),
    ("/accounts", "職員のアカウント", Some(Duty::ManageStaff)),
    ("/ledgers", "台帳の取り込み", Some(Duty::ImportLedger)),
    ("/rooms/audit", "監査記録", Some(Duty::ReadLog)),
];

/// What can be counted.
const SOURCES: &[&[EventSource]] = &[
    engawa_consultations::figures::SOURCES,
    engawa_cases::figures::SOURCES,
    engawa_referrals::figures::SOURCES,
];

/// Opens the data folder and brings its database to the newest version.
///
/// # Errors
/// The folder or the database cannot be opened, or was made by a newer Engawa.
pub async fn open(place: &Place) -> Result<Engine> {
    open_for(place, None, None).await
}

/// As [`open`], for `serve`: with the address at which people open Engawa and the one that its
/// mails come from.
///
/// # Errors
/// As [`open`].
pub async fn open_for(
    place: &Place,
    public_url: Option<String>,
    mail_from: Option<String>,
) -> Result<Engine> {
    std::fs::create_dir_all(&place.data).map_err(|e| {
        Error::Invalid(format!(
            "データフォルダ {} を作れません({e})。",
            place.data.display()
        ))
    })?;
    let db = match &place.database {
        Some(url) => Db::postgres(url).await?,
        None => Db::sqlite(&place.data.join("engawa.sqlite")).await?,
    };
    migrate::run(&db, None).await?;
    let engine = Engine::new(EngineParts {
        db,
        clock: Clock::system(),
        signer: Signer::in_folder(&place.data)?,
        data: place.data.clone(),
        menu: MENU.to_vec(),
        panels: vec![engawa_referrals::panel],
        printer: std::sync::Arc::new(engawa_press::Apart::new(own_program()?)),
        sources: SOURCES.iter().copied().flatten().collect(),
        public_url,
        mail_from,
        kept: engawa_kernel::kept::Kept::default(),
    })
    .following(engawa_cases::on_handover)
    .attaching(&engawa_programmes::files::OWNERS);
    engawa_cases::catch_up(&engine).await?;
    Ok(engine)
}

/// This program, to be started again for printing.
fn own_program() -> Result<std::path::PathBuf> {
    // On Linux by this name, which still leads to it after an update has put another in its place.
    let here = std::path::Path::new("/proc/self/exe");
    if here.exists() {
        return Ok(here.to_owned());
    }
    std::env::current_exe().map_err(|e| Error::Internal(e.to_string()))
}

/// Every screen and every endpoint, behind the session, the form check and the headers.
pub fn router(engine: Engine) -> Router {
    let (api, document) = openapi::api();
    let screens = Router::new()
        .route("/", get(|_: Ctx| async { Redirect::to("/today") }))
        .merge(drafts::routes())
        .merge(files::routes())
        .merge(engawa_organisations::routes())
        .merge(engawa_people::routes())
        .merge(engawa_rooms::routes())
        .merge(engawa_consultations::routes())
        .merge(engawa_cases::routes())
        .merge(engawa_referrals::routes())
        .merge(engawa_referrals::reply_routes())
        .merge(engawa_indicators::routes())
        .merge(engawa_programmes::routes())
        .merge(engawa_funding::routes())
        .merge(engawa_roadmaps::routes())
        .merge(engawa_today::routes())
        .merge(engawa_search::routes())
        .merge(engawa_ledgers::routes());
    screens
        .merge(engawa_identity::routes())
        .merge(api)
        .merge(openapi::document(document))
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(engine.clone(), http::forms))
        .layer(middleware::from_fn_with_state(
            engine.clone(),
            engawa_identity::layer,
        ))
        .merge(assets::routes())
        .route("/healthz", get(healthy))
        .layer(CatchPanicLayer::custom(|_| {
            use axum::response::IntoResponse as _;
            Error::Internal("a handler panicked".into()).into_response()
        }))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(http::headers))
        .with_state(engine)
}

async fn not_found() -> Error {
    Error::NotFound
}

/// For load balancers: the database answers.
async fn healthy(State(engine): State<Engine>) -> Result<&'static str> {
    engine
        .db
        .read()
        .await?
        .count(engawa_kernel::db::sql("select 1 as n"))
        .await?;
    Ok("ok")
}
