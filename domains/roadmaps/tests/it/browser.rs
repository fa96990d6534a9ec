//! Who looks at the pages, and what stands there at first.

pub use engawa_kernel::testing::browser::{Answer, Browser};
use engawa_kernel::{access::Role, context::Ctx, error::Result, testing::Town};
use serde_json::Value;

/// Somebody's browser at this crate's screens and API.
pub fn browser(ctx: &Ctx) -> Browser {
    let (api, _) = engawa_roadmaps::api().split_for_parts();
    Browser::at(engawa_roadmaps::routes().merge(api), ctx)
}

/// The status and the JSON with which the API answers below `/api/v1/roadmaps`.
pub async fn api(b: &Browser, method: &str, path: &str, body: Value) -> (u16, Value) {
    let path = format!("/api/v1/roadmaps{path}");
    let answer = b.json(method, &path, &body).await;
    (answer.status.as_u16(), answer.json())
}

/// Two planners and a worker of a town with the shipped lists: (administrator, coordinator, worker).
pub async fn people(town: &Town) -> Result<(Ctx, Ctx, Ctx)> {
    let admin = town.staff("見本 管理", Role::Admin, town.desk).await?;
    let coordinator = town
        .staff("見本 推進", Role::Coordinator, town.desk)
        .await?;
    let worker = town.staff("例示 相談", Role::Worker, town.desk).await?;
    let mut tx = admin.write().await?;
    engawa_organisations::seed(&mut tx, &admin).await?;
    engawa_organisations::found_own_body(&mut tx, &admin, "縁側市").await?;
    tx.commit().await?;
    Ok((admin, coordinator, worker))
}
