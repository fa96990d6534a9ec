//! Who looks at the pages, and what stands there at first.

pub use engawa_kernel::testing::browser::{Answer, Browser};
use engawa_kernel::{access::Role, context::Ctx, error::Result, testing::Town};

/// Somebody's browser at this crate's screens and API.
pub fn browser(ctx: &Ctx) -> Browser {
    let mut ctx = ctx.clone();
    ctx.engine = ctx.engine.attaching(&engawa_programmes::files::OWNERS);
    let (api, _) = engawa_programmes::api().split_for_parts();
    let routes = engawa_programmes::routes().merge(engawa_kernel::files::routes());
    Browser::at(routes.merge(api), &ctx)
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

/// An invented figure: a small PNG.
pub const FIGURE: &[u8] = include_bytes!("../../samples/figure.png");
/// The invented sheet of this municipality, and of a neighbour.
pub const OWN: &[u8] = include_bytes!("../../samples/engawa-shi.txt");
pub const NEIGHBOUR: &[u8] = include_bytes!("../../samples/tonari-machi.txt");

/// Takes a sheet in as its own of a year and returns its address.
pub async fn taken(
    b: &Browser,
    file: &[u8],
    origin: &str,
    year: &str,
    more: &[(&str, &str)],
) -> String {
    let kept = b
        .upload("/programmes/upload", &[], ("計画書.txt", file))
        .await
        .saved();
    let mut fields = vec![("origin", origin), ("year", year)];
    fields.extend(more);
    b.post(&kept, &fields).await.saved()
}
