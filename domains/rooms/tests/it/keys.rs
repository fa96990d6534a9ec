//! `/rooms/{id}/keys`

use crate::support::{case, cast, get, notices, post};
use axum::http::StatusCode;
use engawa_kernel::{
    access::{self, Act, NewGrant, RoomKind, Source},
    context::Ctx,
    error::Result,
    id::{GrantId, RoomId},
    testing::{Town, on_both},
};

async fn team_key(owner: &Ctx, other: &Ctx, room: RoomId) -> Result<GrantId> {
    let mut tx = owner.write().await?;
    let grant = access::cut(
        &mut tx,
        owner,
        room,
        NewGrant::duty(other.actor.posting()?.id, Source::Team),
    )
    .await?;
    tx.commit().await?;
    Ok(grant)
}

async fn opens(ctx: &Ctx, room: RoomId) -> bool {
    access::open(ctx, room, RoomKind::Case, Act::Read, "test")
        .await
        .is_ok()
}

#[test]
fn a_key_taken_back_opens_no_more_and_says_why() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let room = key.room();
        let grant = team_key(&c.owner, &c.other, room).await?;
        let page = get(&c.owner, &format!("/rooms/{room}/keys")).await;
        for part in ["例示 相談員", "支援チーム", "担当業務", "くらし相談窓口"]
        {
            assert!(page.text.contains(part), "{part}");
        }
        let path = format!("/rooms/{room}/keys/{grant}");
        assert_eq!(
            post(&c.owner, &path, &[("reason", "")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert!(opens(&c.other, room).await);
        let done = post(&c.owner, &path, &[("reason", "担当を外れたため")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(!opens(&c.other, room).await);
        assert_eq!(
            notices(&c.owner, c.other.actor.staff, "key_taken_back").await?,
            1
        );
        let log = get(&c.owner, &format!("/rooms/{room}/log?group=keys")).await;
        assert!(log.text.contains("担当を外れたため"));
        // Once is enough.
        let again = post(&c.owner, &path, &[("reason", "担当を外れたため")]).await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);
        Ok(())
    });
}

#[test]
fn only_the_owner_and_those_who_reassign_take_keys_back() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let (elsewhere, _) = case(&c.owner, "ケR8-00002", None).await?;
        let room = key.room();
        let grant = team_key(&c.owner, &c.other, room).await?;
        let reason = [("reason", "誤って付けたため")];
        let path = format!("/rooms/{room}/keys/{grant}");
        assert_eq!(
            post(&c.other, &path, &reason).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            post(&c.clerk, &path, &reason).await.status,
            StatusCode::NOT_FOUND
        );
        // A key of another room is no key of this one.
        let wrong = format!("/rooms/{}/keys/{grant}", elsewhere.room());
        assert_eq!(
            post(&c.owner, &wrong, &reason).await.status,
            StatusCode::NOT_FOUND
        );
        assert!(opens(&c.other, room).await);
        assert_eq!(
            post(&c.supervisor, &path, &reason).await.status,
            StatusCode::SEE_OTHER
        );
        assert!(!opens(&c.other, room).await);
        Ok(())
    });
}

#[test]
fn the_owners_key_and_the_owner_desks_stay_until_the_owner_changes() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let room = key.room();
        let grants = {
            let mut conn = c.owner.read().await?;
            access::grants_of(&mut conn, room).await?
        };
        let owners: Vec<_> = grants
            .iter()
            .filter(|g| g.source == Source::Owner)
            .collect();
        assert_eq!(owners.len(), 2, "the desk's and the owner's");
        let mut answers = vec![];
        // Without the desk's nobody could stand in; without her own the record has no 主担当.
        for grant in owners
            .iter()
            .filter(|g| g.desk.is_some())
            .chain(owners.iter().filter(|g| g.posting.is_some()))
        {
            let path = format!("/rooms/{room}/keys/{}", grant.id);
            answers.push(post(&c.owner, &path, &[("reason", "窓口全員には要らない")]).await);
        }
        for answer in answers {
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(answer.text.contains("先に主担当を替えてください"));
        }
        assert!(opens(&c.owner, room).await && opens(&c.supervisor, room).await);
        let page = get(&c.owner, &format!("/rooms/{room}/keys")).await;
        assert!(page.text.contains("主担当を替えると取り消されます"));
        Ok(())
    });
}

#[test]
fn the_panel_names_who_can_open_the_room() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let mut conn = c.owner.read().await?;
        let panel = engawa_rooms::access_panel(&mut conn, &c.owner, &key)
            .await?
            .into_string();
        assert!(panel.contains("見本 主担当") && panel.contains("くらし相談窓口"));
        assert!(panel.contains("主担当の窓口"), "a desk is not the 主担当");
        // A second key of the same desk is no second line.
        let mut tx = c.owner.write().await?;
        let again = NewGrant::duty(town.desk, Source::Referral);
        access::cut(&mut tx, &c.owner, key.room(), again).await?;
        tx.commit().await?;
        let mut conn = c.owner.read().await?;
        let panel = engawa_rooms::access_panel(&mut conn, &c.owner, &key)
            .await?
            .into_string();
        assert_eq!(panel.matches("の全員").count(), 1, "{panel}");
        assert!(panel.contains(&format!("/rooms/{}/log", key.room())));
        Ok(())
    });
}
