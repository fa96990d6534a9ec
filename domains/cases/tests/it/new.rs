//! /cases/new and /cases/attach: a consultation becomes a case, or part of one. Both rooms stay.

use crate::common::{case, get, post};
use axum::http::StatusCode;
use engawa_cases::store;
use engawa_consultations::{
    WhoCame,
    model::{Consulter, Dropped, NewConsultation, SubjectHeard},
};
use engawa_kernel::{
    access::{self, Act, Role, RoomKind},
    context::Ctx,
    db::sql,
    error::Result,
    id::RoomId,
    search,
    testing::on_both,
};

async fn heard(ctx: &Ctx, names: &[&str], emergency: bool) -> Result<RoomId> {
    let issue = engawa_organisations::codes::CodeList::Issue.shipped()[0].0;
    let new = NewConsultation {
        slip: false,
        who: WhoCame::Other,
        received_at: ctx.now(),
        desk: ctx.actor.posting()?.desk.unwrap(),
        channel: "phone".into(),
        route: engawa_organisations::codes::CodeList::Route.shipped()[0]
            .0
            .into(),
        urgency: engawa_organisations::codes::CodeList::Urgency.shipped()[0]
            .0
            .into(),
        words: "母の介護と自分の仕事で困っている".into(),
        place: String::new(),
        consulter: Consulter::default(),
        subjects: names
            .iter()
            .map(|n| SubjectHeard {
                name: (*n).into(),
                ..SubjectHeard::default()
            })
            .collect(),
        issues: vec![issue.into()],
        main_issue: Some(issue.into()),
        heard_of: String::new(),
        why_not_earlier: String::new(),
        wishes: String::new(),
        notes: String::new(),
        dropped: Dropped::default(),
        gap_kind: String::new(),
        gap_schemes: String::new(),
        request: None,
        emergency: emergency.then(|| {
            engawa_organisations::codes::CodeList::EmergencyKind.shipped()[0]
                .0
                .into()
        }),
        call: None,
    };
    Ok(engawa_consultations::take_in(ctx, new, "", None)
        .await?
        .room)
}

fn fields(page: &str, from: &str) -> Vec<(String, String)> {
    let members = page
        .match_indices("name=\"member\" value=\"")
        .map(|(at, m)| page[at + m.len()..].split('"').next().unwrap().to_owned());
    let mut fields: Vec<(String, String)> = members
        .flat_map(|id| {
            [
                (format!("co_{id}"), "1".into()),
                (format!("relation_{id}"), "other".into()),
                ("member".into(), id),
            ]
        })
        .collect();
    fields.retain(|(name, _)| !name.starts_with("relation_"));
    fields.push(("from".into(), from.into()));
    fields.push(("label".into(), "見本家".into()));
    fields.push(("opened_on".into(), "今日".into()));
    fields
}

async fn make(ctx: &Ctx, from: RoomId, more: &[(&str, &str)]) -> Result<crate::common::Answer> {
    let from = from.to_string();
    let page = get(ctx, &format!("/cases/new?from={from}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let owner = format!("posting:{}", ctx.actor.posting()?.id);
    let own = fields(&page.body, &from);
    let mut sent: Vec<(&str, &str)> = own
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .filter(|(n, _)| !more.iter().any(|(other, _)| other == n))
        .collect();
    sent.push(("owner", &owner));
    sent.extend(more);
    Ok(post(ctx, "/cases/new", &sent).await)
}

#[test]
fn one_click_makes_a_case_and_both_rooms_stay() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let from = heard(&me, &["見本 花子", "見本 太郎"], false).await?;
        let made = make(&me, from, &[]).await?;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let page = get(&me, &made.location).await;
        assert_eq!(page.status, StatusCode::OK);
        for part in [
            "見本 花子",
            "見本 太郎",
            "見本家",
            "相R8-00001",
            "ケR8-00001",
            "「母の介護と自分の仕事で困っている」",
        ] {
            assert!(page.body.contains(part), "{part} in {}", page.body);
        }
        let room: RoomId = made.location.trim_start_matches("/cases/").parse().unwrap();
        let key = access::open(&me, room, RoomKind::Case, Act::Read, "test").await?;
        let mut conn = me.read().await?;
        assert!(
            store::case::card(&mut conn, &key)
                .await?
                .household
                .is_some()
        );
        assert_eq!(store::issue::all(&mut conn, &key).await?.len(), 1);
        let json = get(&me, &format!("/api/v1{}", made.location)).await.body;
        assert!(
            json.contains("\"household\":{\"id\"") && json.contains("見本 花子"),
            "{json}"
        );
        assert!(
            access::open(&me, from, RoomKind::Consultation, Act::Read, "test")
                .await
                .is_ok()
        );
        // The same consultation a second time leads to the case that is there.
        let again = make(&me, from, &[]).await?;
        assert_eq!(again.location, made.location);
        Ok(())
    });
}

