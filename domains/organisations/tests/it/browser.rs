//! Who looks at the pages, and what stands there at first.

pub use engawa_kernel::testing::browser::Browser;
use engawa_kernel::{access::Role, context::Ctx, error::Result, testing::Town};

/// Somebody's browser at this crate's screens and API.
pub fn browser(ctx: &Ctx) -> Browser {
    let (api, _) = engawa_organisations::api().split_for_parts();
    Browser::at(engawa_organisations::routes().nest("/api/v1", api), ctx)
}

/// The administrator's browser of a town with the shipped lists.
pub async fn admin(town: &Town) -> Result<(Ctx, Browser)> {
    let ctx = town.staff("見本 管理", Role::Admin, town.desk).await?;
    let mut tx = ctx.write().await?;
    engawa_organisations::seed(&mut tx, &ctx).await?;
    engawa_organisations::seed(&mut tx, &ctx).await?;
    tx.commit().await?;
    let browser = browser(&ctx);
    Ok((ctx, browser))
}

/// A body, a desk and staff, as an administrator would enter them.
pub async fn small_town(b: &Browser) {
    b.post(
        "/organisations/bodies/new",
        &[
            ("code", "B1"),
            ("name", "縁側市社会福祉協議会"),
            ("kind", "social_welfare_council"),
            ("alias[0].name", "みどり社協"),
        ],
    )
    .await
    .saved();
    b.post(
        "/organisations/desks/new",
        &[
            ("code", "D1"),
            ("name", "くらし相談窓口"),
            ("nickname", "まるっと"),
            ("body", "B1"),
            ("mode", "commissioned"),
            ("phone", "00-0000-0001"),
            ("valid_from", "R8.4.1"),
            ("function[0].function", "general_welfare"),
            ("function[0].state", "in_force"),
            ("function[0].since", "R8.4.1"),
        ],
    )
    .await
    .saved();
    for (code, name) in [("S1", "見本 太郎"), ("S2", "例示 花子")] {
        b.post(
            "/organisations/staff/new",
            &[
                ("code", code),
                ("name", name),
                ("qualification[0].code", "social_worker"),
                ("qualification[0].obtained", "H30.4.1"),
            ],
        )
        .await
        .saved();
    }
}

/// 見本 太郎 works as a CSW at the desk of the small town.
pub async fn posted(b: &Browser) {
    b.post(
        "/organisations/postings/new",
        &[
            ("staff", "S1"),
            ("body", "B1"),
            ("desk", "D1"),
            ("role", "csw"),
            ("valid_from", "R8.4.1"),
        ],
    )
    .await
    .saved();
}
