//! /cases/{room}/team and /owner: keys come and go with the team; a case is never without an owner.

use crate::common::{case, get, new_case, person, post};
use axum::http::StatusCode;
use engawa_cases::{
    model::MemberKind,
    rules::Closing,
    store::{self, closure::Reopening},
};
use engawa_kernel::{
    access::{self, Act, Role, RoomKind},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    id::{DeskId, RoomId},
    testing::on_both,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

async fn opens(ctx: &Ctx, room: RoomId) -> bool {
    access::open(ctx, room, RoomKind::Case, Act::Read, "test")
        .await
        .is_ok()
}

#[test]
fn joining_the_team_cuts_a_key_and_leaving_takes_it_back() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let partner = town
            .staff("例示 二郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&me).await?;
        let path = format!("/cases/{}/team", key.room());
        assert!(get(&me, &path).await.body.contains("一人で支援しています"));
        let who = format!("posting:{}", partner.actor.posting()?.id);
        let mut fields = vec![
            ("kind", "posting"),
            ("who", who.as_str()),
            ("role", "supporter"),
            ("from_on", "今日"),
            ("does", "介護の相談"),
            ("level", "write"),
            ("basis", "consent"),
        ];
        let unfounded = post(&me, &path, &fields).await;
        assert_eq!(
            unfounded.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "a key needs its reason"
        );
        assert!(!opens(&partner, key.room()).await);
        fields.push(("reason", "R8.11.20 本人から口頭で同意"));
        let joined = post(&me, &path, &fields).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.body);
        assert!(opens(&partner, key.room()).await);
        let page = get(&partner, &format!("/cases/{}", key.room())).await;
        assert!(page.body.contains("介護の相談") && !page.body.contains("一人で支援しています"));
        assert!(
            get(&partner, "/cases?view=team")
                .await
                .body
                .contains("見本さんの世帯")
        );
        // A second time is refused.
        assert_eq!(
            post(&me, &path, &fields).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let team = store::team::all(&mut me.read().await?, &key).await?;
        let seat = team.iter().find(|m| !m.is_owner).unwrap();
        let ended = post(
            &me,
            &format!("{path}/{}/end", seat.id),
            &[("reason", "受け持ちの終了")],
        )
        .await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.body);
        assert!(!opens(&partner, key.room()).await);
        assert!(
            !get(&partner, "/cases?view=team")
                .await
                .body
                .contains("見本さん")
        );
        Ok(())
    });
}

#[test]
fn family_and_helpers_without_an_account_get_no_key() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let daughter = person(&me, &key, "見本 花子").await?.to_string();
        let path = format!("/cases/{}/team", key.room());
        let keys = || async {
            let q = sql("select count(*) as n from access_grant where room_id = :r")
                .bind("r", key.room());
            me.read().await?.count(q).await
        };
        let before = keys().await?;
        for fields in [
            [
                ("kind", "family"),
                ("person", daughter.as_str()),
                ("role", "family"),
                ("from_on", "今日"),
            ],
            [
                ("kind", "body"),
                ("name", "架空自治会"),
                ("role", "neighbour"),
                ("from_on", "今日"),
            ],
        ] {
            assert_eq!(
                post(&me, &path, &fields).await.status,
                StatusCode::SEE_OTHER
            );
        }
        assert_eq!(keys().await?, before);
        let page = get(&me, &path).await.body;
        assert!(page.contains("見本 花子") && page.contains("架空自治会"));
        Ok(())
    });
}

#[test]
fn the_owner_leaves_only_when_somebody_follows() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let next = town
            .staff("例示 二郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&me).await?;
        let at = format!("/cases/{}", key.room());
        let team = store::team::all(&mut me.read().await?, &key).await?;
        let refused = post(
            &me,
            &format!("{at}/team/{}/end", team[0].id),
            &[("reason", "異動")],
        )
        .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("主担当を替える"), "says what to do");
        let nobody = post(&me, &format!("{at}/owner"), &[("owner", "")]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        let who = format!("posting:{}", next.actor.posting()?.id);
        let handed = post(&me, &format!("{at}/owner"), &[("owner", &who)]).await;
        assert_eq!(
            (handed.status, handed.location.as_str()),
            (StatusCode::SEE_OTHER, "/cases")
        );
        assert!(opens(&next, key.room()).await && !opens(&me, key.room()).await);
        // Back again, and kept in the team this time.
        let who = format!("posting:{}", me.actor.posting()?.id);
        let back = post(
            &next,
            &format!("{at}/owner"),
            &[("owner", &who), ("keep", "1")],
        )
        .await;
        assert_eq!(back.location, at);
        assert!(opens(&next, key.room()).await && opens(&me, key.room()).await);
        Ok(())
    });
}

