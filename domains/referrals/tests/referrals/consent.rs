//! Only what each person agreed to; taking it back takes the key back.

use engawa_kernel::{
    access::{Basis, RoomKind},
    db::sql,
    error::Error,
    testing::on_both,
};
use engawa_people::{ConsentState, NewProtection, ProtectionKind};
use engawa_referrals::{
    model::{Act, Doing, KeyLevel},
    remind,
};

use crate::scene::{Scene, act, get, look, opens};

#[test]
fn who_did_not_agree_is_left_out_by_name_and_keeps_the_record_shut() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        s.consent(s.mother, ConsentState::Given).await?;
        let sheet = s.sent().await?;
        let now = look(&s.they, sheet).await?;
        let text = serde_json::to_string(&now.lines).unwrap();
        assert!(text.contains("見本 梅") && !text.contains("健太"), "{text}");
        assert!(
            !text.contains("ひきこもり"),
            "a worry of somebody left out is left out"
        );
        assert_eq!(
            now.content.key_level,
            KeyLevel::Sheet,
            "the case would show the son"
        );
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        assert!(!s.opens_case().await);
        get(&s.they, &format!("/referrals/{sheet}"))
            .await
            .hides("健太");
        let hits = engawa_kernel::search::find(&s.they, "健太", 10).await?;
        assert!(hits.is_empty());
        assert_eq!(
            engawa_kernel::search::find(&s.they, "見本 梅", 10)
                .await?
                .len(),
            1
        );
        Ok(())
    });
}

#[test]
fn a_text_that_names_somebody_left_out_is_stopped() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        s.consent(s.mother, ConsentState::Given).await?;
        let mut content = s.content();
        content.reason = "息子の健太さんが部屋から出ない。".into();
        let Err(Error::Invalid(why)) = s.sent_as(&content).await else {
            panic!("it was sent")
        };
        assert!(
            why.contains("紹介する理由") && why.contains("見本 健太"),
            "{why}"
        );
        Ok(())
    });
}

#[test]
fn another_basis_needs_its_reason_and_is_written_down() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let mut content = s.content();
        content.basis = Basis::Emergency;
        assert!(s.sent_as(&content).await.is_err(), "no reason given");
        content.basis_reason = "食事をとれておらず、命の危険があるため".into();
        let sheet = s.sent_as(&content).await?;
        let lines = look(&s.they, sheet).await?.lines;
        assert!(
            lines
                .iter()
                .any(|l| l.text == "見本 健太" && l.why.contains("緊急"))
        );
        let given = engawa_people::disclosures(&mut s.me.read().await?, &s.case, s.son).await?;
        assert_eq!(given.len(), 1);
        assert_eq!(given[0].basis, Basis::Emergency);
        assert!(given[0].purpose.contains("命の危険"));
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        assert!(s.opens_case().await);
        Ok(())
    });
}

#[test]
fn what_is_protected_is_withheld_whatever_was_agreed() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let lead = town
            .staff(
                "例示 三郎",
                engawa_kernel::access::Role::Supervisor,
                town.desk,
            )
            .await?;
        let mut tx = lead.write().await?;
        let new = NewProtection {
            kind: ProtectionKind::ALL[0],
            starts_on: lead.today(),
            ends_on: lead.today() + chrono::Duration::days(300),
            hidden_from: vec![],
            document: String::new(),
            notes: String::new(),
        };
        engawa_people::apply_protection(&mut tx, &lead, &s.case, s.mother, &new).await?;
        tx.commit().await?;
        // A consent names desks in a list that is itself withheld now; what it permits still stands.
        let sheet = s.sent().await?;
        let lines = look(&s.they, sheet).await?.lines;
        let hidden: Vec<_> = lines.iter().filter(|l| l.hidden).collect();
        assert_eq!(hidden.len(), 2, "住所 and 電話 of the mother");
        assert!(hidden.iter().all(|l| l.text.is_empty()));
        get(&s.they, &format!("/referrals/{sheet}"))
            .await
            .shows("秘匿");
        Ok(())
    });
}

