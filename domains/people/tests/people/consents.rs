//! /people/{id}/consents

use engawa_kernel::{
    access::{Basis, Role},
    id::DeskId,
    testing::on_both,
};
use engawa_people::{
    ConsentItem, ConsentMethod, ConsentState, NewConsent, NewDisclosure, permitted_items,
    record_disclosure,
};

use crate::scene::{case, create, get, hanako, named, page, post, protect};

fn yes(desk: DeskId, today: chrono::NaiveDate) -> NewConsent {
    NewConsent {
        state: ConsentState::Given,
        items: vec![ConsentItem::Basic, ConsentItem::Health],
        desks: vec![desk],
        recipients: String::new(),
        purpose: "通院の付き添い".into(),
        method: ConsentMethod::Phone,
        proxy: String::new(),
        valid_from: today,
        valid_until: None,
        witness: String::new(),
        capacity_note: String::new(),
        explained_by: String::new(),
    }
}

#[test]
fn the_father_agrees_the_son_refuses_and_the_mother_was_not_asked() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let father = create(&worker, &key, named("見本 太郎", "")).await?;
        let son = create(&worker, &key, named("見本 次郎", "")).await?;
        let mother = create(&worker, &key, named("見本 花子", "")).await?;
        let mut tx = worker.write().await?;
        let given = yes(town.other_desk, worker.today());
        engawa_people::record_consent(&mut tx, &worker, &key, father, &given).await?;
        let refused = NewConsent {
            state: ConsentState::Refused,
            ..given
        };
        engawa_people::record_consent(&mut tx, &worker, &key, son, &refused).await?;
        tx.commit().await?;
        let mut conn = worker.read().await?;
        for (person, n) in [(father, 2), (son, 0), (mother, 0)] {
            let items = permitted_items(&mut conn, &worker, &key, person, town.other_desk).await?;
            assert_eq!(items.len(), n);
            let elsewhere = permitted_items(&mut conn, &worker, &key, person, town.desk).await?;
            assert!(elsewhere.is_empty());
        }
        Ok(())
    });
}

#[test]
fn a_withdrawal_stops_sharing_and_lists_who_already_holds_what() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let mut tx = worker.write().await?;
        let given = yes(town.other_desk, worker.today());
        let consent = engawa_people::record_consent(&mut tx, &worker, &key, person, &given).await?;
        let mut passed = NewDisclosure {
            person,
            consent: Some(consent),
            to_desk: Some(town.other_desk),
            to_name: "東地域包括支援センター".into(),
            items: vec![ConsentItem::Health],
            basis: Basis::Consent,
            purpose: "通院の付き添い".into(),
            on: worker.today(),
        };
        record_disclosure(&mut tx, &worker, &key, &passed).await?;
        // What was not agreed to does not go.
        passed.items = vec![ConsentItem::Money];
        assert!(
            record_disclosure(&mut tx, &worker, &key, &passed)
                .await
                .is_err()
        );
        tx.commit().await?;
        let path = page(person, &format!("/consents/{consent}/withdraw"), key.room());
        get(&worker, &path)
            .await
            .is(200)
            .shows("東地域包括支援センター")
            .shows("健康・障害");
        let late = [("on", "R9.1.1"), ("how", "電話で申し出")];
        post(&worker, &path, &late).await.is(422).shows("先の日");
        let fields = [("on", "今日"), ("how", "電話で申し出")];
        post(&worker, &path, &fields).await.is(303);
        let mut conn = worker.read().await?;
        assert!(
            permitted_items(&mut conn, &worker, &key, person, town.other_desk)
                .await?
                .is_empty()
        );
        drop(conn);
        let shown = get(&worker, &page(person, "/consents", key.room())).await;
        shown.shows("撤回").shows("東地域包括支援センター");
        passed.items = vec![ConsentItem::Health];
        let mut tx = worker.write().await?;
        assert!(
            record_disclosure(&mut tx, &worker, &key, &passed)
                .await
                .is_err()
        );
        Ok(())
    });
}

#[test]
fn a_yes_needs_items_recipient_and_purpose_and_a_proxy_a_name() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let path = page(person, "/consents/new", key.room());
        get(&worker, &path).await.is(200).shows("一人ずつ");
        let fields = [
            ("state", "by_proxy"),
            ("method", "oral"),
            ("from", "今日"),
            ("capacity", "よく聞いていた"),
        ];
        let answer = post(&worker, &path, &fields).await;
        answer.is(422).shows("4か所").shows("よく聞いていた");
        let fields = [
            ("state", "not_yet"),
            ("method", "oral"),
            ("from", "今日"),
            ("once", "0123456789abcdef"),
        ];
        post(&worker, &path, &fields).await.is(303);
        post(&worker, &path, &fields).await.is(303);
        let shown = get(&worker, &page(person, "/consents", key.room())).await;
        assert_eq!(
            shown.text.matches("同意: 未取得").count(),
            1,
            "a double click makes one"
        );
        Ok(())
    });
}

#[test]
fn of_a_protected_person_the_recipients_are_withheld() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let mut tx = worker.write().await?;
        let given = NewConsent {
            recipients: "遠町の女性相談所".into(),
            ..yes(town.other_desk, worker.today())
        };
        engawa_people::record_consent(&mut tx, &worker, &key, person, &given).await?;
        tx.commit().await?;
        protect(&worker, &key, person).await;
        get(&worker, &page(person, "/consents", key.room()))
            .await
            .is(200)
            .hides("遠町");
        Ok(())
    });
}