#[test]
fn a_household_called_after_an_anonymous_caller_takes_their_name_later() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let from = heard(&me, &[""], false).await?;
        let form = get(&me, &format!("/cases/new?from={from}")).await.body;
        assert!(form.contains("value=\"匿名の方の世帯\""), "{form}");
        assert!(form.contains("(本人)から見て"));
        assert!(
            form.contains("<option value=\"self\" selected>"),
            "the first is 本人"
        );
        let made = make(&me, from, &[("label", "匿名の方の世帯")]).await?;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let households = sql("select count(*) as n from people_household where name is null");
        assert_eq!(me.read().await?.count(households).await?, 1);
        // A name that somebody chose is the household's own.
        let from = heard(&me, &["見本 花子"], false).await?;
        make(&me, from, &[]).await?;
        let named = sql("select count(*) as n from people_household where name = '見本家'");
        assert_eq!(me.read().await?.count(named).await?, 1);
        Ok(())
    });
}

#[test]
fn a_case_is_found_by_its_name_also_one_from_before() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let found = search::find(&me, "見本さん", 10).await?;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].reason, "ケースの名前");
        // As the version before this one left it.
        let mut tx = me.write().await?;
        search::remove(&mut tx, search::DocKind::Number, key.room().0, None).await?;
        tx.exec(sql("insert into cases_index_pending (room_id) values (:r)").bind("r", key.room()))
            .await?;
        tx.commit_unaudited().await?;
        assert!(search::find(&me, "見本さん", 10).await?.is_empty());
        assert_eq!(engawa_cases::catch_up(&town.engine).await?, 1);
        assert_eq!(search::find(&me, "見本さん", 10).await?.len(), 1);
        assert_eq!(engawa_cases::catch_up(&town.engine).await?, 0);
        Ok(())
    });
}

#[test]
fn a_consultation_of_others_cannot_be_made_a_case() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let outside = town
            .staff("例示 二郎", Role::Worker, town.other_desk)
            .await?;
        let from = heard(&me, &["見本 花子"], false).await?.to_string();
        for path in [
            format!("/cases/new?from={from}"),
            format!("/cases/attach?from={from}"),
        ] {
            let status = get(&outside, &path).await.status;
            assert!(
                [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status),
                "{path}: {status}"
            );
        }
        let sent = [
            ("from", from.as_str()),
            ("label", "x"),
            ("owner", "x"),
            ("opened_on", "今日"),
        ];
        let status = post(&outside, "/cases/new", &sent).await.status;
        assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status));
        assert_eq!(
            get(&me, "/cases/new?from=1").await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(get(&me, "/cases/new").await.status, StatusCode::OK);
        Ok(())
    });
}

#[test]
fn a_consultation_is_added_to_a_case_that_i_work_in() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let outside = town
            .staff("例示 二郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&me).await?;
        let theirs = case(&outside).await?.room().to_string();
        let from = heard(&me, &["架空 次郎"], false).await?.to_string();
        let page = get(&me, &format!("/cases/attach?from={from}")).await.body;
        assert!(page.contains("見本さんの世帯") && !page.contains(&theirs));
        let hidden = post(&me, "/cases/attach", &[("from", &from), ("case", &theirs)])
            .await
            .status;
        assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&hidden));
        let nothing = post(&me, "/cases/attach", &[("from", &from)]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mine = key.room().to_string();
        let done = post(&me, "/cases/attach", &[("from", &from), ("case", &mine)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let page = get(&me, &done.location).await.body;
        assert!(page.contains("相R8-00001") && page.contains("架空 次郎"));
        Ok(())
    });
}

#[test]
fn what_was_sealed_stays_sealed() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let colleague = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let from = heard(&me, &["見本 花子"], true).await?;
        let made = make(&me, from, &[]).await?;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        assert_eq!(
            get(&colleague, &made.location).await.status,
            StatusCode::NOT_FOUND
        );
        assert!(get(&me, &made.location).await.body.contains("限定記録"));
        Ok(())
    });
}
