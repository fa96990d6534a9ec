//! Who looks at the pages, and what stands there at first.

pub use engawa_kernel::testing::browser::{Answer, Browser};
use engawa_kernel::{access::Role, context::Ctx, error::Result, id::BodyId, testing::Town};
use engawa_organisations::{Entered, Kept};

/// Somebody's browser at this crate's screens and API.
pub fn browser(ctx: &Ctx) -> Browser {
    let (api, _) = engawa_funding::api().split_for_parts();
    Browser::at(engawa_funding::routes().merge(api), ctx)
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

/// A body of the register, and somebody posted there.
pub async fn contractor(town: &Town, admin: &Ctx, name: &str, role: Role) -> Result<(BodyId, Ctx)> {
    let mut tx = admin.write().await?;
    let fields = [("name", name.to_owned()), ("kind", "npo".to_owned())];
    let entered = engawa_organisations::enter(&mut tx, admin, Kept::Bodies, &fields).await?;
    let body = match entered {
        Entered::New(id) => {
            tx.commit().await?;
            id
        }
        Entered::Known(id) => {
            // Nothing was written.
            drop(tx);
            id
        }
        Entered::Refused(why) => panic!("{why:?}"),
    };
    let body: BodyId = body.to_string().parse().unwrap();
    let staff = format!("例示 {name}");
    let ctx = town.staff(&staff, role, town.other_desk).await?;
    let mut posting = ctx.actor.postings[0].clone();
    posting.body = body;
    Ok((body, town.ctx(ctx.actor.staff, &staff, vec![posting])))
}

/// The address behind a link with these words.
#[track_caller]
pub fn link(page: &Answer, words: &str) -> String {
    let text = page.text();
    let before = text
        .split("</a>")
        .find(|piece| piece.contains(words))
        .unwrap_or_else(|| panic!("no link 「{words}」"));
    let (_, tail) = before.rsplit_once("href=\"").unwrap();
    tail.split('"').next().unwrap().replace("&amp;", "&")
}