#[test]
fn consents_withdrawal_takes_the_key_back_at_once_and_lists_who_has_received_what() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let mothers = s.consent(s.mother, ConsentState::Given).await?;
        s.consent(s.son, ConsentState::Given).await?;
        let sheet = s.sent().await?;
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        assert!(s.opens_case().await);
        let mut tx = s.me.write().await?;
        engawa_people::withdraw_consent(
            &mut tx,
            &s.me,
            &s.case,
            s.mother,
            mothers,
            s.me.today(),
            "電話で申出",
        )
        .await?;
        tx.commit().await?;
        assert!(!s.opens_case().await, "in the same transaction");
        assert!(
            opens(&s.they, sheet, RoomKind::Referral).await,
            "what was lawfully received stays readable"
        );
        let given = engawa_people::disclosures(&mut s.me.read().await?, &s.case, s.mother).await?;
        assert_eq!(given.len(), 1);
        assert!(given[0].to_name.shown().unwrap().contains("東地域包括"));
        // The history says so, once.
        assert_eq!(remind(&town.engine).await?, 1);
        assert_eq!(remind(&town.engine).await?, 0);
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("閲覧権を取り消しました")
            .shows("受け手はもとの記録を開けません");
        Ok(())
    });
}

#[test]
fn a_later_no_and_the_end_of_a_period_take_the_key_back_too() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let sheet = s.sent().await?;
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        s.consent(s.son, ConsentState::Refused).await?;
        assert!(!s.opens_case().await);
        // A consent with a last day: the key ends with it.
        let s = {
            let mut s = s;
            s.case = crate::scene::case(&s.me).await?;
            s
        };
        let one = crate::scene::person(&s.me, &s.case, "架空 松").await?;
        let mut tx = s.me.write().await?;
        let new = engawa_people::NewConsent {
            state: ConsentState::Given,
            items: engawa_people::ConsentItem::ALL.to_vec(),
            desks: vec![s.to],
            recipients: String::new(),
            purpose: String::new(),
            method: engawa_people::ConsentMethod::Oral,
            proxy: String::new(),
            valid_from: s.me.today(),
            valid_until: Some(s.me.today() + chrono::Duration::days(2)),
            witness: String::new(),
            capacity_note: String::new(),
            explained_by: String::new(),
        };
        engawa_people::record_consent(&mut tx, &s.me, &s.case, one, &new).await?;
        tx.commit().await?;
        let mut content = s.content();
        content.people = vec![one];
        content.issues = vec![];
        let sheet = s.sent_as(&content).await?;
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        crate::scene::days_later(&town, 2);
        assert!(s.opens_case().await, "the last day counts");
        crate::scene::days_later(&town, 1);
        assert!(!s.opens_case().await);
        Ok(())
    });
}

#[test]
fn a_consent_that_ended_before_accepting_cuts_no_key() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let sheet = s.sent().await?;
        s.consent(s.son, ConsentState::Refused).await?;
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        assert!(!s.opens_case().await);
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("閲覧権は渡していません");
        let keys = s.me.read().await?.count(sql("select count(*) as n from access_grant where source = 'referral' and room_id = :r").bind("r", s.case.room())).await?;
        assert_eq!(keys, 0);
        Ok(())
    });
}

#[test]
fn a_consent_to_some_items_shares_those_and_keeps_the_record_shut() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        s.consent(s.mother, ConsentState::Given).await?;
        let mut tx = s.me.write().await?;
        let partly = engawa_people::NewConsent {
            state: ConsentState::Partial,
            items: vec![
                engawa_people::ConsentItem::Basic,
                engawa_people::ConsentItem::Family,
            ],
            desks: vec![s.to],
            recipients: String::new(),
            purpose: "見守りのため".into(),
            method: engawa_people::ConsentMethod::Oral,
            proxy: String::new(),
            valid_from: s.me.today(),
            valid_until: None,
            witness: String::new(),
            capacity_note: String::new(),
            explained_by: String::new(),
        };
        engawa_people::record_consent(&mut tx, &s.me, &s.case, s.son, &partly).await?;
        tx.commit().await?;
        let sheet = s.sent().await?;
        let now = look(&s.they, sheet).await?;
        let text = serde_json::to_string(&now.lines).unwrap();
        assert!(
            text.contains("健太") && !text.contains("ひきこもり"),
            "{text}"
        );
        assert_eq!(now.content.key_level, KeyLevel::Sheet);
        Ok(())
    });
}