#[test]
fn a_sealed_case_opens_to_people_not_to_desks() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let colleague = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let mut tx = me.write().await?;
        let mut new = new_case(&me);
        new.sealed = Some("abuse".into());
        let unowned = store::case::NewCase {
            owner_posting: None,
            ..new.clone()
        };
        assert!(matches!(
            store::case::open(&mut tx, &me, unowned).await,
            Err(Error::Invalid(_))
        ));
        let key = store::case::open(&mut tx, &me, new).await?;
        tx.commit().await?;
        assert!(!opens(&colleague, key.room()).await);
        assert_eq!(
            get(&colleague, &format!("/cases/{}", key.room()))
                .await
                .status,
            StatusCode::NOT_FOUND
        );
        let seat = |who| store::team::NewMember {
            who,
            role: "supporter".into(),
            does: String::new(),
            from_on: me.today(),
        };
        let with = store::team::Key {
            level: access::Level::Read,
            basis: access::Basis::Duty,
            reason: "受け持ち".into(),
        };
        let mut tx = me.write().await?;
        let desk = seat(store::team::Who::Desk(town.desk, with.clone()));
        assert!(store::team::add(&mut tx, &me, &key, desk).await.is_err());
        let one = seat(store::team::Who::Posting(
            colleague.actor.posting()?.id,
            with,
        ));
        store::team::add(&mut tx, &me, &key, one).await?;
        tx.commit().await?;
        assert!(opens(&colleague, key.room()).await);
        Ok(())
    });
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Owner {
        person: bool,
        other: bool,
        keep: bool,
    },
    EndSomebody(usize),
    Join,
    Dissolve,
    Close,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(person, other, keep)| {
            Step::Owner {
                person,
                other,
                keep,
            }
        }),
        (0_usize..4).prop_map(Step::EndSomebody),
        Just(Step::Join),
        Just(Step::Dissolve),
        Just(Step::Close),
        Just(Step::Reopen),
    ]
}

/// Does one step as a coordinator who has a key of their own; refusals are fine.
async fn take(
    town: &engawa_kernel::testing::Town,
    all: &Ctx,
    people: [&Ctx; 2],
    room: RoomId,
    step: Step,
) -> Result<()> {
    let (mut tx, key) = access::open_for_write(all, room, RoomKind::Case, "test").await?;
    let card = store::case::card(&mut tx, &key).await?;
    let team = store::team::all(&mut tx, &key).await?;
    match step {
        Step::Owner {
            person,
            other,
            keep,
        } => {
            let desk: DeskId = if other { town.other_desk } else { town.desk };
            let posting = if person {
                Some(people[usize::from(other)].actor.posting()?.id)
            } else {
                None
            };
            store::team::set_owner(&mut tx, all, &key, desk, posting, keep).await?;
        }
        Step::EndSomebody(n) => {
            if let Some(m) = team.get(n) {
                store::team::end(&mut tx, all, &key, m.id, "test").await?;
            }
        }
        Step::Join => {
            let with = store::team::Key {
                level: access::Level::Write,
                basis: access::Basis::Consent,
                reason: "同意".into(),
            };
            let who = store::team::Who::Posting(people[1].actor.posting()?.id, with);
            let new = store::team::NewMember {
                who,
                role: "supporter".into(),
                does: String::new(),
                from_on: all.today(),
            };
            store::team::add(&mut tx, all, &key, new).await?;
        }
        Step::Dissolve => store::team::dissolve(&mut tx, all, &key, "test").await?,
        Step::Close => {
            let closing = Closing {
                closed_on: all.today(),
                reason: "achieved".into(),
                changes: "落ち着いた".into(),
                later_lead: "民生委員".into(),
                next_check_on: None,
                no_check_reason: "転居のため".into(),
                dissolve_team: true,
            };
            store::closure::close(&mut tx, all, &key, &card, closing, card.version).await?;
        }
        Step::Reopen => {
            let again = Reopening {
                on: all.today(),
                reason: "再び相談".into(),
                from: None,
            };
            store::closure::reopen(&mut tx, all, &key, &card, again, card.version).await?;
        }
    }
    tx.commit().await
}

#[test]
fn no_history_of_acts_leaves_a_case_without_an_owner() {
    let mut runner = TestRunner::deterministic();
    let histories: Vec<Vec<Step>> = (0..6)
        .map(|_| {
            proptest::collection::vec(step(), 12)
                .new_tree(&mut runner)
                .unwrap()
                .current()
        })
        .collect();
    on_both(|town| {
        let histories = histories.clone();
        async move {
            let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
            let other = town
                .staff("例示 二郎", Role::Worker, town.other_desk)
                .await?;
            let all = town
                .staff("例示 三郎", Role::Coordinator, town.desk)
                .await?;
            for history in histories {
                let key = case(&me).await?;
                let mut tx = me.write().await?;
                let mine = access::NewGrant::duty(all.actor.posting()?.id, access::Source::Consent);
                access::cut(&mut tx, &me, key.room(), mine).await?;
                tx.commit().await?;
                for step in &history {
                    match take(&town, &all, [&me, &other], key.room(), *step).await {
                        Ok(()) | Err(Error::Invalid(_) | Error::NotFound) => {}
                        Err(e) => return Err(e),
                    }
                    let now =
                        access::open(&all, key.room(), RoomKind::Case, Act::Read, "test").await?;
                    let team = store::team::all(&mut all.read().await?, &now).await?;
                    let owners: Vec<_> = team
                        .iter()
                        .filter(|m| m.is_owner && m.until_on.is_none())
                        .collect();
                    assert_eq!(owners.len(), 1, "{history:?} at {step:?}");
                    let desk = now.owner_desk();
                    assert!([town.desk, town.other_desk].contains(&desk));
                    assert_eq!(owners[0].posting, now.owner_posting());
                    assert_eq!(
                        owners[0].kind == MemberKind::Desk,
                        now.owner_posting().is_none()
                    );
                    // Somebody can open it: the owner's own key fits.
                    let owner = if desk == town.desk { &me } else { &other };
                    assert!(opens(owner, key.room()).await, "{history:?} at {step:?}");
                }
            }
            Ok(())
        }
    });
}
